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
from typing import BinaryIO

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
        self._streams: dict[str, BinaryIO] = {}

    @contextmanager
    def opened(self, path: str) -> Iterator[BinaryIO]:
        """A stream of the file as it is there now; where it stands is not said.

        Raises:
            OSError: if it cannot be read.
        """
        stream = self._taken(path) or files.open_input(path)
        try:
            yield stream
        except BaseException:
            stream.close()
            raise
        self._keep(path, stream)

    def _taken(self, path: str) -> BinaryIO | None:
        """The stream that is held, unless another thread has it or the file is another by now."""
        if posixpath.dirname(path) != self._folder:
            self.close()
            self._folder = posixpath.dirname(path)
        stream = self._streams.pop(path, None)
        if stream is None or _is_at(path, stream):
            return stream
        stream.close()
        return None

    def _keep(self, path: str, stream: BinaryIO) -> None:
        is_of_folder = posixpath.dirname(path) == self._folder
        if files.is_remote(path) or len(self._streams) >= self._most or not is_of_folder:
            stream.close()
        elif (other := self._streams.pop(path, None)) is not None:
            other.close()
            self._streams[path] = stream
        else:
            self._streams[path] = stream

    def close(self) -> None:
        """Closes all."""
        while self._streams:
            self._streams.popitem()[1].close()


def _is_at(path: str, stream: BinaryIO) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), os.stat(path))
    except OSError:  # to open it will tell
        return False


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
