"""Starts worker processes ahead of their work, and makes the most of the memory they share."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

# What was freed goes back to the system sooner than glibc would have it: a tenth less at the peak,
# and no slower.  While others work there is no need to be fast: the messages of a large run then
# leave nothing behind.  (Parameters of glibc's mallopt, and their values.)
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_AT_WORK = {_TRIM_THRESHOLD: 32 << 20, _MMAP_THRESHOLD: 4 << 20, _ARENA_MAX: 2}
_WAITING = {_TRIM_THRESHOLD: 1 << 20, _MMAP_THRESHOLD: 128 << 10}


class Worker:
    """A process that waits for its settings, and then is a worker of Beam's."""

    def __init__(self, method: str) -> None:
        from pipelines.worker import main

        context = multiprocessing.get_context(method)
        settings, self._settings = context.Pipe(duplex=False)
        self.stderr, stderr = context.Pipe(duplex=False)
        # A daemon: it ends with the command.
        self._process: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=main, args=(settings, stderr), daemon=True
        )
        with _ctrl_c_masked() if method == "spawn" else nullcontext():
            self._process.start()
        settings.close()
        stderr.close()
        self._reaping = threading.Lock()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def begin(self, settings: Mapping[str, str]) -> None:
        """Gives it the variables that its environment is to have."""
        with suppress(BrokenPipeError), self._settings:
            self._settings.send(settings)

    def exit_code(self, seconds: float | None = None) -> int | None:
        """How it ended, once it has; None if it does not within the time."""
        if not wait([self._process.sentinel], seconds):
            return None
        with self._reaping:
            self._process.join()
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()


@contextmanager
def _ctrl_c_masked() -> Iterator[None]:
    """For a process that is started here: it would show a traceback until it is a worker."""
    resource_tracker.ensure_running()  # it takes the mask away once it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_waiting: list[Worker] = []


@contextmanager
def importing() -> Iterator[None]:
    """Around imports as large as Beam's: a fifth of their time is to look for garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def start(workers: int) -> None:
    """Imports what a run needs, and starts so many processes, which wait to be taken.

    Where that is safe they are forks of this process: what is imported once serves all of them.
    """
    # No fork of threads, nor of gRPC, which Beam starts: macOS's own libraries have both.
    alone = threading.active_count() == 1 and "grpc" not in sys.modules
    method = "fork" if sys.platform == "linux" and alone else "spawn"
    import_all()
    with warnings.catch_warnings(), _signals_held() if method == "fork" else nullcontext():
        # The threads there are, of OpenBLAS and jemalloc, know what to do in a fork.
        warnings.simplefilter("ignore", DeprecationWarning)
        _waiting.extend(Worker(method) for _ in range(workers))


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

    before = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for held in came:
            signal.raise_signal(held)


def import_all() -> None:
    """Imports what the first steps of a run need."""
    with importing():
        import pyarrow as pa
        from apache_beam.runners.worker import sdk_worker_main  # noqa: F401

        from pipelines import shard, vocab  # noqa: F401
    _tune_memory(_AT_WORK)
    pa.set_memory_pool(pa.system_memory_pool())


@contextmanager
def while_others_work() -> Iterator[None]:
    """Keeps no freed memory where this process only waits for others."""
    _tune_memory(_WAITING)
    try:
        yield
    finally:
        _tune_memory(_AT_WORK)


def _tune_memory(parameters: Mapping[int, int]) -> None:
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        for parameter, value in parameters.items():
            libc.mallopt(parameter, value)


def take(settings: Mapping[str, str]) -> Worker:
    """A process that runs Beam's worker with these variables in its environment."""
    worker = _waiting.pop(0) if _waiting else Worker("spawn")
    worker.begin(settings)
    return worker
