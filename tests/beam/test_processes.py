"""Workers are watched: a run ends with one of them."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

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
