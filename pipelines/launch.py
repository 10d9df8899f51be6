"""Starts worker processes, ahead of their work: they import Beam while the command does so, too."""

from __future__ import annotations

import atexit
import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO, cast

# Freed memory goes back to the system: 10% less at the peak, and no slower.
_LEAN_MEMORY = {"MALLOC_ARENA_MAX": "2", "ARROW_DEFAULT_MEMORY_POOL": "system"}

Process = subprocess.Popen[bytes]
_waiting: list[Process] = []


@contextmanager
def importing() -> Iterator[None]:
    """Around imports as large as Beam's: a fifth of their time is to look for garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


# Nor is it worth a third of a second, when all is done, to see what of it is garbage then.
atexit.register(gc.freeze)


def start(count: int) -> None:
    """Starts so many processes, which wait to be taken."""
    _waiting.extend(_start() for _ in range(count))


def take(settings: Mapping[str, str]) -> Process:
    """A process that runs ``pipelines.worker`` with these variables in its environment."""
    process = _waiting.pop(0) if _waiting else _start()
    with suppress(BrokenPipeError), cast(IO[bytes], process.stdin) as stdin:
        stdin.write(json.dumps(settings).encode() + b"\n")
    return process


def _start() -> Process:
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.worker", str(os.getpid())],
        env={**_LEAN_MEMORY, **os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@atexit.register
def _end_waiting() -> None:
    """What was started for a run that came to nothing."""
    for process in _waiting:
        process.kill()
