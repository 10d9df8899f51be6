"""``bertprep inspect`` shows what is in the shards, and says what is wrong with a folder."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.beam.inspected import (
    DOCUMENTS,
    Done,
    Run,
    Shard,
    check_error,
    inspect,
    page_of,
)
from tests.lanes import usual_of

pytestmark = pytest.mark.usefixtures("words_folder")


ANSWERED = re.compile(r"\S+\((\S+)\)")
PLACE = {word: (d, i) for d, words in enumerate(DOCUMENTS) for i, word in enumerate(words)}


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


# Each container, layout and task once or twice.
USUAL = [
    ("parquet", "huggingface", "nsp"),
    ("parquet", "google", "sop"),
    ("tfrecord", "modelgarden", "sop"),
    ("tfrecord", "google", "none"),  # has the label's column all the same
    ("parquet", "lddl", "nsp"),
    ("tfrecord", "bert4keras", "none"),
    ("parquet", "packed", "nsp"),
]
MORE = [
    ("parquet", "modelgarden", "none"),
    ("tfrecord", "google", "nsp"),
    ("tfrecord", "huggingface", "none"),
    ("parquet", "huggingface", "sop"),  # has the label under another name
    ("parquet", "bert4keras", "none"),
    ("tfrecord", "packed", "none"),
]


@pytest.mark.parametrize(("container", "layout", "task"), usual_of([*USUAL, *MORE], USUAL))
def test_every_example_is_readable_and_true(
    cli_in_process: Run, shard_of_words: Shard, container: str, layout: str, task: str
) -> None:
    options = ("--output-format", container, "--layout", layout, "--task", task)
    if layout == "packed":
        options = (
            "--output-format",
            container,
            "--layout",
            "huggingface",
            "--pack",
            "--task",
            task,
        )
    shard_of_words(*options, "--num-shards", 2)
    shown = inspect(cli_in_process, "--examples", 1000)
    found = examples(shown)
    manifest = json.loads(Path("out/manifest.json").read_text())
    assert len(found) == manifest["sums"]["examples"] >= 36
    # Without pairs a document, of 20 tokens, is one example in each of two passes.
    per_document = manifest["examples_per_document"]
    assert sum(per_document.values()) == 36
    assert task != "none" or per_document == {"1": 36}
    for example in found:
        check_example(*example)
    assert {meaning for meaning, _, _ in found} == MEANINGS[task]
    assert all(b for _, _, b in found) == (task != "none")
    # 80 of 100 answers stand behind [MASK]: there are some, and some that are not.
    behind = re.findall(r"(\S+)\(\S+\)", shown.partition("\n\ndocuments")[0])
    assert 0 < behind.count("[MASK]") < len(behind)


def test_as_many_examples_as_asked_for_then_the_figures_of_the_run(
    cli_in_process: Run, shard_of_words: Shard
) -> None:
    said = shard_of_words()
    assert len(examples(inspect(cli_in_process))) == 5
    assert len(examples(inspect(cli_in_process, "--examples", 7))) == 7
    assert inspect(cli_in_process, "--examples", 7).endswith("\n\n" + said)
    assert examples(inspect(cli_in_process, "--examples", 0)) == []


def histogram(shown: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\d+-\d+) +([\d.]+%)", shown, re.MULTILINE))


def test_lengths_and_targets_as_counted_by_hand(cli_in_process: Run, shard_of_words: Shard) -> None:
    shard_of_words("--short-seq-prob", 0.5)
    shown = inspect(cli_in_process, "--examples", 1000)
    lengths = [len(a) + len(b) + 3 for _, a, b in examples(shown)]
    assert sum(map(len, DOCUMENTS)) <= sum(lengths)
    for first in range(1, 64, 8):
        share = sum(first <= n < first + 8 for n in lengths) / len(lengths)
        assert histogram(shown)[f"{first}-{first + 7}"] == f"{share:.1%}"
    found = json.loads(Path("out/manifest.json").read_text())["statistics"]
    for name, share in (
        ("masked", found["masked_share"]),
        ("  [MASK]", found["mask_token_share"]),
        ("random next", found["positive_label_share"]),
    ):
        assert f"  {name:<11} {share:>6.2%} " in shown
    assert "vocabulary   360 of 360 tokens occur (100.0%); most often " in shown


def test_shards_without_masks(cli_in_process: Run, shard_of_words: Shard) -> None:
    shard_of_words("--masking", "none")
    shown = inspect(cli_in_process, "--examples", 1000)
    assert not ANSWERED.search(shown.partition("\n\nlength")[0].replace(" (B", ""))
    for example in examples(shown):
        check_example(*example)
    assert "[MASK]" not in shown
    assert page_of(cli_in_process).count("Masked when read") == 1


def test_a_shard_after_the_first_is_opened_when_needed(
    cli_in_process: Run, shard_of_words: Shard
) -> None:
    shard_of_words("--num-shards", 10)
    assert len(examples(inspect(cli_in_process, "--examples", 20))) == 20


def in_terminal(**environment: str) -> str:
    """What ``bertprep inspect out`` writes to a terminal."""
    reader, writer = pty.openpty()
    command = [sys.executable, "-m", "pipelines.cli", "inspect", "out"]
    done = subprocess.Popen(command, stdout=writer, env={**os.environ, **environment})
    os.close(writer)
    shown = b""
    with suppress(OSError):  # what a terminal gives at its end
        while data := os.read(reader, 1 << 16):
            shown += data
    os.close(reader)
    assert done.wait() == 0
    return shown.decode("utf-8").replace("\r\n", "\n")


def test_colours_on_a_terminal_that_wants_them(cli_in_process: Run, shard_of_words: Shard) -> None:
    shard_of_words()
    plain = inspect(cli_in_process)
    assert "\x1b" not in plain
    utf8 = {"PYTHONIOENCODING": "utf-8"}
    coloured = in_terminal(NO_COLOR="", **utf8)
    assert re.search(r"\x1b\[33m\x1b\[1m\[MASK\]\(\w+\)\x1b\[0m", coloured)
    assert re.sub(r"\x1b\[\d+m", "", coloured) == in_terminal(NO_COLOR="1", **utf8)
    assert "█" in coloured
    assert "\x1b" not in in_terminal(NO_COLOR="1", PYTHONIOENCODING="ascii").replace("#", "█")


@pytest.mark.parametrize("container", ["parquet", "tfrecord"])
def test_the_page_of_a_run(
    cli_in_process: Run, shard_of_words: Shard, container: str, tmp_path: Path
) -> None:
    shard_of_words("--output-format", container, "--num-shards", 3)
    manifest = json.loads(Path("out/manifest.json").read_text())
    page = page_of(cli_in_process)
    assert page.count('<li id="example-') == min(50, manifest["rows"])
    assert f"{manifest['rows']:,} of" not in page
    assert f"of {manifest['rows']:,}, from all over the shards" in page
    assert f"{manifest['statistics']['masked_share']:.2%}" in page
    assert "360 of 360 tokens" in page
    assert page_of(cli_in_process) == page  # over the one that is there
    assert page_of(cli_in_process, "--examples", 3).count('<li id="example-') == 3
    assert [path.name for path in tmp_path.iterdir() if "page" in path.name] == ["page.html"]


def test_examples_on_the_page_are_those_of_the_terminal(
    cli_in_process: Run, shard_of_words: Shard
) -> None:
    shard_of_words("--num-shards", 4)
    page = page_of(cli_in_process, "--examples", 7)
    for _, a, b in examples(inspect(cli_in_process, "--examples", 7)):
        for words in (a, b):
            assert " ".join(words) in re.sub(
                r'<ruby class="\w+"><span>[^<]*</span><rp>\(</rp><rt>(\w+)</rt><rp>\)</rp></ruby>',
                r"\1",
                page,
            )


def test_a_page_that_cannot_be_written(
    cli_in_process: Run, shard_of_words: Shard, tmp_path: Path
) -> None:
    shard_of_words()

    def refused(path: str) -> Done:
        return cli_in_process("inspect", "out", "--html", path)

    (tmp_path / "notes.txt").write_text("do not lose this")
    check_error(refused("notes.txt"), "notes.txt is there and is no page; name another file")
    assert (tmp_path / "notes.txt").read_text() == "do not lose this"
    check_error(refused("out"), "out is a folder; name a file in it")
    check_error(refused("/dev/null"), "/dev/null is no regular file")
    check_error(refused("notes.txt/page.html"), "notes.txt/page.html cannot be written")
    (tmp_path / "link.html").symlink_to(tmp_path / "page.html")
    assert refused("link.html").returncode == 0
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


def test_a_page_of_a_vocabulary_is_refused(cli_in_process: Run) -> None:
    options = ("--vocab-size", 40, "--min-frequency", 1, "--workers", 1)
    assert cli_in_process("vocab", "text.txt", "--output", "out", *options).returncode == 0
    done = cli_in_process("inspect", "out", "--html", "page.html")
    assert done.returncode == 2
    assert "--html shows shards, and out holds a vocabulary" in done.stderr


def test_the_folder_of_a_vocabulary(cli_in_process: Run) -> None:
    options = ("--vocab-size", 40, "--min-frequency", 1, "--workers", 1)
    done = cli_in_process("vocab", "text.txt", "--output", "out", *options)
    assert done.returncode == 0, done.stderr
    shown = inspect(cli_in_process)
    assert done.stdout.startswith(shown)  # warnings of the words come behind
    lines = dict(re.match(r"(.{12}) (.*)", line).groups() for line in shown.splitlines())  # type: ignore[union-attr]
    assert lines["documents   "] == "18"
    assert lines["words       "] == "360, 360 distinct"
    assert lines["vocabulary  "] == "40 tokens, uncased"
