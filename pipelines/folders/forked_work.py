"""Forks of this process: where they are safe, and work that is shared among them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from bertprep.errors import BertprepError

T = TypeVar("T")
R = TypeVar("R")


def can_fork() -> bool:
    """No fork of threads, nor of gRPC, which Beam starts: macOS's own libraries have both."""
    alone = threading.active_count() == 1 and "grpc" not in sys.modules
    is_daemon = multiprocessing.current_process().daemon  # and may have no children of this kind
    return sys.platform == "linux" and alone and not is_daemon


@contextmanager
def forking() -> Iterator[None]:
    """Around forks: Python's hooks of a fork would drop an interruption, or die of it midway.

    A mask of signals is not enough, as the libraries' threads get them then.
    """
    came: list[int] = []
    command = os.getpid()

    def hold(number: int, frame: object) -> None:
        if os.getpid() != command:  # a fork that is not yet what it is to be
            os._exit(1)
        came.append(number)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and callable(signal.getsignal(signal.SIGHUP)):
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, hold) for number in numbers}
    try:
        with warnings.catch_warnings():
            # The threads there are, of OpenBLAS and jemalloc, know what to do in a fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for held in came:
            signal.raise_signal(held)


def shared_out(work: Callable[[T], R], items: Sequence[T], processes: int) -> list[R]:
    """The values that a function gives for items, in order, worked out in so many forks.

    Args:
        work: the function; it may be a closure. What it gives is sent, and what it raises.
        items: what it is called with.
        processes: how many forks there are.
    """
    context = multiprocessing.get_context("fork")
    ends: list[Connection] = []
    forks = []
    try:
        with forking():
            for number in range(processes):
                ours, theirs = context.Pipe(duplex=False)
                share = items[number::processes]
                fork = context.Process(target=_work, args=(work, share, theirs), daemon=True)
                fork.start()
                theirs.close()
                ends.append(ours)
                forks.append(fork)
        shares = list(map(_received, ends))
    finally:
        for fork in forks:
            fork.kill()
            fork.join()
    given: list[Any] = [None] * len(items)
    for number, share in enumerate(shares):
        given[number::processes] = share
    return given


def _work(work: Callable[[T], R], share: Sequence[T], to: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command ends its forks
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, signal.SIG_DFL)
    command = os.getppid()
    given = []
    try:
        for item in share:
            given.append(work(item))
            if os.getppid() != command:
                os._exit(1)
        to.send(given)
    except Exception as error:
        to.send(error)
    os._exit(0)


def _received(end: Connection) -> list[Any]:
    try:
        given = end.recv()
    except EOFError:
        cause = "perhaps for want of memory"
        raise BertprepError(f"a process that looked at files was killed, {cause}") from None
    if isinstance(given, Exception):
        raise given
    return given  # type: ignore[no-any-return]
