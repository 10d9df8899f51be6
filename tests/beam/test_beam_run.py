"""The local runner as a user meets it: how it ends when told to."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import apache_beam as beam
import pytest

from pipelines.runner import beam_run
from tests.beam.broken_runs import (
    RESUME,
    check_what_is_left,
    children_of,
    last_lines,
    needs_proc,
    running,
    stands_still,
    wait_until,
    workers_of,
)
from tests.commands import run, start, without_notes

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_pipelines_that_are_not_run_leave_no_temporary_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(_: beam.Pipeline) -> None:
        assert list(tmp_path.iterdir())
        raise KeyboardInterrupt

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    beam_run.check(["--direct_num_workers=2"])
    with pytest.raises(KeyboardInterrupt):
        beam_run.run(build, [], 1, str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@needs_proc
def test_ctrl_c_ends_all_with_one_line_and_leaves_nothing_final(
    long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    with running(long_text, letters_vocab, tmp_path / "new" / "out", 2) as command:
        for process in workers_of(command):
            ignored = re.search(r"SigIgn:\t(\w+)", Path(f"/proc/{process}/status").read_text())
            assert ignored and int(ignored[1], 16) & 1 << signal.SIGINT - 1
        # An impatient user does not leave a mess either.
        for _ in range(20):
            os.killpg(command.pid, signal.SIGINT)
            time.sleep(0.01)
        (line,) = last_lines(command)
        assert line.removesuffix(RESUME) == "bertprep: error: interrupted"
        assert command.returncode == 130
        assert workers_of(command) == []
    check_what_is_left(tmp_path / "new" / "out", line)


INTERRUPTED_FORK = """
import os, signal
moment = {moment!r}
os.register_at_fork(**{{moment: lambda: os.kill(os.getpid(), signal.SIGINT)}})
from pipelines.cli import main
main()
"""


@needs_proc
@pytest.mark.parametrize(
    ("moment", "code", "message"),
    [
        ("before", 130, "interrupted"),
        # The command's own signal again, a little later.
        pytest.param("after_in_parent", 130, "interrupted", marks=pytest.mark.exhaustive),
        ("after_in_child", 1, "a worker process ended with exit code 1: it left no message"),
    ],
)
def test_ctrl_c_is_not_lost_while_workers_are_forked(
    short_text: Path, letters_vocab: Path, tmp_path: Path, moment: str, code: int, message: str
) -> None:
    program = INTERRUPTED_FORK.format(moment=moment)
    arguments = ["shard", short_text, "--vocab", letters_vocab, "--output", tmp_path / "out"]
    command = [sys.executable, "-c", program, *map(str, arguments), "--workers", "2"]
    done = run(command)
    assert done.returncode == code, done.stderr
    (line,) = without_notes(done.stderr)
    assert line.removesuffix(RESUME) == f"bertprep: error: {message}"


BESIDE_THREADS = """
import threading, time
threading.Thread(target=time.sleep, args=(2,)).start()
from pipelines.cli import main
main()
"""


def test_a_program_with_threads_need_not_guard_its_call_of_main(
    short_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(BESIDE_THREADS)
    arguments = ["shard", short_text, "--vocab", letters_vocab, "--output", tmp_path / "out"]
    command = [sys.executable, program, *map(str, arguments), "--workers", "2"]
    done = run(command)
    assert done.returncode == 0, done.stderr
    assert without_notes(done.stderr) == []


def test_ctrl_c_before_spawned_workers_are_at_work_is_one_line(
    long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    arguments = ["shard", long_text, "--vocab", letters_vocab, "--output", tmp_path / "out"]
    command = start(
        [sys.executable, "-m", "pipelines.cli", *arguments, "--direct_num_workers=2"],
        start_new_session=True,
    )
    wait_until(lambda: children_of(command.pid))
    os.killpg(command.pid, signal.SIGINT)
    (line,) = last_lines(command)
    assert line.removesuffix(RESUME) == "bertprep: error: interrupted"
    assert command.returncode == 130


@needs_proc
def test_a_request_to_terminate_ends_it_as_well(
    long_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    # In one process, in the midst of a step, which Beam would take for a failure of the step.
    with running(long_text, letters_vocab, tmp_path / "out", 1) as command:
        command.terminate()
        (line,) = last_lines(command)
        assert line.removesuffix(RESUME) == "bertprep: error: terminated"
        assert command.returncode == 143
    check_what_is_left(tmp_path / "out", line)


# All of them at once: any file that takes one's place would show.
@pytest.mark.parametrize(
    "closed", [(0, 1, 2), *(pytest.param(n, marks=pytest.mark.exhaustive) for n in ((0, 1), (2,)))]
)
def test_closed_standard_streams_are_no_places_for_other_files(
    short_text: Path, letters_vocab: Path, tmp_path: Path, closed: tuple[int, ...]
) -> None:
    arguments = ["shard", short_text, "--vocab", letters_vocab, "--output", tmp_path / "out"]
    command = [sys.executable, "-m", "pipelines.cli", *map(str, arguments), "--workers", "2"]
    shell = ["sh", "-c", '"$@" ' + " ".join(f"{n}>&-" for n in closed), "sh"]
    done = run([*shell, *command])
    assert done.returncode == 0, done.stderr


AT_WORK = "worker in-documents 1 stop"


@needs_proc
def test_a_killed_command_is_resumed_once_its_workers_are_gone_too(
    bertprep: Run, short_text: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    few = ("--dupe-factor", "1")
    options = ["--vocab", letters_vocab, "--workers", 1, "--output", output, "--resume", *few]
    # Their first file is about to get its name when they stand still.
    with running(short_text, letters_vocab, output, 2, *few, sabotage=AT_WORK) as command:
        workers = workers_of(command)
        wait_until(lambda: any(map(stands_still, workers)))
        for process in workers:
            os.kill(process, signal.SIGSTOP)
        command.kill()
        refused = bertprep("shard", short_text, *options)
        for process in workers:
            os.kill(process, signal.SIGCONT)
        done = bertprep("shard", short_text, *options)
    assert f"another run is writing to {output}" in refused.stderr
    assert done.returncode == 0, done.stderr
