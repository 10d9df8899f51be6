"""An object of a known size, read by the ranges that its reader asks for, each by one request."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bertprep.stores.objects import Store


class Ranges:
    """An object for reading in any order, for who knows which of its bytes are read together.

    Args:
        store: that it is in.
        path: its URI.
        size: how many bytes it should have.
        end: of these, how many of the last are likely to be asked for.
    """

    closed = False

    def __init__(self, store: Store, path: str, size: int, end: int) -> None:
        self.name, self._store = path, store
        self._expected, self._end = size, end
        self._held: list[tuple[int, bytes]] = []
        self._position = 0

    def __enter__(self) -> Ranges:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of all bytes."""
        self._held.clear()

    def size(self) -> int:
        """How many bytes it has now; if as many as it should, the request also gives its end."""
        start = max(0, self._expected - max(1, self._end))
        # A byte behind the end, which tells that it has grown.
        found = self._store.read_range(self.name, start, self._expected + 1)
        if len(found) != self._expected - start:
            return self._store.size_and_time(self.name)[0]
        self._held.append((start, found))
        return self._expected

    def hold(self, start: int, stop: int) -> None:
        """Gets bytes ``start`` to ``stop`` (exclusive), which are about to be read in parts.

        Of a damaged file they may be anywhere: there is nothing to get behind its end.
        """
        stop = min(stop, self._expected)
        if 0 <= start < stop and self._found(start, stop) is None:
            self._held.append((start, self._store.read_range(self.name, start, stop)))

    def read(self, count: int = -1) -> bytes:
        """The next bytes: of those that are held, or by a request."""
        start = self._position
        stop = self._expected if count < 0 else min(start + count, self._expected)
        if stop <= start:
            return b""
        data = self._found(start, stop)
        if data is None:
            data = self._store.read_range(self.name, start, stop)
        self._position += len(data)
        return data

    def _found(self, start: int, stop: int) -> bytes | None:
        for begins, held in self._held:
            if begins <= start and stop <= begins + len(held):
                return held[start - begins : stop - begins]
        return None

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Goes to a place from which to read on."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._expected}[whence]
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """The place that is read from next."""
        return self._position

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False


def hold(stream: Any, start: int, stop: int) -> None:
    """Has bytes that are about to be read in parts come together; on a disk that gains nothing.

    Args:
        stream: the open file, of whatever kind.
        start: the place of the first byte.
        stop: that behind the last.
    """
    if isinstance(stream, Ranges):
        stream.hold(start, stop)
