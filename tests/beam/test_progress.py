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

from pipelines.messages import audience, progress
from pipelines.messages.audience import Spoken
from pipelines.messages.progress import ProgressLine, counted
from pipelines.messages.stages import Stage, describe, state_of

Run = Callable[..., "subprocess.CompletedProcess[str]"]


STAGES = [
    Stage("reading", "bytes_read", "bytes", 200_000_000, 40.0),
    Stage("making examples", "examples", "examples", 10_000, 20.0),
    Stage("writing", "written", "examples", 0, 40.0),
]


def line(notes: dict[str, int], elapsed: float, in_stage: float = 0.0, columns: int = 1000) -> str:
    return describe(state_of(STAGES, notes, elapsed, in_stage), columns)


@pytest.mark.parametrize(
    ("notes", "seconds", "shown"),
    [
        ({}, 0.4, "stage 1 of 3, reading: 0%, 0 bytes of 200.0 MB, 0:00 so far"),
        # Half is read in ten seconds, which is a fifth of the run: 40 seconds for the others.
        (
            {"bytes_read": 100_000_000},
            10.0,
            "stage 1 of 3, reading: 20%, 100.0 MB of 200.0 MB, 10.0 MB/s, 0:10 so far, 0:40 left",
        ),
        # Too little to tell how long the rest takes.
        (
            {"bytes_read": 2_000_000},
            1.0,
            "stage 1 of 3, reading: 0%, 2.0 MB of 200.0 MB, 2.0 MB/s, 0:01 so far",
        ),
        # A packed file may hold more than was thought.
        (
            {"bytes_read": 250_000_000},
            50.0,
            "stage 1 of 3, reading: 40%, 200.0 MB of 200.0 MB, 5.0 MB/s, 0:50 so far, 1:15 left",
        ),
        # As may there be more examples than were expected.
        (
            {"bytes_read": 190_000_000, "examples": 12_000},
            60.0,
            "stage 2 of 3, making examples: 60%, 10,000 of 10,000 examples, 200/s, 1:00 so far, "
            "0:40 left",
        ),
        # Of those that were made, a quarter is written.
        (
            {"bytes_read": 190_000_000, "examples": 5_000, "written": 1_250},
            70.0,
            "stage 3 of 3, writing: 70%, 1,250 of 5,000 examples, 18/s, 1:10 so far, 0:30 left",
        ),
        (
            {"bytes_read": 190_000_000, "examples": 5_000, "written": 5_000},
            100.0,
            "stage 3 of 3, writing: 99%, 5,000 of 5,000 examples, 50/s, 1:40 so far, 0:00 left",
        ),
    ],
)
def test_the_line_says_how_far_a_run_is(notes: dict[str, int], seconds: float, shown: str) -> None:
    assert line(notes, seconds, seconds if seconds > 0.4 else 0.0) == shown


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (79, "stage 1 of 3, reading: 20%, 100.0 MB of 200.0 MB, 0:10 so far, 0:40 left"),
        (50, "stage 1 of 3, reading: 20%, 0:10 so far, 0:40 left"),
        (39, "1/3 reading 20%, 0:10 so far, 0:40 left"),
        (38, "1/3 reading 20%, 0:40 left"),
        (20, "1/3 reading 20%"),
        (10, "20%"),
        (2, ""),
    ],
)
def test_what_does_not_fit_is_left_out_as_a_whole(columns: int, shown: str) -> None:
    assert line({"bytes_read": 100_000_000}, 10.0, 10.0, columns) == shown


def test_of_a_prepared_corpus_nothing_is_read() -> None:
    state = state_of(STAGES[1:], {"examples": 5_000}, 5.0)
    assert describe(state) == (
        "stage 1 of 2, making examples: 16%, 5,000 of 10,000 examples, 0:05 so far, 0:25 left"
    )


def test_one_stage_is_not_numbered() -> None:
    state = state_of([STAGES[0]], {"bytes_read": 100_000_000}, 5.0)
    assert describe(state) == "reading: 50%, 100.0 MB of 200.0 MB, 0:05 so far, 0:05 left"
    assert describe(state, 30) == "reading 50%, 0:05 left"


def test_a_log_gets_whole_lines_without_escape_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text('{"bytes_read": 5}')
    spoken = Spoken()
    spoken.seconds = 0.01
    monkeypatch.setattr(audience, "_voice", spoken)
    with ProgressLine(str(tmp_path), STAGES) as running:
        running._stop.wait(0.2)
    shown = capsys.readouterr().err
    assert re.fullmatch(r"(stage 1 of 3, reading: 0%, 5 bytes of 200.0 MB, .*\n)+", shown)
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
    running = ProgressLine(str(tmp_path), STAGES)
    turns = iter([False, False, False, True])
    monkeypatch.setattr(running, "_stop", SimpleNamespace(wait=lambda _: next(turns)))
    running._run()
    rates = [re.findall(r"[\d.]+ ?\w*/s", shown) for shown in capsys.readouterr().err.splitlines()]
    assert rates == [["0 bytes/s"], ["1/s"], ["5/s"]]


def test_a_loop_of_this_process_is_shown_likewise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoken = Spoken()
    spoken.seconds = 0.0
    monkeypatch.setattr(audience, "_voice", spoken)
    with counted([Stage("checking", "bytes", "bytes", 400, 1.0)]) as loop:
        loop.add("bytes", 100)
        loop.add("bytes", 100)
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("checking: 25%, 100 bytes of 400 bytes")
    assert second.startswith("checking: 50%, 200 bytes of 400 bytes")


def test_a_count_that_is_kept_elsewhere_is_shown_likewise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoken = Spoken()
    spoken.seconds = 0.0
    monkeypatch.setattr(audience, "_voice", spoken)
    with counted([Stage("learning pieces", "pieces", "candidates", 0, 1.0)]) as loop:
        loop.reach("pieces", 30, 60)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("learning pieces: 50%, 30 of 60 candidates")


def test_a_short_run_says_nothing_in_a_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ProgressLine(str(tmp_path), STAGES):
        pass
    assert capsys.readouterr().err == ""


# The command with its progress lines as often as a test can wait for them.
OFTEN = """
import sys
from pipelines import cli
from bertprep.shards.manifest_types import ShardManifest, VocabManifest
from pipelines.messages import audience
spoken = audience.Spoken()
spoken.seconds = 0.01
audience.use(spoken)
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
    stage = r"stage \d of 3, [a-z ]+: \d+%, "
    counts = r"[\d.,]+( \w+)? of [\d.,]+ \w+, ([\d.,]+( \w+)?/s, )?"
    times = r"\d:\d\d so far(, \d:\d\d left)?"
    assert [line for line in lines if not re.fullmatch(f"{stage}({counts})?{times}", line)] == []
    assert any("examples" in line for line in lines)


def test_on_a_narrow_terminal_the_line_never_wraps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = terminal(30)
    with os.fdopen(theirs, "w") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        Spoken().progress(state_of(STAGES, {"bytes_read": 100_000_000}, 10.0))
        assert os.read(ours, 1000) == b"\r\x1b[K1/3 reading 20%, 0:40 left"
    os.close(ours)


def test_a_log_of_the_command_has_no_escape_codes(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "stage 1 of 3" in done.stderr and " examples" in done.stderr
    assert "\x1b" not in done.stderr and "\r" not in done.stderr
