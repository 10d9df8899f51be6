"""Files of this machine that are read again and again: opened once by a process, and held open.

Each pool reads a little of every split's file, each shard of every pool's: opened each time, files
of a corpus ten times as large are opened a hundred times as often.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import BinaryIO, NamedTuple

from bertprep.stores.schemes import is_remote
from pipelines.folders import files

_MOST, _FOR_OTHERS = 16_384, 256


class HeldFiles:
    """Holds open what was read, of one folder at a time: stages are read one after the other.

    Args:
        most: how many files; those beyond are opened each time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._folder = ""
        self._streams: dict[str, _Open] = {}

    @contextmanager
    def opened(self, path: str) -> Iterator[BinaryIO]:
        """A stream of the file as it is there now; where it stands is not said.

        Raises:
            OSError: if it cannot be read.
        """
        folder = posixpath.dirname(path)
        held = self._taken(path, folder) or _Open.of(path)
        try:
            yield held.stream
        except BaseException:
            held.stream.close()
            raise
        self._keep(path, folder, held)

    def _taken(self, path: str, folder: str) -> _Open | None:
        """The stream that is held, unless another thread has it or the file is another by now."""
        if folder != self._folder:
            self.close()
            self._folder = folder
        held = self._streams.pop(path, None)
        if held is None or held.identity == _identity(path):
            return held
        held.stream.close()
        return None

    def _keep(self, path: str, folder: str, held: _Open) -> None:
        is_here = held.identity is not None and folder == self._folder
        if not is_here or len(self._streams) >= self._most:
            held.stream.close()
            return
        if (other := self._streams.pop(path, None)) is not None:
            other.stream.close()
        self._streams[path] = held

    def close(self) -> None:
        """Closes all."""
        while self._streams:
            self._streams.popitem()[1].stream.close()


class _Open(NamedTuple):
    """A file that is open, and what tells it from another of its name; None of one elsewhere."""

    stream: BinaryIO
    identity: tuple[int, int] | None

    @classmethod
    def of(cls, path: str) -> _Open:
        stream = files.open_input(path)
        return cls(stream, None if is_remote(path) else _identity(stream.fileno()))


def _identity(file: str | int) -> tuple[int, int] | None:
    try:
        status = os.stat(file)
    except OSError:  # to open it will tell
        return None
    return status.st_dev, status.st_ino


@cache
def held_files() -> HeldFiles:
    """Those of this process, as many as the system lets it have besides others."""
    try:
        import resource
    except ImportError:  # where a file that is open cannot be removed
        return HeldFiles(0)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST + _FOR_OTHERS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else max(soft, min(hard, wanted))
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    allowed = _MOST if soft == resource.RLIM_INFINITY else min(_MOST, soft - _FOR_OTHERS)
    return HeldFiles(max(0, allowed))
