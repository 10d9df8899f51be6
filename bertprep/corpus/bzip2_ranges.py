"""A part of a bzip2 file of many streams, as dumps of Wikipedia are, so that workers share one.

A stream begins with a mark of ten bytes.  A part holds the streams whose marks begin in a byte
range of the file, and of those after it what a page that was begun goes on in.
"""

from __future__ import annotations

import bz2
import re
from collections.abc import Iterator
from typing import BinaryIO

from bertprep.corpus.seekable import DamagedError, Pieces

_MARK = re.compile(rb"BZh[1-9]1AY&SY")
_MARK_BYTES = 10
_READ_BYTES = 1 << 18
_OPENING, _CLOSING = b"<page>", b"</page>"


def page_pieces(raw: BinaryIO, start: int, end: int) -> Pieces:
    """The pages that begin in a part of a dump, after what the dump says of its wiki.

    Args:
        raw: the compressed file.
        start: the first byte of the range of it.
        end: the byte after its last.

    Raises:
        DamagedError: at a stream that cannot be decompressed.
    """
    try:
        first = _first_stream(raw, start, end)
        if first < 0:
            return
        if first > 0:
            yield from _header(raw)
        yield from _pages(raw, first, end)
    except EOFError:
        raise DamagedError("") from None
    except (OSError, ValueError) as error:
        raise DamagedError(str(error)) from None


def _first_stream(raw: BinaryIO, start: int, end: int) -> int:
    """Where the first stream of the range begins; -1 if none does."""
    raw.seek(start)
    position, data = start, b""
    while position < end:
        more = raw.read(_READ_BYTES)
        data += more
        if found := _MARK.search(data):
            place = position + found.start()
            return place if place < end else -1
        if not more:
            return -1
        kept = data[1 - _MARK_BYTES :]
        position += len(data) - len(kept)
        data = kept
    return -1


def _header(raw: BinaryIO) -> Pieces:
    """The bytes before the first page of the file."""
    header = b""
    for _, piece in _streams(raw, 0):
        header += piece
        before, found, _ = header.partition(_OPENING)
        if found:
            break
    yield before


def _pages(raw: BinaryIO, first: int, end: int) -> Pieces:
    pages = _OpenPage()
    for begin, piece in _streams(raw, first):
        if begin < end:
            pages.see(piece)
            yield piece
            continue
        rest = pages.rest(piece)
        yield rest
        if len(rest) < len(piece) or not rest:
            return
        pages.see(piece)


class _OpenPage:
    """Whether a page was begun and is not closed yet."""

    def __init__(self) -> None:
        self._is_open = False
        self._last = b""

    def see(self, piece: bytes) -> None:
        data = self._last + piece
        opened, closed = data.rfind(_OPENING), data.rfind(_CLOSING)
        if opened >= 0 or closed >= 0:
            self._is_open = opened > closed
        self._last = data[1 - len(_CLOSING) :]

    def rest(self, piece: bytes) -> bytes:
        """The part of a piece that belongs to the open page."""
        data = self._last + piece
        begun = self._begun_mark()
        mark = data[len(self._last) - begun :][: len(_OPENING)]
        if not self._is_open and not (begun and _OPENING.startswith(mark)):
            return b""
        end = data.find(_CLOSING)
        return piece if end < 0 else piece[: max(0, end + len(_CLOSING) - len(self._last))]

    def _begun_mark(self) -> int:
        """How many bytes of the mark that opens a page came last."""
        lengths = range(len(_OPENING) - 1, 0, -1)
        return next((n for n in lengths if self._last.endswith(_OPENING[:n])), 0)


def _streams(raw: BinaryIO, at: int) -> Iterator[tuple[int, bytes]]:
    """The content from a stream on: each piece with the byte at which its stream begins."""
    raw.seek(at)
    data = raw.read(_READ_BYTES)
    while data:
        begin, decompressor = at, bz2.BZ2Decompressor()
        while not decompressor.eof:
            given = b""
            if decompressor.needs_input:
                given = data or raw.read(_READ_BYTES)
                if not given:
                    raise EOFError
                data = b""
            at += len(given)
            if piece := decompressor.decompress(given, _READ_BYTES):
                yield begin, piece
        data = decompressor.unused_data
        at -= len(data)
        data = data or raw.read(_READ_BYTES)
