"""What a user is told while a run is at work, and of its result."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.messages import progress
from pipelines.messages.progress import (
    ProgressLine,
    describe,
)

Run = Callable[..., "subprocess.CompletedProcess[str]"]


# The line


@pytest.mark.parametrize(
    ("notes", "seconds", "line"),
    [
        ({}, 0.0, "read 0 bytes of 200.0 MB"),
        # Half is read in ten seconds: 10 MB/s, and ten seconds for the other half.
        (
            {"bytes_read": 100_000_000},
            10.0,
            "read 100.0 MB of 200.0 MB, 10.0 MB/s, 0:10 left to read",
        ),
        # Too little to tell how long the rest takes.
        ({"bytes_read": 2_000_000}, 1.0, "read 2.0 MB of 200.0 MB, 2.0 MB/s"),
        # A packed file may hold more than was thought.
        ({"bytes_read": 250_000_000}, 50.0, "read 200.0 MB of 200.0 MB, 4.0 MB/s"),
        (
            {"bytes_read": 190_000_000, "examples": 5_000},
            61.4,
            "read 200.0 MB, made 5,000 examples",
        ),
        # A quarter is written in ten seconds.
        (
            {"bytes_read": 190_000_000, "examples": 5_000, "written": 1_250},
            10.0,
            "read 200.0 MB, written 1,250 of 5,000 examples, 125/s, 0:30 left to write",
        ),
        (
            {"bytes_read": 190_000_000, "examples": 5_000, "written": 5_000},
            40.0,
            "read 200.0 MB, written 5,000 of 5,000 examples, 125/s",
        ),
    ],
)
def test_the_line_says_how_far_a_run_is(notes: dict[str, int], seconds: float, line: str) -> None:
    assert describe(notes, 200_000_000, seconds) == line


@pytest.mark.parametrize(
    ("notes", "line"),
    [
        ({}, "made 0 examples"),
        ({"examples": 500}, "made 500 examples"),
        (
            {"examples": 500, "written": 100},
            "written 100 of 500 examples, 10/s, 0:40 left to write",
        ),
    ],
)
def test_of_a_prepared_corpus_nothing_is_read(notes: dict[str, int], line: str) -> None:
    assert describe(notes, 0, 10.0) == line


def test_a_log_gets_whole_lines_without_escape_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text('{"bytes_read": 5}')
    monkeypatch.setattr(progress, "_LOG_SECONDS", 0.01)
    with ProgressLine(str(tmp_path), 10) as line:
        line._stop.wait(0.2)
    shown = capsys.readouterr().err
    assert re.fullmatch(r"(read 5 bytes of 10 bytes, .*\n)+", shown)
    assert "\x1b" not in shown and "\r" not in shown


def test_the_rate_is_that_of_the_stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Reading takes 100 seconds, and so does making examples; then 50 are written in 10.
    states = [
        (100.0, {"bytes_read": 10}),
        (200.0, {"bytes_read": 10, "examples": 100}),
        (210.0, {"bytes_read": 10, "examples": 100, "written": 50}),
    ]
    clock = iter([0.0, *(second for second, _ in states)])
    notes = iter([note for _, note in states])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(progress, "read_notes", lambda _: next(notes))
    line = ProgressLine(str(tmp_path), 10)
    turns = iter([False, False, False, True])
    monkeypatch.setattr(line, "_stop", SimpleNamespace(wait=lambda _: next(turns)))
    line._run()
    assert capsys.readouterr().err.splitlines() == [
        "read 10 bytes of 10 bytes, 0 bytes/s",
        "read 10 bytes, made 100 examples",
        "read 10 bytes, written 50 of 100 examples, 5/s, 0:10 left to write",
    ]


def test_a_short_run_says_nothing_in_a_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ProgressLine(str(tmp_path), 10):
        pass
    assert capsys.readouterr().err == ""


# The command with its progress lines as often as a test can wait for them.
OFTEN = """
import sys
from pipelines import cli
from bertprep.shards.manifest_types import ShardManifest, VocabManifest
from pipelines.messages import progress
progress._TERMINAL_SECONDS = progress._LOG_SECONDS = 0.01
sys.argv[0] = "bertprep"
cli.main()
"""


@pytest.fixture
def command(prose_jsonl: Path, letters_vocab: Path, tmp_path: Path) -> list[str]:
    arguments = ["--vocab", letters_vocab, "--output", tmp_path / "out", "--workers", 1]
    return list(map(str, [sys.executable, "-c", OFTEN, "shard", prose_jsonl, *arguments]))


def terminal(columns: int) -> tuple[int, int]:
    """A terminal of that width: the user's end, and the command's."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
    return ours, theirs


def in_terminal(command: list[str]) -> tuple[str, str]:
    """(what the terminal that standard error is got, standard output)."""
    ours, theirs = terminal(100)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, text=True) as running:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 1 << 16)
            except OSError:  # the other end is closed
                break
        assert running.stdout is not None
        out = running.stdout.read()
    os.close(ours)
    assert running.returncode == 0
    return shown.decode().replace("\r\n", "\n"), out


def test_on_a_terminal_one_line_is_renewed_and_taken_away(command: list[str]) -> None:
    shown, out = in_terminal(command)
    assert out.startswith("documents ")
    first, casing, rest = shown.split("\n", 2)
    assert first.startswith("reading ")
    assert casing.startswith("reading words as uncased")
    *lines, end = rest.split("\r\x1b[K")[1:]
    assert end.startswith("warning: ") and end.count("\n") == 1  # the prose is hard-wrapped
    assert len(lines) > 3
    reading = r"read [\d.]+ \w+ of [\d.]+ kB(, [\d.]+ \w+/s)?(, \d+:\d\d left to read)?"
    written = r"written [\d,]+ of [\d,]+ examples(, [\d,]+/s)?(, \d+:\d\d left to write)?"
    making = rf"read [\d.]+ kB, (made [\d,]+ examples|{written})"
    assert [line for line in lines if not re.fullmatch(f"{reading}|{making}", line)] == []
    assert any("examples" in line for line in lines)


def test_on_a_narrow_terminal_the_line_never_wraps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = terminal(30)
    with os.fdopen(theirs, "w") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        line = ProgressLine(str(tmp_path), 10)
        line._show("read 100.0 MB of 200.0 MB, 10.0 MB/s, 0:10 left to read")
        assert os.read(ours, 1000) == b"\r\x1b[Kread 100.0 MB of 200.0 MB, 10"
    os.close(ours)


def test_a_log_of_the_command_has_no_escape_codes(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "read " in done.stderr and " examples" in done.stderr
    assert "\x1b" not in done.stderr and "\r" not in done.stderr
