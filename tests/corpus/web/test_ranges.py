"""The ranges of a plain archive: together they have each record once, wherever it is cut."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.corpus.seekable import DamagedError
from bertprep.corpus.web.ranges import first_record
from bertprep.corpus.web.records import web_records
from tests.corpus.web.archives import INFO, record

PAGES = [record("conversion", f"Page {n}.".encode() * n, "text/plain") for n in range(8)]
HELD = record("resource", b"".join(PAGES[:5]), "application/warc")
QUOTED = record("conversion", b"It begins so:\r\nWARC/1.0\r\nWARC-Type: response\r\n", "text/plain")
ARC = [
    b"http://a.org/%d 1.2.3.4 20080430204826 text/plain %d\n" % (n, n) + b"x" * n for n in (9, 90)
]
ARCHIVES = {
    "pages": [INFO, *PAGES],
    "an archive in a record": [INFO, PAGES[3], HELD, *PAGES[5:]],
    "an archive in the last record": [INFO, PAGES[3], HELD],
    "its own beginning quoted": [INFO, QUOTED, *PAGES[:3], QUOTED],
    "two blank lines between": [each + b"\r\n" for each in (INFO, *PAGES)],
    "nothing behind the last": [INFO, *PAGES[:3], PAGES[3].rstrip()],
    "one record": [PAGES[5]],
    "ARC": [each + b"\n" for each in ARC],
}


def part(data: bytes, start: int, end: int) -> list[tuple[int, bytes]]:
    stream = io.BytesIO(data)
    first = first_record(stream, start, end)
    found = [] if first is None else web_records(stream, first, end)
    return [(each.offset, each.body) for each in found]


@pytest.mark.parametrize("name", ARCHIVES)
@given(cuts=st.lists(st.floats(0, 1), max_size=6))
def test_ranges_are_the_whole(name: str, cuts: list[float]) -> None:
    data = b"".join(ARCHIVES[name])
    edges = sorted({0, len(data), *(int(cut * len(data)) for cut in cuts)})
    whole = [(each.offset, each.body) for each in web_records(io.BytesIO(data))]
    assert len(whole) == len(ARCHIVES[name])
    assert [each for a, b in pairwise(edges) for each in part(data, a, b)] == whole


def test_each_record_is_in_the_range_that_it_begins_in() -> None:
    data, start = b"".join(ARCHIVES["an archive in a record"]), 0
    for each in ARCHIVES["an archive in a record"]:
        assert [offset for offset, _ in part(data, start, start + 1)] == [start]
        assert part(data, start + 1, start + len(each)) == []
        start += len(each)


def test_a_record_is_found_behind_a_long_one() -> None:
    long = record("conversion", b"A line of it.\n" * 60_000, "text/plain")
    data = INFO + long + PAGES[1] + PAGES[2]
    places = [len(INFO + long), len(INFO + long + PAGES[1])]
    assert [offset for offset, _ in part(data, len(INFO) + 1, len(data))] == places


def test_damage_is_told_where_it_is() -> None:
    data = b"".join(ARCHIVES["pages"])
    cut = data[:-9]
    with pytest.raises(DamagedError):
        part(cut, len(cut) - len(PAGES[7]), len(cut))
    assert len(part(cut, 0, len(INFO) + 1)) == 2
