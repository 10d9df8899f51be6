"""Starts worker processes ahead of their work: forks of the command where that is safe."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import wait
from typing import IO, Protocol, cast

from pipelines.folders.forked_work import can_fork, forking
from pipelines.runner.worker_main import import_all, main_of_fork


class Worker(Protocol):
    """A process that waits for its settings, and then is a worker of Beam's."""

    pid: int
    stderr: IO[bytes]

    def begin(self, settings: Mapping[str, str]) -> None:
        """Gives it the variables that its environment is to have."""

    def exit_code(self, seconds: float | None = None) -> int | None:
        """How it ended, once it has; None if it does not within the time."""

    def kill(self) -> None: ...


class _Fork:
    """A copy of this process, with all it has imported."""

    def __init__(self) -> None:
        settings, ours = os.pipe()
        self._settings = os.fdopen(ours, "wb")
        errors, stderr = os.pipe()
        self.stderr: IO[bytes] = os.fdopen(errors, "rb")
        self._process = multiprocessing.get_context("fork").Process(
            target=main_of_fork,
            args=(settings, stderr, [self._settings, self.stderr]),
            daemon=True,
        )
        self._process.start()
        self.pid = self._process.pid or 0
        os.close(settings)
        os.close(stderr)
        self._reaping = threading.Lock()

    def begin(self, settings: Mapping[str, str]) -> None:
        _send(settings, self._settings)

    def exit_code(self, seconds: float | None = None) -> int | None:
        if not wait([self._process.sentinel], seconds):
            return None
        with self._reaping:
            self._process.join()
        _close(self._settings)
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()


class _Subprocess:
    """A process of its own, which imports for itself."""

    def __init__(self) -> None:
        # It is to import what this process does, not what is in the folder it starts in.
        path = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.runner.worker_main"],
            env={**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self.pid = self._process.pid
        self.stderr = cast(IO[bytes], self._process.stderr)

    def begin(self, settings: Mapping[str, str]) -> None:
        _send(settings, cast(IO[bytes], self._process.stdin))

    def exit_code(self, seconds: float | None = None) -> int | None:
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        _close(cast(IO[bytes], self._process.stdin))
        return code

    def kill(self) -> None:
        self._process.kill()


def _send(settings: Mapping[str, str], stream: IO[bytes]) -> None:
    with suppress(BrokenPipeError):  # what it died of is told elsewhere
        stream.write(json.dumps(settings).encode() + b"\n")
        stream.flush()


def _close(stream: IO[bytes]) -> None:
    with suppress(OSError):  # what was not sent has nobody to read it
        stream.close()


_waiting: list[Worker] = []


def start(workers: int, *, only_here: bool = False) -> None:
    """Imports what a run needs, and starts processes, which wait to be taken.

    Where that is safe they are forks of this process: what is imported once serves all of them.

    Args:
        workers: how many processes.
        only_here: as ``import_all`` has it.
    """
    forks = can_fork()
    if not forks:
        _waiting.extend(_Subprocess() for _ in range(workers))
    import_all(only_here=only_here)
    if forks:
        with forking():
            _waiting.extend(_Fork() for _ in range(workers))


def take(settings: Mapping[str, str]) -> Worker:
    """A process that runs Beam's worker with these variables in its environment."""
    worker = _waiting.pop(0) if _waiting else _Subprocess()
    worker.begin(settings)
    return worker
