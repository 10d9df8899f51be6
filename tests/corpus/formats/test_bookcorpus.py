"""BookCorpus: a sentence a line."""

from __future__ import annotations

from pathlib import Path

from tests.corpus.published import read


def test_bookcorpus(tmp_path: Path) -> None:
    sentences = [f"the {n} pandas ate and ate , and then they slept . \n" for n in range(3000)]
    (tmp_path / "books_large_p1.txt").write_text("".join(sentences))
    texts, _, formats = read(tmp_path, input_format="bookcorpus")
    assert formats == {"bookcorpus"}
    assert 15 <= len(texts) <= 20
    assert "\n".join(text.strip() for text in texts).replace(" \n", "\n").split("\n") == [
        sentence.strip() for sentence in sentences
    ]
