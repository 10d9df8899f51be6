"""``bertprep inspect`` shows what is in the shards, and says what is wrong with a folder."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from string import ascii_lowercase

import pytest

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]

ANSWERED = re.compile(r"\S+\((\S+)\)")
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# Every word stands once in the whole text, so that it tells where it comes from.
WORDS = ["".join(letters) for letters in itertools.product(ascii_lowercase, repeat=2)][:360]
# 18 documents of 4 sentences of 5 words; each sentence is a line.
DOCUMENTS = [WORDS[n : n + 20] for n in range(0, len(WORDS), 20)]
PLACE = {word: (d, i) for d, words in enumerate(DOCUMENTS) for i, word in enumerate(words)}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of each test, with the text and a vocabulary of its words."""
    monkeypatch.chdir(tmp_path)
    sentences = [[words[n : n + 5] for n in range(0, 20, 5)] for words in DOCUMENTS]
    text = "\n\n".join("\n".join(" ".join(s) for s in document) for document in sentences)
    (tmp_path / "text.txt").write_text(text)
    (tmp_path / "vocab.txt").write_text("\n".join([*SPECIAL, *WORDS]) + "\n")
    return tmp_path


def shard(run: Run, *options: object) -> str:
    """Makes shards in the folder ``out``; what was said of them."""
    start = ("shard", "text.txt", "--vocab", "vocab.txt", "--output", "out", "--workers", 1)
    # A document has 20 tokens, so nothing is ever cut off.
    done = run(*start, "--max-seq-length", 64, "--sentences", "lines", "--dupe-factor", 2, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def inspect(run: Run, *options: object) -> str:
    done = run("inspect", "out", *options)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def examples(shown: str) -> list[tuple[str, list[str], list[str]]]:
    """(what is said of it, the words of A, those of B) of each example, the answers filled in."""
    pattern = r"example \d+(?: \((.+)\))?\n  A: (.+)\n(?:  B: (.+)\n)?"
    found = []
    for meaning, a, b in re.findall(pattern, shown):
        texts = (ANSWERED.sub(r"\1", text).split() for text in (a, b))
        found.append((meaning, *texts))
    return found


def check_stretch(words: list[str]) -> tuple[int, int, int]:
    """(document, first word, last word + 1) of words that stand there one after the other."""
    document, start = PLACE[words[0]]
    assert words == DOCUMENTS[document][start : start + len(words)]
    return document, start, start + len(words)


def check_example(meaning: str, a: list[str], b: list[str]) -> None:
    document, start, end = check_stretch(a)
    if not b:
        assert meaning == ""
        return
    b_document, b_start, b_end = check_stretch(b)
    if meaning in ("B follows A", "in order"):
        assert (b_document, b_start) == (document, end)
    elif meaning == "swapped":
        assert (b_document, b_end) == (document, start)
    else:
        assert meaning == "B is random"
        assert b_document != document


MEANINGS = {"nsp": {"B follows A", "B is random"}, "sop": {"in order", "swapped"}, "none": {""}}


@pytest.mark.parametrize(
    ("container", "layout", "task"),
    [
        ("parquet", "huggingface", "nsp"),
        ("parquet", "google", "sop"),
        ("parquet", "modelgarden", "none"),
        ("tfrecord", "google", "nsp"),
        ("tfrecord", "modelgarden", "sop"),
        ("tfrecord", "huggingface", "none"),
        ("tfrecord", "google", "none"),  # has the label's column all the same
        ("parquet", "huggingface", "sop"),  # has the label under another name
        ("parquet", "lddl", "nsp"),
        ("parquet", "bert4keras", "none"),
        ("tfrecord", "bert4keras", "none"),
    ],
)
def test_every_example_is_readable_and_true(
    cli_in_process: Run, container: str, layout: str, task: str
) -> None:
    options = ("--output-format", container, "--layout", layout, "--task", task)
    shard(cli_in_process, *options, "--num-shards", 2)
    shown = inspect(cli_in_process, "--examples", 1000)
    found = examples(shown)
    assert len(found) == json.loads(Path("out/manifest.json").read_text())["rows"] >= 36
    for example in found:
        check_example(*example)
    assert {meaning for meaning, _, _ in found} == MEANINGS[task]
    assert all(b for _, _, b in found) == (task != "none")
    # 80 of 100 answers stand behind [MASK]: there are some, and some that are not.
    behind = re.findall(r"(\S+)\(\S+\)", shown.partition("\n\ndocuments")[0])
    assert 0 < behind.count("[MASK]") < len(behind)


def test_as_many_examples_as_asked_for_then_the_figures_of_the_run(cli_in_process: Run) -> None:
    said = shard(cli_in_process)
    assert len(examples(inspect(cli_in_process))) == 5
    assert len(examples(inspect(cli_in_process, "--examples", 7))) == 7
    assert inspect(cli_in_process, "--examples", 7).endswith("\n\n" + said)
    assert inspect(cli_in_process, "--examples", 0) == said


def test_a_shard_after_the_first_is_opened_when_needed(cli_in_process: Run) -> None:
    shard(cli_in_process, "--num-shards", 10)
    assert len(examples(inspect(cli_in_process, "--examples", 20))) == 20


def test_the_folder_of_a_vocabulary(cli_in_process: Run) -> None:
    options = ("--vocab-size", 40, "--min-frequency", 1, "--workers", 1)
    done = cli_in_process("vocab", "text.txt", "--output", "out", *options)
    assert done.returncode == 0, done.stderr
    shown = inspect(cli_in_process)
    assert shown == done.stdout
    lines = dict(re.match(r"(.{12}) (.*)", line).groups() for line in shown.splitlines())  # type: ignore[union-attr]
    assert lines["documents   "] == "18"
    assert lines["words       "] == "360, 360 distinct"
    assert lines["vocabulary  "] == "40 tokens, uncased"


def check_error(done: Done, *parts: str) -> None:
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("bertprep: error: ")
    assert [part for part in parts if part not in line] == []


def test_a_folder_that_bertprep_did_not_write(cli_in_process: Run, folder: Path) -> None:
    expected = "expected the --output of a finished bertprep run"
    check_error(cli_in_process("inspect", "nowhere"), "nowhere does not exist", expected)
    check_error(cli_in_process("inspect", "."), ". holds no manifest.json", expected)
    check_error(cli_in_process("inspect", "text.txt"), "text.txt holds no manifest", expected)
    (folder / "manifest.json").write_text("{}")
    check_error(cli_in_process("inspect", "."), "was not written by bertprep", expected)


def test_a_shard_that_is_missing(cli_in_process: Run) -> None:
    shard(cli_in_process, "--num-shards", 3)
    Path("out/shard-00002-of-00003.parquet").unlink()
    done = cli_in_process("inspect", "out", "--examples", 1)
    check_error(done, "out/shard-00002-of-00003.parquet is missing, but manifest.json lists it")


@pytest.mark.parametrize("container", ["parquet", "tfrecord"])
def test_a_shard_that_is_cut_off(cli_in_process: Run, container: str) -> None:
    shard(cli_in_process, "--output-format", container)
    (path,) = Path("out").glob("shard-*")
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    done = cli_in_process("inspect", "out")
    check_error(
        done, f"{path} has {len(content) - 1:,} bytes, but manifest.json says {len(content):,}"
    )


@pytest.mark.parametrize("container", ["parquet", "tfrecord"])
def test_a_shard_whose_bytes_are_others(cli_in_process: Run, container: str) -> None:
    shard(cli_in_process, "--output-format", container)
    (path,) = Path("out").glob("shard-*")
    path.write_bytes(bytes(path.stat().st_size))
    check_error(cli_in_process("inspect", "out"), f"{path} cannot be read as a shard: ")


def test_a_vocabulary_that_is_another(cli_in_process: Run) -> None:
    shard(cli_in_process)
    Path("out/vocab.txt").write_text("\n".join([*SPECIAL, *WORDS[::-1]]) + "\n")
    done = cli_in_process("inspect", "out")
    check_error(done, "out/vocab.txt is not the vocabulary that its folder was made with")
    Path("out/vocab.txt").unlink()
    check_error(cli_in_process("inspect", "out"), "out/vocab.txt: No such file or directory")
