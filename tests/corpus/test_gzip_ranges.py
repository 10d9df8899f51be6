"""Parts of a gzip file of many members: together they are the whole, wherever it is cut."""

from __future__ import annotations

import gzip
import io
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.corpus.gzip_ranges import record_pieces
from bertprep.corpus.seekable import DamagedError

BODIES = [b"REC one\n", b"REC two, " + bytes(range(256)) * 40, b"REC\n", b"REC last"]


def is_record(data: bytes) -> bool:
    return data.startswith(b"REC")


def part(data: bytes, start: int, end: int) -> bytes:
    return b"".join(record_pieces(io.BytesIO(data), start, end, is_record))


def stored(data: bytes) -> bytes:
    """A member in which the bytes stand as they are."""
    deflate = zlib.compressobj(0, zlib.DEFLATED, 31)
    return deflate.compress(data) + deflate.flush()


MEMBERS = {
    "a record a member": [gzip.compress(body) for body in BODIES],
    "one member": [gzip.compress(b"".join(BODIES))],
    "members within records": [
        gzip.compress(b"".join(BODIES)[start : start + 1000]) for start in range(0, 12_000, 1000)
    ],
    "padding behind": [gzip.compress(BODIES[0]), gzip.compress(BODIES[1]), b"\0" * 500],
    "an archive in a record": [
        gzip.compress(BODIES[0]),
        stored(b"REC holds " + b"".join(gzip.compress(b"REC %d" % n) for n in range(20)) + b"."),
        gzip.compress(BODIES[3]),
    ],
}


@pytest.mark.parametrize("name", MEMBERS)
@given(cuts=st.lists(st.floats(0, 1), max_size=6))
def test_parts_are_the_whole(name: str, cuts: list[float]) -> None:
    data = b"".join(MEMBERS[name])
    edges = sorted({0, len(data), *(int(cut * len(data)) for cut in cuts)})
    parts = [part(data, a, b) for a, b in pairwise(edges)]
    assert b"".join(parts) == gzip.decompress(data)
    assert all(is_record(found) for found in parts if found)


def test_each_record_is_in_the_part_that_its_member_begins_in() -> None:
    members = MEMBERS["a record a member"]
    data, start = b"".join(members), 0
    for member, body in zip(members, BODIES, strict=True):
        assert part(data, start, start + 1) == body
        assert part(data, start + 1, start + len(member)) == b""
        start += len(member)


def test_damage_is_told_in_its_part() -> None:
    members = MEMBERS["a record a member"]
    data = b"".join(members)
    cut = data[:-5]
    with pytest.raises(DamagedError):
        part(cut, len(members[0]), len(cut))
    spoiled = bytearray(data)
    at = len(members[0]) + len(members[1]) - 6  # in the checksum of the second
    spoiled[at] ^= 1
    with pytest.raises(DamagedError):
        part(bytes(spoiled), 5, len(data))
    assert part(bytes(spoiled), 0, 5) == BODIES[0]
    with pytest.raises(DamagedError, match="incorrect header check"):
        part(data + b"no member", len(members[0]), len(data))
