"""The base of object stores: objects are read by ranges, and written whole."""

from __future__ import annotations

import errno
import io
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import IO, Any, BinaryIO, NamedTuple, Protocol, cast

# What the libraries of stores raise before they have asked anything, and the way out.
_WAYS_OUT = {
    "DefaultCredentialsError": "no credentials of Google are found; `gcloud auth "
    "application-default login` makes some, or GOOGLE_APPLICATION_CREDENTIALS names a key's file",
    "NoCredentialsError": "no credentials are found; `aws configure` keeps some, or "
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY hold them",
}
_LONGEST_SAID = 300
_IN_MEMORY = 32 << 20
_READ_AHEAD = 1 << 20


def unanswered(path: str, error: Exception) -> OSError:
    """The error of a request that got no answer, in one line: what its library raised, or why."""
    kind, text = type(error).__name__, " ".join(str(error).split())
    if len(text) > _LONGEST_SAID:
        text = f"{text[:_LONGEST_SAID]} ..."
    # A key's file that is named and not there is told best by the library itself.
    found = None if text.startswith("File ") else _WAYS_OUT.get(kind)
    return OSError(errno.EIO, found or f"{kind}: {text}", path)


class Listed(NamedTuple):
    """An object: its URI, its bytes, and when it was written, in seconds since 1970."""

    path: str
    size: int
    modified: float


class Readable(Protocol):
    """A place whose files are only read, by their URIs; a module of this folder is one."""

    SCHEMES: tuple[str, ...]

    def size_and_time(self, path: str, /) -> tuple[int, float]:
        """A file's bytes, and when it was written, in seconds since 1970; 0 if nobody says."""

    def open_read(self, path: str, /) -> BinaryIO:
        """A file for reading in any order."""


class Store(Protocol):
    """A store, as a module of this folder is one.

    Whatever is wrong is an OSError of one line: FileNotFoundError and FileExistsError where that
    is what the store says.  Objects are named by their URIs.
    """

    SCHEME: str

    def size_and_time(self, path: str) -> tuple[int, float]:
        """An object's bytes, and when it was written, in seconds since 1970."""

    def tag(self, path: str) -> str:
        """Tells what is there from all that was there before, or will be."""

    def exists(self, path: str) -> bool:
        """Whether there is such an object; one request."""

    def read(self, path: str) -> bytes:
        """All bytes of an object; one request."""

    def put(self, path: str, body: bytes | IO[bytes], tag: str | None = None) -> str:
        """Writes an object whole; gives its tag.

        Args:
            path: its URI.
            body: its bytes.
            tag: of what it replaces; "" for nothing, None for anything.

        Raises:
            FileExistsError: if there is something else.
        """

    def copy(self, source: str, target: str) -> None:
        """Copies an object within the store."""

    def listed(self, prefix: str) -> Iterator[Listed]:
        """The objects whose URIs begin so."""

    def delete(self, paths: Sequence[str]) -> None:
        """Removes objects of one bucket, those that are there, many by a request."""

    def delete_if(self, path: str, tag: str) -> None:
        """Removes an object if it is still the one of that tag; one request.

        Args:
            path: its URI.
            tag: as ``put`` gave it.

        Raises:
            FileExistsError: if there is something else.
            FileNotFoundError: if there is nothing.
        """

    def read_range(self, path: str, start: int, stop: int) -> bytes:
        """Some bytes of an object; fewer where it ends, none behind.

        Args:
            path: its URI.
            start: the first byte.
            stop: the byte behind the last.
        """


def open_read(store: Store, path: str) -> BinaryIO:
    """An object for reading in any order."""
    return open_ranges(path, lambda path: store.size_and_time(path)[0], store.read_range)


def open_write(store: Store, path: str) -> BinaryIO:
    """A new object for writing, which is there once it is closed without an error."""
    return cast(BinaryIO, Writer(partial(store.put, path)))


def open_ranges(
    path: str,
    size_of: Callable[[str], int],
    read_range: Callable[[str, int, int], bytes],
    read_ahead: int = _READ_AHEAD,
) -> BinaryIO:
    """An object for reading in any order.

    Args:
        path: its URI.
        size_of: gives its bytes.
        read_range: gives those from a first to before a last one; fewer where it ends, none behind.
        read_ahead: bytes to ask for at once, at least.
    """
    return cast(BinaryIO, io.BufferedReader(_Reader(path, size_of, read_range), read_ahead))


class _Reader(io.RawIOBase):
    """Ranges of an object, each by a request."""

    def __init__(
        self, path: str, size_of: Callable[[str], int], read_range: Callable[[str, int, int], bytes]
    ) -> None:
        self.name = path
        self._size_of, self._read_range = size_of, read_range
        self._position = 0
        self._size: int | None = None  # asked for when it matters

    @property
    def size(self) -> int:
        """The bytes of the object."""
        if self._size is None:
            self._size = self._size_of(self.name)
        return self._size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = self._position if whence == os.SEEK_CUR else 0
        self._position = max(0, (self.size if whence == os.SEEK_END else base) + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readall(self) -> bytes:
        """The rest by one request: Python's own would ask for 8 kB again and again."""
        found = b""
        if self._position < self.size:
            found = self._read_range(self.name, self._position, self.size)
        self._position += len(found)
        return found

    def readinto(self, buffer: Any) -> int:
        if self._size is not None and self._position >= self._size:
            return 0
        found = self._read_range(self.name, self._position, self._position + len(buffer))
        buffer[: len(found)] = found
        self._position += len(found)
        if 0 < len(found) < len(buffer):
            self._size = self._position
        return len(found)


class Writer(tempfile.SpooledTemporaryFile[bytes]):
    """A buffer of written bytes, kept until all of it can be sent.

    Args:
        send: sends it, when all is there.
    """

    def __init__(self, send: Callable[[IO[bytes]], object]) -> None:
        super().__init__(max_size=_IN_MEMORY)
        self._send = send
        self._is_sent = False

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is not None:
            self._is_sent = True  # never
        self.close()

    def close(self) -> None:
        try:
            if not self._is_sent:
                self._is_sent = True
                self.seek(0)
                self._send(cast(IO[bytes], self))
        finally:
            super().close()
