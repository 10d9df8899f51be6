"""``bertprep inspect`` shows what is in the shards, and says what is wrong with a folder."""

from __future__ import annotations

import itertools
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest

from bertprep.errors import BertprepError
from bertprep.shards.folder import Shards
from pipelines.inspect.inspection import describe, write_page
from pipelines.jobs.verification import verify

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]
Shard = Callable[..., str]
Made = tuple[dict[tuple[object, ...], str], Path]

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


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What was said of the shards of each set of options, made once, and where all are kept."""
    return {}, tmp_path_factory.mktemp("made")


@pytest.fixture
def shard(cli_in_process: Run, made: Made) -> Callable[..., str]:
    """Makes shards in the folder ``out``; gives what was said of them."""
    said, folder = made

    def shard(*options: object) -> str:
        kept = folder / f"shards {' '.join(map(str, options))}"
        if options not in said:
            start = ("shard", "text.txt", "--vocab", "vocab.txt", "--output", "out")
            # A document has 20 tokens, so nothing is ever cut off.
            usual = ("--workers", 1, "--max-seq-length", 64, "--sentences", "lines")
            done = cli_in_process(*start, *usual, "--dupe-factor", 2, *options)
            assert done.returncode == 0, done.stderr
            said[options] = done.stdout
            shutil.copytree("out", kept)
        else:
            shutil.copytree(kept, "out")
        return said[options]

    return shard


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
        ("parquet", "packed", "nsp"),
        ("tfrecord", "packed", "none"),
    ],
)
def test_every_example_is_readable_and_true(
    cli_in_process: Run, shard: Shard, container: str, layout: str, task: str
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
    shard(*options, "--num-shards", 2)
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
    cli_in_process: Run, shard: Shard
) -> None:
    said = shard()
    assert len(examples(inspect(cli_in_process))) == 5
    assert len(examples(inspect(cli_in_process, "--examples", 7))) == 7
    assert inspect(cli_in_process, "--examples", 7).endswith("\n\n" + said)
    assert examples(inspect(cli_in_process, "--examples", 0)) == []


def histogram(shown: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\d+-\d+) +([\d.]+%)", shown, re.MULTILINE))


def test_lengths_and_targets_as_counted_by_hand(cli_in_process: Run, shard: Shard) -> None:
    shard("--short-seq-prob", 0.5)
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


def test_shards_without_masks(cli_in_process: Run, shard: Shard) -> None:
    shard("--masking", "none")
    shown = inspect(cli_in_process, "--examples", 1000)
    assert not ANSWERED.search(shown.partition("\n\nlength")[0].replace(" (B", ""))
    for example in examples(shown):
        check_example(*example)
    assert "[MASK]" not in shown
    assert page_of(cli_in_process).count("Masked when read") == 1


def test_a_shard_after_the_first_is_opened_when_needed(cli_in_process: Run, shard: Shard) -> None:
    shard("--num-shards", 10)
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


def test_colours_on_a_terminal_that_wants_them(cli_in_process: Run, shard: Shard) -> None:
    shard()
    plain = inspect(cli_in_process)
    assert "\x1b" not in plain
    utf8 = {"PYTHONIOENCODING": "utf-8"}
    coloured = in_terminal(NO_COLOR="", **utf8)
    assert re.search(r"\x1b\[33m\x1b\[1m\[MASK\]\(\w+\)\x1b\[0m", coloured)
    assert re.sub(r"\x1b\[\d+m", "", coloured) == in_terminal(NO_COLOR="1", **utf8)
    assert "█" in coloured
    assert "\x1b" not in in_terminal(NO_COLOR="1", PYTHONIOENCODING="ascii").replace("#", "█")


def page_of(run: Run, *options: object) -> str:
    done = run("inspect", "out", "--html", "page.html", *options)
    assert done.returncode == 0, done.stderr
    said = r"page\.html: [\d.,]+ [kM]B, \d+ examples of [\d,]+\n"
    assert re.fullmatch(said, done.stdout)
    return Path("page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("container", ["parquet", "tfrecord"])
def test_the_page_of_a_run(cli_in_process: Run, shard: Shard, container: str, folder: Path) -> None:
    shard("--output-format", container, "--num-shards", 3)
    manifest = json.loads(Path("out/manifest.json").read_text())
    page = page_of(cli_in_process)
    assert page.count('<li id="example-') == min(50, manifest["rows"])
    assert f"{manifest['rows']:,} of" not in page
    assert f"of {manifest['rows']:,}, from all over the shards" in page
    assert f"{manifest['statistics']['masked_share']:.2%}" in page
    assert "360 of 360 tokens" in page
    assert page_of(cli_in_process) == page  # over the one that is there
    assert page_of(cli_in_process, "--examples", 3).count('<li id="example-') == 3
    assert [path.name for path in folder.iterdir() if "page" in path.name] == ["page.html"]


def test_examples_on_the_page_are_those_of_the_terminal(cli_in_process: Run, shard: Shard) -> None:
    shard("--num-shards", 4)
    page = page_of(cli_in_process, "--examples", 7)
    for _, a, b in examples(inspect(cli_in_process, "--examples", 7)):
        for words in (a, b):
            assert " ".join(words) in re.sub(
                r'<ruby class="\w+"><span>[^<]*</span><rp>\(</rp><rt>(\w+)</rt><rp>\)</rp></ruby>',
                r"\1",
                page,
            )


def test_a_page_that_cannot_be_written(cli_in_process: Run, shard: Shard, folder: Path) -> None:
    shard()

    def refused(path: str) -> Done:
        return cli_in_process("inspect", "out", "--html", path)

    (folder / "notes.txt").write_text("do not lose this")
    check_error(refused("notes.txt"), "notes.txt is there and is no page; name another file")
    assert (folder / "notes.txt").read_text() == "do not lose this"
    check_error(refused("out"), "out is a folder; name a file in it")
    check_error(refused("/dev/null"), "/dev/null is no regular file")
    check_error(refused("notes.txt/page.html"), "notes.txt/page.html cannot be written")
    (folder / "link.html").symlink_to(folder / "page.html")
    assert refused("link.html").returncode == 0
    assert (folder / "link.html").is_symlink()
    assert (folder / "page.html").read_text().startswith("<!doctype html>")


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


def test_a_shard_that_is_missing(cli_in_process: Run, shard: Shard) -> None:
    shard("--num-shards", 3)
    lost = Path("out/rows/shard-00002-of-00003.parquet")
    lost.unlink()
    done = cli_in_process("inspect", "out", "--examples", 1)
    check_error(done, f"{lost} is missing, but manifest.json lists it")


def fields_of(value: Any, *place: Any) -> Iterator[tuple[Any, ...]]:
    """Where each value in a manifest is; of lists the first."""
    if place:
        yield place
    if isinstance(value, list):
        value = dict(enumerate(value[:1]))
    for name, found in value.items() if isinstance(value, dict) else ():
        yield from fields_of(found, *place, name)


def edited(manifest: dict[str, Any], place: tuple[Any, ...], *values: Any) -> dict[str, Any]:
    """A copy with another value in one place, or without it."""
    copy = deepcopy(manifest)
    parent = reduce(getitem, place[:-1], copy)
    if values:
        parent[place[-1]] = values[0]
    else:
        del parent[place[-1]]
    return copy


def test_an_edited_manifest_is_no_traceback(cli_in_process: Run, shard: Shard) -> None:
    shard("--bin-size", 32)
    path = Path("out/manifest.json")
    manifest = json.loads(path.read_text())
    commands = (
        lambda: describe("out", 1, True),
        lambda: write_page("out", "page.html", 1),
        lambda: verify("out", lambda _: None),
        lambda: Shards("out"),
    )
    refused = Counter[int]()
    for place in fields_of(manifest):
        for values in ([], [None], [float("inf")]):
            path.write_text(json.dumps(edited(manifest, place, *values)))
            for number, command in enumerate(commands):
                try:
                    command()
                except (BertprepError, OSError):
                    refused[number] += 1
    assert all(refused[number] > 50 for number in range(4)), refused


def test_what_is_wrong_with_a_manifest_is_told(cli_in_process: Run, shard: Shard) -> None:
    shard()
    path = Path("out/manifest.json")
    manifest = json.loads(path.read_text())
    for place, value, message in (
        (("config",), None, "expected an object as config, got None"),
        (("vocabulary", "file"), 7, "expected a string as file, got 7"),
        (("rows",), "x", "expected an integer as rows, got 'x'"),
        (("sums", "predictions"), {}, "expected an integer as predictions, got {}"),
        (("inputs",), None, ""),
    ):
        path.write_text(json.dumps(edited(manifest, place, value)))
        wrong = f"out/manifest.json is damaged: {message}"
        check_error(cli_in_process("inspect", "out"), wrong)
        check_error(cli_in_process("inspect", "out", "--html", "page.html"), wrong)
    assert not Path("page.html").exists()


@pytest.mark.parametrize("container", ["parquet", "tfrecord"])
def test_a_shard_that_is_cut_off(cli_in_process: Run, shard: Shard, container: str) -> None:
    shard("--output-format", container)
    (path,) = Path("out").glob("rows/shard-*")
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    done = cli_in_process("inspect", "out")
    check_error(
        done, f"{path} has {len(content) - 1:,} bytes, but manifest.json says {len(content):,}"
    )


@pytest.mark.parametrize("container", ["parquet", "tfrecord"])
def test_a_shard_whose_bytes_are_others(cli_in_process: Run, shard: Shard, container: str) -> None:
    shard("--output-format", container)
    (path,) = Path("out").glob("rows/shard-*")
    path.write_bytes(bytes(path.stat().st_size))
    check_error(cli_in_process("inspect", "out"), f"{path} cannot be read as a shard: ")


def test_a_vocabulary_that_is_another(cli_in_process: Run, shard: Shard) -> None:
    shard()
    Path("out/vocab.txt").write_text("\n".join([*SPECIAL, *WORDS[::-1]]) + "\n")
    done = cli_in_process("inspect", "out")
    check_error(done, "out/vocab.txt is not the vocabulary that its folder was made with")
    Path("out/vocab.txt").unlink()
    check_error(cli_in_process("inspect", "out"), "out/vocab.txt: No such file or directory")
