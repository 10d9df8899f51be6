"""A part of a gzip file of many members, as web archives are, so that workers share one.

Crawlers write each record as a member of its own.  A part holds the members that begin in a byte
range of the file, from the first on whose content begins as a record does, and what follows up to
the first such member after the range.  So parts are right for a file of one member, and for one
whose members are not its records, too: then one part holds it all.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO

from bertprep.corpus.seekable import DamagedError, Pieces

IsRecord = Callable[[bytes], bool]

_MARK = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_MARK_BYTES = 4
_READ_BYTES = 1 << 18
# Of a member's content it is told from so much whether a record begins there.
_HEAD_BYTES, _SIP_BYTES = 1 << 12, 1 << 4
# A mark may stand within a member, too, if that holds such a file: what follows there is soon none.
_LOOKED_AT_BYTES = 1 << 20


def record_pieces(raw: BinaryIO, start: int, end: int, is_record: IsRecord) -> Pieces:
    """The content of the members of a range, from record to record.

    Args:
        raw: the compressed file.
        start: the first byte of the range of it.
        end: the byte after its last.
        is_record: tells whether the beginning of a member's content is that of a record.

    Raises:
        DamagedError: at a member that cannot be decompressed.
    """
    try:
        first = _first_record(raw, start, end, is_record)
        if first is None:
            return
        for begin, head, rest in _members(raw, first):
            if begin >= end and is_record(head):
                return
            yield head
            yield from rest
    except EOFError:
        raise DamagedError("") from None
    except zlib.error as error:
        raise DamagedError(str(error)) from None


def _first_record(raw: BinaryIO, start: int, end: int, is_record: IsRecord) -> int | None:
    """Where the first member of the range begins that begins with a record."""
    if start == 0:
        return 0
    for place in _marks(raw, start, end):
        if _is_record(raw, place, is_record):
            if _goes_on(raw, place):
                return place
            # It may be a member within another: what the file is from its first byte on tells.
            return _first_from(0, raw, start, end, is_record)
    return None


def _marks(raw: BinaryIO, start: int, end: int) -> Iterator[int]:
    """Where in the range something stands that members begin with."""
    position = start
    while position < end:
        raw.seek(position)
        data = raw.read(_READ_BYTES + _MARK_BYTES - 1)
        for found in _MARK.finditer(data):
            if found.start() < _READ_BYTES and position + found.start() < end:
                yield position + found.start()
        if len(data) < _MARK_BYTES:
            return
        position += _READ_BYTES


def _is_record(raw: BinaryIO, place: int, is_record: IsRecord) -> bool:
    """Whether a member that begins with a record begins there, sound to its end or not."""
    raw.seek(place)
    decompressor, head, data = zlib.decompressobj(31), b"", raw.read(_READ_BYTES)
    with suppress(zlib.error):  # who reads on tells of it
        while len(head) < _HEAD_BYTES and data and not decompressor.eof:
            head += decompressor.decompress(data, _SIP_BYTES)
            data = decompressor.unconsumed_tail
    return is_record(head)


def _goes_on(raw: BinaryIO, place: int) -> bool:
    """Whether members follow each other from a place on, as far as is looked."""
    try:
        for begin, _, rest in _members(raw, place):
            if begin >= place + _LOOKED_AT_BYTES:
                return True
            for _ in rest:
                pass
    except (EOFError, zlib.error):
        return False
    return True


def _first_from(place: int, raw: BinaryIO, start: int, end: int, is_record: IsRecord) -> int | None:
    for begin, head, rest in _members(raw, place):
        if begin >= end:
            return None
        if begin >= start and is_record(head):
            return begin
        for _ in rest:
            pass
    return None


def _members(raw: BinaryIO, at: int) -> Iterator[tuple[int, bytes, Iterator[bytes]]]:
    """Where each member begins, the beginning of its content, and the rest, which may be read."""
    source = _Source(raw, at)
    while source.skip_padding():
        begin, pieces = source.at, source.member()
        head = b""
        while len(head) < _HEAD_BYTES and (piece := next(pieces, b"")):
            head += piece
        yield begin, head, pieces
        for _ in pieces:
            pass


class _Source:
    """A file that is read on from a byte, and each byte once.

    Attributes:
        at: the byte that comes next.
    """

    def __init__(self, raw: BinaryIO, at: int) -> None:
        raw.seek(at)
        self._raw, self._data, self.at = raw, b"", at

    def _taken(self) -> bytes:
        """The bytes that come next, some; none at the end of the file."""
        data, self._data = self._data or self._raw.read(_READ_BYTES), b""
        self.at += len(data)
        return data

    def _put_back(self, data: bytes) -> None:
        self._data = data
        self.at -= len(data)

    def skip_padding(self) -> bool:
        """Passes over zeros; False if nothing follows."""
        while data := self._taken():
            if left := data.lstrip(b"\0"):
                self._put_back(left)
                return True
        return False

    def member(self) -> Iterator[bytes]:
        """The content of the member that comes next; EOFError if the file ends before it does."""
        decompressor, size = zlib.decompressobj(31), _HEAD_BYTES
        while not decompressor.eof:
            data = decompressor.unconsumed_tail or self._taken()
            if not data:
                raise EOFError
            if piece := decompressor.decompress(data, size):
                yield piece
                size = _READ_BYTES
        self._put_back(decompressor.unused_data)
