"""Runs that are ended from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apache_beam as beam
import pytest

from bertprep.errors import BertprepError
from pipelines.runner import beam_run
from tests.beam.kept_moments import sabotaging
from tests.commands import SECONDS, ended, start, without_notes


class FailBesideBusy(beam.DoFn):  # type: ignore[misc]
    """One worker process is busy for long; the other fails, or ends as a crash would end it."""

    def __init__(self, folder: Path, error: Exception | None) -> None:
        self._busy, self._done = folder / "busy", folder / "done"
        self._error = error

    def process(self, element: int) -> Iterator[None]:
        try:
            self._busy.mkdir()
        except FileExistsError:
            if self._error:
                raise self._error from None
            print("the last words\n", file=sys.stderr, flush=True)
            os._exit(3)
        time.sleep(30)
        self._done.touch()
        yield None


def raised(step: beam.DoFn, workers: int, *beam_args: str) -> BertprepError:
    def build(pipeline: beam.Pipeline) -> None:
        pipeline | beam.Create(range(20)) | beam.Reshuffle() | "Step" >> beam.ParDo(step)

    with pytest.raises(BertprepError) as error:
        beam_run.run(build, beam_args, workers, tempfile.gettempdir())
    return error.value


def wait_until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """A wait that no test should come near the end of."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_alive(process: object) -> bool:
    """Whether a process has not ended, whenever whoever is to be told of its end asks."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def stands_still(process: int) -> bool:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "T"


needs_proc = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")


def workers_of(command: subprocess.Popen[str]) -> list[int]:
    """The running worker processes, its forks, of a command, also when it is gone itself."""
    line = "".join(f"{argument}\0" for argument in command.args).encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            running = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if running == line and int(folder.name) != command.pid:
            found.append(int(folder.name))
    return found


@contextmanager
def running(
    text: Path, vocabulary: Path, output: Path, workers: int, *more: str, sabotage: str = ""
) -> Iterator[subprocess.Popen[str]]:
    """A run that is at work, in a process group of its own as in a terminal."""
    env = sabotaging(sabotage) if sabotage else None
    options = ["--vocab", vocabulary, "--output", output, "--workers", workers, *more]
    command = start(
        [sys.executable, "-m", "pipelines.cli", "shard", text, *options],
        env=env,
        start_new_session=True,
    )
    try:
        notes = output / ".bertprep-work" / "progress"
        wait_until(lambda: any(notes.glob("*.json")) or command.poll() is not None)
        assert command.poll() is None, command.communicate()
        assert len(workers_of(command)) == (workers if workers > 1 else 0)
        yield command
    finally:
        for process in [*workers_of(command), command.pid]:
            if command.poll() is None or process != command.pid:
                os.kill(process, signal.SIGKILL)
        command.communicate()


def last_lines(command: subprocess.Popen[str]) -> list[str]:
    """The last lines of a command that has ended, but for what it reads and warns of."""
    done = ended(command)
    assert done.stdout == ""
    return without_notes(done.stderr)


RESUME = "; the same command with --resume goes on from what is done"


def check_what_is_left(output: Path, line: str) -> None:
    """Only the work folder, and that only if the user was told how to go on from it."""
    left = [path.name for path in output.iterdir()] if output.exists() else []
    assert left == ([".bertprep-work"] if line.endswith(RESUME) else [])


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
