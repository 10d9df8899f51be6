"""Starts worker processes ahead of their work: forks of the command where that is safe."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import IO, Protocol, cast

from pipelines.runner.worker import import_all, main_of_fork


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
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()


class _Subprocess:
    """A process of its own, which imports for itself."""

    def __init__(self) -> None:
        # It is to import what this process does, not what is in the folder it starts in.
        path = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.runner.worker"],
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
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def kill(self) -> None:
        self._process.kill()


def _send(settings: Mapping[str, str], stream: IO[bytes]) -> None:
    with suppress(BrokenPipeError):  # what it died of is told elsewhere
        stream.write(json.dumps(settings).encode() + b"\n")
        stream.flush()


_waiting: list[Worker] = []


def start(workers: int) -> None:
    """Imports what a run needs, and starts so many processes, which wait to be taken.

    Where that is safe they are forks of this process: what is imported once serves all of them.
    """
    forks = _can_fork()
    if not forks:
        _waiting.extend(_Subprocess() for _ in range(workers))
    import_all()
    if forks:
        with warnings.catch_warnings(), _signals_held():
            # The threads there are, of OpenBLAS and jemalloc, know what to do in a fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            _waiting.extend(_Fork() for _ in range(workers))


def _can_fork() -> bool:
    """No fork of threads, nor of gRPC, which Beam starts: macOS's own libraries have both."""
    alone = threading.active_count() == 1 and "grpc" not in sys.modules
    is_daemon = multiprocessing.current_process().daemon  # and may have no children of this kind
    return sys.platform == "linux" and alone and not is_daemon


@contextmanager
def _signals_held() -> Iterator[None]:
    """Around forks: Python's hooks of a fork would drop an interruption, or die of it midway.

    A mask of signals is not enough, as the libraries' threads get them then.
    """
    came: list[int] = []
    command = os.getpid()

    def hold(number: int, frame: object) -> None:
        if os.getpid() != command:  # a fork that is not yet a worker
            os._exit(1)
        came.append(number)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and callable(signal.getsignal(signal.SIGHUP)):
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, hold) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for held in came:
            signal.raise_signal(held)


def take(settings: Mapping[str, str]) -> Worker:
    """A process that runs Beam's worker with these variables in its environment."""
    worker = _waiting.pop(0) if _waiting else _Subprocess()
    worker.begin(settings)
    return worker
