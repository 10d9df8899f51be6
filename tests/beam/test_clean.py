"""bertprep clean, through the command: what is kept does not depend on files or workers."""

from __future__ import annotations

import random
from pathlib import Path

from tests.beam.cleaned import (
    ARTICLES,
    DOCUMENTS,
    NEAR,
    OPTIONS,
    bertprep,
    texts,
    write,
)
from tests.finished import manifest_of


def test_the_same_texts_stay_however_files_are_cut(cleaned: Path, tmp_path: Path) -> None:
    others = list(DOCUMENTS)
    random.Random(2).shuffle(others)
    write(tmp_path / "corpus", others, 7)
    bertprep("clean", tmp_path / "corpus", "--output", tmp_path / "out", *OPTIONS)
    assert sorted(texts(tmp_path / "out")) == sorted(texts(cleaned / "out"))


def test_the_same_bytes_for_any_number_of_workers(cleaned: Path, tmp_path: Path) -> None:
    bertprep("clean", cleaned / "corpus", "--output", tmp_path, "--workers", 2, *OPTIONS)
    ours, theirs = (
        {p.name: p.read_bytes() for p in (f / "text").iterdir()}
        for f in (tmp_path, cleaned / "out")
    )
    assert ours == theirs


def rows(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "rows").iterdir()}


def test_shards_are_those_of_clean_and_shard(
    cleaned: Path, cleaned_vocabulary: Path, tmp_path: Path
) -> None:
    usual = ("--vocab", cleaned_vocabulary, "--dupe-factor", 2)
    bertprep("shard", cleaned / "out", *usual, "-o", tmp_path / "two")
    said = bertprep(
        "shard", cleaned / "corpus", *usual, *OPTIONS, "-o", tmp_path / "one", "--write-drops",
        "--workers", 2,
    )  # fmt: skip
    assert rows(tmp_path / "one") == rows(tmp_path / "two")
    before, now = manifest_of(cleaned / "out"), manifest_of(tmp_path / "one")
    assert now["drops"] == before["drops"]
    assert f"near_copy {len(NEAR)}" in said
    assert "--near-duplicates 0.6" in said
    assert now["config"]["read"]["clean"] == before["config"]["clean"]
    dropped = [
        (f / "dropped.jsonl").read_text().splitlines() for f in (cleaned / "out", tmp_path / "one")
    ]
    assert sorted(dropped[0]) == sorted(dropped[1])


def test_its_own_output_is_overwritten(cleaned: Path, tmp_path: Path) -> None:
    write(tmp_path / "corpus", DOCUMENTS, 1)
    for minimum in (0, 190):
        options = ("--output", tmp_path / "out", "--overwrite", "--min-words", minimum)
        bertprep("clean", tmp_path / "corpus", *options)
    assert 0 < len(texts(tmp_path / "out")) < len(ARTICLES)
    (tmp_path / "out" / "text" / "mine.txt").write_text("Mine.")
    bertprep("clean", tmp_path / "corpus", "--output", tmp_path / "out", "--overwrite")
    assert (tmp_path / "out" / "text" / "mine.txt").exists()


def test_rules_alone_and_a_prepared_corpus(
    cleaned: Path, cleaned_vocabulary: Path, tmp_path: Path
) -> None:
    rules = ("--duplicates", "none", "--min-words", 165, "--rules", "c4")
    bertprep("clean", cleaned / "corpus", "-o", tmp_path / "c", *rules)
    drops = manifest_of(tmp_path / "c")["drops"]
    assert 0 < drops["too_short"] < len(DOCUMENTS)
    bertprep("shard", tmp_path / "c", "--vocab", cleaned_vocabulary, "-o", tmp_path / "two")
    bertprep(
        "prepare", cleaned / "corpus", "--vocab", cleaned_vocabulary, "-o", tmp_path / "p", *rules
    )
    bertprep("shard", tmp_path / "p", "-o", tmp_path / "one")
    assert rows(tmp_path / "one") == rows(tmp_path / "two")
    assert manifest_of(tmp_path / "one")["drops"] == drops
    result = bertprep("shard", tmp_path / "p", "-o", tmp_path / "no", "--clean", code=2)
    assert "prepare the inputs anew with cleaning" in result
