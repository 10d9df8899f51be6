"""Reviews of films."""

from __future__ import annotations

from pathlib import Path

from tests.corpus.published import ONE, TWO, read


def test_imdb(tmp_path: Path) -> None:
    for split in ("train", "test"):
        for label in ("pos", "neg"):
            folder = tmp_path / "aclImdb" / split / label
            folder.mkdir(parents=True)
            (folder / "0_9.txt").write_text(f"{ONE}<br /><br />{TWO} 9<10!")
            for number in range(1, 5):
                (folder / f"{number}_7.txt").write_text(ONE)
            (folder.parent / f"urls_{label}.txt").write_text("http://www.imdb.com/title/tt1\n" * 9)
        (tmp_path / "aclImdb" / split / "labeledBow.feat").write_text("9 0:9 1:1 2:4 3:4\n" * 40)
    (tmp_path / "aclImdb" / "imdb.vocab").write_text("the\nand\na\nof\nto\nis\nit\nin\ni\n" * 40)
    (tmp_path / "aclImdb" / "imdbEr.txt").write_text("0.0490972013402\n0.201363575849\n" * 40)
    (tmp_path / "aclImdb" / "README").write_text("Large Movie Review Dataset v1.0\n")
    texts, drops, formats = read(tmp_path)
    assert sorted(set(texts)) == sorted({f"{ONE}\n{TWO} 9<10!", ONE})
    assert len(texts) == 20
    assert formats == {"imdb", "text"}
    assert not drops.counts
