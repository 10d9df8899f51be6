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
    """A stream of which lines and numbers of bytes are taken."""

    def __init__(self, stream: BinaryIO) -> None:
        stream.seek(0)
        self._stream, self._data, self.offset = stream, b"", 0

    def _more(self) -> bool:
        read = self._stream.read(_READ_BYTES)
        self._data += read
        return bool(read)

    def line(self) -> bytes:
        """The next line with its end; nothing at the end of the stream."""
        while b"\n" not in self._data and len(self._data) < _LONGEST_HEAD and self._more():
            pass
        end = self._data.find(b"\n") + 1 or len(self._data)
        return self._taken(end)

    def _taken(self, size: int) -> bytes:
        taken, self._data = self._data[:size], self._data[size:]
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


def web_records(stream: BinaryIO) -> Iterator[WebRecord]:
    """The records of a WARC or ARC archive.

    ARC is WARC's forerunner: a record of it is a line, and a server's response.

    Raises:
        DamagedError: where a record is no record, or is cut off.
    """
    lines = _Lines(stream)
    for offset, line in _first_lines(lines):
        if WARC.match(line):
            headers = headers_of(iter(lines.line, b""))
            length = headers.get("content-length", "")
            if not length.isdigit():
                raise DamagedError(f"no Content-Length of the record at byte {offset:,}")
            kind, size = headers.get("warc-type", "").lower(), int(length)
        elif found := _ARC_LINE.fullmatch(line):
            url = found["url"].decode("utf-8", "replace")
            headers = {"warc-target-uri": url, "content-type": found["kind"].decode("latin-1")}
            kind = "response" if url.startswith(("http:", "https:")) else ""
            size = int(found["length"])
        else:
            raise DamagedError(f"no record at byte {offset:,}")
        yield WebRecord(offset, kind, headers, lines.body(size))


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
