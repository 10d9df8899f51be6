"""Workers are watched: a run ends with one of them."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.runner import worker_processes
from tests.beam.broken_runs import (
    check_what_is_left,
    last_lines,
    needs_proc,
    running,
    workers_of,
)
from tests.commands import run


@needs_proc
def test_a_killed_worker_process_ends_the_run(
    long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    with running(long_text, letters_vocab, tmp_path / "out", 2) as command:
        os.kill(workers_of(command)[0], signal.SIGKILL)
        (line,) = last_lines(command)
        assert line.startswith("bertprep: error: a worker process was killed by signal 9, perhaps")
        assert command.returncode == 1
        assert workers_of(command) == []
    check_what_is_left(tmp_path / "out", line)


@pytest.mark.parametrize("lost", [True, False])
def test_a_lost_connection_is_told_by_how_its_process_ended(
    monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    """Beam sees the one before the other can be seen; where neither is, nothing is waited for."""
    monkeypatch.setattr(worker_processes, "deaths", deaths := [])
    ends_soon = SimpleNamespace(
        exit_code=lambda seconds=None: None if seconds == 0 else -9, kill=lambda: None
    )
    worker = worker_processes.WorkerProcess.__new__(worker_processes.WorkerProcess)
    worker._ended, worker._process = False, ends_soon
    worker.control_conn = SimpleNamespace(close=lambda: None)
    worker.data_conn = SimpleNamespace(close=lambda: None, _closed=lost)
    worker.close()
    assert [str(death).partition(",")[0] for death in deaths] == (
        ["a worker process was killed by signal 9"] if lost else []
    )


UNTOLD_START = """
import signal, sys
from pipelines.cli import main
sys.executable = "{executable}"
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
main()
"""


def test_a_worker_process_is_missed_where_the_ends_of_processes_are_ignored(
    short_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    program = UNTOLD_START.format(executable=shutil.which("false"))
    arguments = ["shard", short_text, "--vocab", letters_vocab, "--output", tmp_path / "out"]
    command = [sys.executable, "-c", program, *map(str, arguments), "--direct_num_workers=2"]
    done = run(command)
    assert done.returncode == 1
    assert "a worker process ended with exit code 1: it left no message" in done.stderr
