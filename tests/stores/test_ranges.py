"""Ranges of an object: how many requests they take, and what is told of one that has changed."""

from __future__ import annotations

import io

import pytest

from bertprep.stores.ranges import Ranges, hold
from tests.stores.places import *  # noqa: F403 - fixtures
from tests.stores.places import Place

DATA = bytes(range(251)) * 1000


def ranges(place: Place, data: bytes = DATA, size: int = len(DATA)) -> Ranges:
    path = f"{place.bucket}/a"
    place.store.put(path, data)
    place.seen.clear()
    return Ranges(place.store, path, size, end=10_000)


def test_the_size_and_the_end_come_together_and_so_does_what_is_held(place: Place) -> None:
    with ranges(place) as stream:
        assert stream.size() == len(DATA)
        stream.seek(-10_000, 2)
        assert stream.read(9_000) + stream.read() == DATA[-10_000:]
        assert (stream.read(5), stream.tell()) == (b"", len(DATA))
        assert place.seen == {"get": 1}
        hold(stream, 1000, 5000)
        for start, count in ((1000, 4000), (1500, 1), (4000, 1000)):
            stream.seek(start)
            assert stream.read(count) == DATA[start : start + count]
        assert place.seen == {"get": 2}
        stream.seek(4999)
        assert stream.read(2) + stream.read(100_000) == DATA[4999:105_001]
        assert place.seen == {"get": 4}


def test_places_that_a_damaged_file_names_are_not_asked_for(place: Place) -> None:
    with ranges(place) as stream:
        for start, stop in ((-5, 10), (7, 7), (9, 3), (len(DATA), len(DATA) + 9)):
            stream.hold(start, stop)
        assert not place.seen
        stream.hold(len(DATA) - 3, 1 << 60)
        assert stream.read(0) == b""
        stream.seek(-3, 2)
        assert stream.read() == DATA[-3:]
        assert place.seen == {"get": 1}


@pytest.mark.parametrize("size", [len(DATA) + 7, len(DATA) - 1, len(DATA) - 50_000, 0])
def test_one_of_another_size_tells_it(place: Place, size: int) -> None:
    with ranges(place, (DATA + DATA)[:size]) as stream:
        assert stream.size() == size


def test_one_that_is_not_there(place: Place) -> None:
    stream = ranges(place)
    place.store.delete([stream.name])
    with pytest.raises(FileNotFoundError):
        stream.size()


def test_a_file_on_a_disk_is_read_as_it_comes() -> None:
    stream = io.BytesIO(DATA)
    hold(stream, 10, 20)
    assert stream.tell() == 0
