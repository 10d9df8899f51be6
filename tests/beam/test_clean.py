"""bertprep clean, through the command: what is kept does not depend on files or workers."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.commands import run_bertprep

DRAW = random.Random(11)
WORDS = [f"{a}{b}{c}" for a in "bdfgkl" for b in "aeiou" for c in "mnrst"]


def bertprep(*args: object, code: int = 0) -> str:
    done = run_bertprep(*args)
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


def sentence() -> str:
    return f"{' '.join(DRAW.choices(WORDS, k=DRAW.randrange(8, 20))).capitalize()}."


def article(sentences: int = 12) -> str:
    return "\n".join(sentence() for _ in range(sentences))


NOTICE = "All rights of this page are reserved by its owners and by nobody else."
ARTICLES = [article() for _ in range(40)]
NEAR = [text.replace(text.split("\n")[5], sentence()) for text in ARTICLES[:5]]
DOCUMENTS = [
    *(f"{text}\n{NOTICE}" if i % 2 else text for i, text in enumerate(ARTICLES)),
    *ARTICLES[::4],
    *NEAR,
]


def write(folder: Path, documents: list[str], files: int) -> None:
    folder.mkdir()
    for number in range(files):
        part = documents[number::files]
        (folder / f"part{number}.txt").write_text("\n\n".join(part), encoding="utf-8")


def texts(output: Path) -> list[str]:
    lines = [
        line
        for path in sorted((output / "text").iterdir())
        for line in path.read_bytes().splitlines()
    ]
    return [json.loads(line)["text"] for line in lines]


OPTIONS = ("--near-duplicates", "0.6", "--duplicates", "lines", "--repeated-lines", "5")


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean")
    write(folder / "corpus", DOCUMENTS, 3)
    bertprep("clean", folder / "corpus", "--output", folder / "out", "--write-drops", *OPTIONS)
    return folder


def test_copies_near_copies_and_notices_go(cleaned: Path) -> None:
    kept = texts(cleaned / "out")
    assert len(kept) == len(ARTICLES)
    assert not any(NOTICE in text for text in kept)
    manifest = json.loads((cleaned / "out" / "manifest.json").read_text())
    # Every fourth of the articles has no notice, and is there twice.
    assert manifest["drops"]["copy"] == len(ARTICLES[::4])
    assert manifest["drops"]["near_copy"] == len(NEAR)
    notices = sum(NOTICE in text for text in DOCUMENTS)
    assert manifest["drops"]["repeated_part"] >= notices - len(NEAR)
    dropped = [
        json.loads(line) for line in (cleaned / "out" / "dropped.jsonl").read_text().splitlines()
    ]
    assert sorted({record["reason"] for record in dropped}) == [
        "copy",
        "near_copy",
        "repeated_part",
    ]
    assert len(dropped) == sum(manifest["drops"].values())
    assert manifest["documents"] == len(DOCUMENTS)


def test_the_same_texts_stay_however_files_are_cut(cleaned: Path, tmp_path: Path) -> None:
    others = list(DOCUMENTS)
    random.Random(2).shuffle(others)
    write(tmp_path / "corpus", others, 7)
    bertprep("clean", tmp_path / "corpus", "--output", tmp_path / "out", "--workers", 2, *OPTIONS)
    assert sorted(texts(tmp_path / "out")) == sorted(texts(cleaned / "out"))


def test_the_same_bytes_for_any_number_of_workers(cleaned: Path, tmp_path: Path) -> None:
    bertprep("clean", cleaned / "corpus", "--output", tmp_path, "--workers", 2, *OPTIONS)
    ours, theirs = (
        {p.name: p.read_bytes() for p in (f / "text").iterdir()}
        for f in (tmp_path, cleaned / "out")
    )
    assert ours == theirs


@pytest.fixture(scope="module")
def vocabulary(cleaned: Path) -> Path:
    result = bertprep("vocab", cleaned / "out", "--output", cleaned / "v", "--vocab-size", 200)
    assert f"documents    {len(ARTICLES):,}" in result
    return cleaned / "v"


def rows(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "rows").iterdir()}


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


def test_a_vocabulary_of_what_is_cleaned_as_it_is_read(cleaned: Path, vocabulary: Path) -> None:
    bertprep("vocab", cleaned / "corpus", "-o", cleaned / "v2", "--vocab-size", 200, *OPTIONS)
    ours, theirs = ((f / "vocab.txt").read_bytes() for f in (cleaned / "v2", vocabulary))
    assert ours == theirs


def test_shards_are_those_of_clean_and_shard(
    cleaned: Path, vocabulary: Path, tmp_path: Path
) -> None:
    usual = ("--vocab", vocabulary, "--dupe-factor", 2)
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


def test_rules_alone_and_a_prepared_corpus(cleaned: Path, vocabulary: Path, tmp_path: Path) -> None:
    rules = ("--duplicates", "none", "--min-words", 165, "--rules", "c4")
    bertprep("clean", cleaned / "corpus", "-o", tmp_path / "c", *rules)
    drops = manifest_of(tmp_path / "c")["drops"]
    assert 0 < drops["too_short"] < len(DOCUMENTS)
    bertprep("shard", tmp_path / "c", "--vocab", vocabulary, "-o", tmp_path / "two")
    bertprep("prepare", cleaned / "corpus", "--vocab", vocabulary, "-o", tmp_path / "p", *rules)
    bertprep("shard", tmp_path / "p", "-o", tmp_path / "one")
    assert rows(tmp_path / "one") == rows(tmp_path / "two")
    assert manifest_of(tmp_path / "one")["drops"] == drops
    result = bertprep("shard", tmp_path / "p", "-o", tmp_path / "no", "--clean", code=2)
    assert "prepare the inputs anew with cleaning" in result


def test_contamination_bounds_and_what_cannot_be_cleaned(cleaned: Path, tmp_path: Path) -> None:
    test_set = tmp_path / "test.txt"
    test_set.write_text("So it is. " + ARTICLES[3].replace("\n", " ")[:400])
    bertprep(
        "clean", cleaned / "corpus", "--output", tmp_path / "out", "--decontaminate", test_set,
        "--duplicates", "none", "--max-words", 100_000, "--script", "Latin",
    )  # fmt: skip
    drops = json.loads((tmp_path / "out" / "manifest.json").read_text())["drops"]
    assert drops == {"contaminated": sum(text.startswith(ARTICLES[3][:200]) for text in DOCUMENTS)}
    result = bertprep(
        "clean", cleaned / "corpus", "--output", tmp_path / "none", "--min-words", 999, code=1
    )
    assert "no document is left of 55 (too_short 55); ask for less" in result
    assert not (tmp_path / "none").exists()
    pairs = tmp_path / "pairs.txt"
    pairs.write_text("A panda eats.\tIt sleeps.\n" * 3)
    result = bertprep(
        "clean", pairs, "--input-format", "sentence-pairs", "--output", tmp_path / "no", code=1
    )
    assert "clean would lose that" in result
