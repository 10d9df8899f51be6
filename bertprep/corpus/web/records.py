"""Records of WARC and ARC archives: headers that give a length, and so many bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

from bertprep.corpus.seekable import DamagedError

WARC = re.compile(rb"WARC/\d\.\d+\r?\n")
ARC = re.compile(rb"filedesc://\S+ \S+ \d+")
_ARC_LINE = re.compile(rb"(?P<url>\S+) \S+ \d{8,17} (?P<kind>\S*) (?:.* )?(?P<length>\d+)\s*")
_READ_BYTES = 1 << 18
_LONGEST_HEAD = 1 << 20
# More than of any page that people wrote; the bytes of a film, say, are passed over.
_MOST_BYTES = 32 << 20


class WebRecord(NamedTuple):
    """A record.

    Attributes:
        offset: of its first byte in the decompressed archive.
        kind: as WARC names it: ``response``, ``conversion``, ...; in ARC what is no page is "".
        headers: its own, by name in small letters.
        body: what it holds; nothing where that is too long.
    """

    offset: int
    kind: str
    headers: Mapping[str, str]
    body: bytes


class _Lines:
    """A stream, from a byte on, of which lines and numbers of bytes are taken.

    Attributes:
        offset: of the byte that comes next.
    """

    def __init__(self, stream: BinaryIO, offset: int) -> None:
        stream.seek(offset)
        self._stream, self.offset = stream, offset
        self._data, self._at = b"", 0

    def _more(self) -> bool:
        read = self._stream.read(_READ_BYTES)
        self._data, self._at = self._data[self._at :] + read, 0
        return bool(read)

    def line(self) -> bytes:
        """The next line with its end; nothing at the end of the stream."""
        while (end := self._data.find(b"\n", self._at)) < 0:
            if len(self._data) - self._at >= _LONGEST_HEAD or not self._more():
                return self._taken(len(self._data))
        return self._taken(end + 1 - self._at)

    def _taken(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        self._at += len(taken)
        self.offset += len(taken)
        return taken

    def body(self, size: int) -> bytes:
        """So many bytes, or nothing of too many, which are passed over.

        Raises:
            DamagedError: if the stream ends before.
        """
        parts, left = [self._taken(size)], size
        left -= len(parts[0])
        while left:
            read = self._stream.read(min(left, _READ_BYTES))
            if not read:
                raise DamagedError("")
            self.offset += len(read)
            left -= len(read)
            if size <= _MOST_BYTES:
                parts.append(read)
        return b"".join(parts) if size <= _MOST_BYTES else b""

    def skip(self, size: int) -> None:
        """Passes over so many bytes, whether they are there or not."""
        left = size - len(self._taken(size))
        if left:
            self.offset += left
            self._stream.seek(self.offset)


def _first_lines(lines: _Lines) -> Iterator[tuple[int, bytes]]:
    """Where each record begins, and its first line; the caller reads the rest of it in between."""
    while True:
        offset, line = lines.offset, lines.line()
        if not line:
            return
        if line.strip():
            yield offset, line


def begins_record(data: bytes) -> bool:
    """Whether a record of WARC or ARC begins with these bytes."""
    line = data.lstrip(b"\r\n").partition(b"\n")[0]
    return bool(WARC.match(line + b"\n") or _ARC_LINE.fullmatch(line))


class _Head(NamedTuple):
    """Kind and headers of a record, as ``WebRecord`` has them, and how many bytes it holds."""

    kind: str
    headers: Mapping[str, str]
    size: int


def _head(lines: _Lines, offset: int, line: bytes) -> _Head:
    """The head of a record by its first line.

    ARC is WARC's forerunner: a record of it is a line, and a server's response.

    Raises:
        DamagedError: where it is none.
    """
    if WARC.match(line):
        headers = headers_of(iter(lines.line, b""))
        length = headers.get("content-length", "")
        if not length.isdigit():
            raise DamagedError(f"no Content-Length of the record at byte {offset:,}")
        return _Head(headers.get("warc-type", "").lower(), headers, int(length))
    if found := _ARC_LINE.fullmatch(line):
        url = found["url"].decode("utf-8", "replace")
        headers = {"warc-target-uri": url, "content-type": found["kind"].decode("latin-1")}
        kind = "response" if url.startswith(("http:", "https:")) else ""
        return _Head(kind, headers, int(found["length"]))
    raise DamagedError(f"no record at byte {offset:,}")


def web_records(stream: BinaryIO, start: int = 0, end: int | None = None) -> Iterator[WebRecord]:
    """The records of a WARC or ARC archive.

    Args:
        stream: the archive, decompressed.
        start: where the first record begins that is wanted.
        end: only records that begin before it.

    Raises:
        DamagedError: where a record is no record, or is cut off.
    """
    lines = _Lines(stream, start)
    for offset, line in _first_lines(lines):
        if end is not None and offset >= end:
            return
        head = _head(lines, offset, line)
        yield WebRecord(offset, head.kind, head.headers, lines.body(head.size))


def record_places(stream: BinaryIO, start: int) -> Iterator[tuple[int, int]]:
    """Where each record begins and ends, from one on; what they hold is passed over.

    Raises:
        DamagedError: where a record is no record.
    """
    lines = _Lines(stream, start)
    for offset, line in _first_lines(lines):
        size = _head(lines, offset, line).size
        place = lines.offset + size
        yield offset, place
        lines.skip(size)


def headers_of(lines: Iterator[bytes]) -> dict[str, str]:
    """Headers by name in small letters, up to the first empty line."""
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        if not line.strip():
            break
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text[:1] in " \t" and name:
            headers[name] += f" {text.strip()}"
            continue
        name, _, value = text.partition(":")
        name = name.strip().lower()
        headers[name] = value.strip()
    return headers
