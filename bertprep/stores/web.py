"""Files at https:// and http:// addresses: read by ranges, or by a copy where there are none."""

from __future__ import annotations

import errno
import http.client
import io
import os
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO, cast

SCHEMES = ("https://", "http://")
_SECONDS = 8
_TRIES = 2
_IN_MEMORY = 8 << 20
_READ_BYTES = 1 << 20


def size_and_time(url: str, seconds: float = _SECONDS) -> tuple[int, float]:
    """A file's bytes, and when it changed, in seconds since 1970; 0 if its server does not say.

    Args:
        url: the address.
        seconds: how long its server is waited for.

    Raises:
        OSError: whatever is wrong, in one line; also if the server does not tell the size.
    """
    with _answer(url, "HEAD", seconds) as answer:
        length, changed = answer.headers["Content-Length"], answer.headers["Last-Modified"]
    if length is None:
        raise OSError(errno.EIO, "its server does not tell how large it is; download it", url)
    return int(length), parsedate_to_datetime(changed).timestamp() if changed else 0.0


def open_read(url: str) -> BinaryIO:
    """The file, for reading in any order; OSError as all here."""
    with _answer(url, "HEAD") as answer:
        has_ranges = answer.headers["Accept-Ranges"] == "bytes"
        length = answer.headers["Content-Length"]
    if has_ranges and length is not None:
        return cast(BinaryIO, io.BufferedReader(_Ranges(url, int(length)), _READ_BYTES))
    return _copied(url)


def _copied(url: str) -> BinaryIO:
    """A copy of the file, which is gone once it is closed."""
    copy = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        with _answer(url, "GET") as answer, _told(url):
            while part := answer.read(_READ_BYTES):
                copy.write(part)
            missing = int(answer.headers["Content-Length"] or copy.tell()) - copy.tell()
            if missing:  # of which reading by parts says nothing
                raise http.client.IncompleteRead(b"", missing)
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return cast(BinaryIO, copy)


class _Ranges(io.RawIOBase):
    """Ranges of a file, each by a request."""

    def __init__(self, url: str, size: int) -> None:
        self.name, self._size, self._position = url, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:
        last = min(self._position + len(buffer), self._size) - 1
        if last < self._position:
            return 0
        found = self._part(self._position, last)
        buffer[: len(found)] = found
        self._position += len(found)
        return len(found)

    def _part(self, first: int, last: int) -> bytes:
        """The bytes of a range, asked for once more if the answer breaks off."""
        for left in reversed(range(_TRIES)):
            try:
                with _answer(self.name, "GET", Range=f"bytes={first}-{last}") as answer:
                    found = cast(bytes, answer.read())
                    # A server may give all of it, whatever was asked for.
                    return found if answer.status == 206 else found[first : last + 1]
            except http.client.HTTPException:
                if not left:
                    with _told(self.name):
                        raise
        raise AssertionError


def _answer(url: str, method: str, seconds: float = _SECONDS, **headers: str) -> Any:
    headers["User-Agent"] = "bertprep"
    with _told(url):
        request = urllib.request.Request(_quoted(url), method=method, headers=headers)
        return urllib.request.urlopen(request, timeout=seconds)


def _quoted(url: str) -> str:
    """The address as it is sent: people write letters and spaces as they are."""
    parts = urllib.parse.urlsplit(url)
    path, query = (urllib.parse.quote(part, safe="%/:=&?~+!$,;'@()*") for part in parts[2:4])
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, query, ""))


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Within, whatever is wrong becomes an OSError of one line."""
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        kind = errno.ENOENT if error.code in (404, 410) else errno.EIO
        raise OSError(kind, f"its server says {error.code} {error.reason}", url) from None
    except urllib.error.URLError as error:
        raise OSError(errno.EIO, f"its server cannot be reached: {error.reason}", url) from None
    except (http.client.HTTPException, OSError, ValueError) as error:
        said = f"its server's answer failed: {type(error).__name__}: {' '.join(str(error).split())}"
        raise OSError(errno.EIO, said, url) from None
