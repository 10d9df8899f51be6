"""A range of a plain web archive begins with a record, so that workers share the archive.

A record may hold another archive, whose records look the same.  What tells them apart is what is
between two: as many bytes as behind the archive's first record.  Behind the last of a held archive
there are those of its own, and then those of the record that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import BinaryIO

from bertprep.corpus.seekable import DamagedError
from bertprep.corpus.web.records import begins_record, record_places

_READ_BYTES, _LONGEST_LINE = 1 << 18, 1 << 16
_LINE = re.compile(rb"\n(WARC/\d[^\n]*|\S+:\S* \S+ \d{8,17} [^\n]*)(?=\n)")
# Records are followed so far: a record that is longer is not taken, whatever it holds.
_FOLLOWED_BYTES = 33 << 20


def first_record(stream: BinaryIO, start: int, end: int) -> int | None:
    """Where in a range the first record begins; None if none does.

    Args:
        stream: the archive, plain or decompressed.
        start: the first byte of the range.
        end: the byte after its last.

    Raises:
        DamagedError: where a record is no record that has to be passed over to find it.
    """
    if start == 0:
        return 0
    gap = _gap(stream)
    for place in _candidates(stream, start, end):
        if _goes_on(stream, place, gap):
            return place
        # It may be within a record: what the archive is from its first byte on tells.
        places = (begin for begin, _ in record_places(stream, 0) if begin >= start)
        found = next(places, end)
        return found if found < end else None
    return None


def _gap(stream: BinaryIO) -> int:
    """How many bytes are between the first record and the second; 0 if there is no second."""
    with suppress(DamagedError):
        places = list(islice(record_places(stream, 0), 2))
        return places[1][0] - places[0][1] if len(places) > 1 else 0
    return 0


def _candidates(stream: BinaryIO, start: int, end: int) -> Iterator[int]:
    """Where in the range a line begins that a record may begin with."""
    for position in range(start, end, _READ_BYTES):
        stream.seek(position - 1)
        data = stream.read(_READ_BYTES + _LONGEST_LINE)
        for found in _LINE.finditer(data):
            place = position + found.start()
            if place < min(end, position + _READ_BYTES) and begins_record(found[1] + b"\n"):
                yield place


def _goes_on(stream: BinaryIO, place: int, gap: int) -> bool:
    """Whether records follow each other from a place on, each behind the usual gap."""
    size = stream.seek(0, 2)
    last = None
    try:
        for begin, end in record_places(stream, place):
            if last is not None and begin - last != gap:
                return False
            if begin >= place + _FOLLOWED_BYTES:
                return True
            last = end
    except DamagedError:
        return False
    return last is not None and size - last <= gap
