"""Spill files: batches go in by bucket, and come out by bucket whatever worker wrote them."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.errors import BertprepError
from pipelines.steps.spill import (
    SpillIndex,
    read_index,
    read_segments,
    segments,
    write_index,
    write_spill,
)

SCHEMA = pa.schema([("number", pa.int64()), ("words", pa.list_(pa.string()))])


def batch(*numbers: int) -> pa.RecordBatch:
    rows = [{"number": number, "words": ["w"] * (number % 3)} for number in numbers]
    return pa.RecordBatch.from_pylist(rows, SCHEMA)


def numbers(batches: object) -> list[int]:
    return [number for b in batches for number in b.column("number").to_pylist()]  # type: ignore


def test_a_bucket_is_found_by_its_offsets_and_empty_ones_take_no_room(tmp_path: Path) -> None:
    index = write_spill(str(tmp_path), (3, 1), 4, [(1, batch(10, 11)), (3, batch(30))])
    assert index.rows.tolist() == [0, 2, 0, 1]
    assert index.offsets[0] == index.offsets[1] == 0
    assert index.offsets[2] == index.offsets[3] > 0
    assert index.offsets[4] == Path(index.path).stat().st_size
    places = segments([index], 0, 4)
    assert [len(bucket) for bucket in places] == [0, 1, 0, 1]
    assert numbers(read_segments(places[1], SCHEMA)) == [10, 11]
    assert numbers(read_segments(places[3], SCHEMA)) == [30]


def test_files_are_read_in_their_order_whatever_order_the_indexes_come_in(tmp_path: Path) -> None:
    def spill(order: tuple[int, ...], *values: int) -> SpillIndex:
        return write_spill(str(tmp_path), order, 1, [(0, batch(*values))])

    # As numbers: 10 is after 2, and a split's second flush after its first.
    indexes = [spill((10, 0), 5), spill((2, 1), 4), spill((2, 0), 3), spill((0, 0), 1, 2)]
    (places,) = segments(indexes, 0, 1)
    assert numbers(read_segments(places, SCHEMA)) == [1, 2, 3, 4, 5]


def test_only_the_buckets_asked_for_are_given(tmp_path: Path) -> None:
    index = write_spill(str(tmp_path), (0,), 5, [(b, batch(b)) for b in range(5)])
    places = segments([index], 2, 4)
    assert [numbers(read_segments(bucket, SCHEMA)) for bucket in places] == [[2], [3]]


def test_a_retry_writes_the_same_file_again_and_a_broken_try_leaves_none(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[int, pa.RecordBatch]]:
        yield 0, batch(1)
        raise OSError("disk full")

    folder = tmp_path / "new" / "folder"
    with pytest.raises(OSError, match="disk full"):
        write_spill(str(folder), (0,), 1, broken())
    assert list(folder.iterdir()) == []
    first = write_spill(str(folder), (0,), 1, [(0, batch(1))])
    again = write_spill(str(folder), (0,), 1, [(0, batch(1))])
    assert first.path == again.path
    assert len(list(folder.iterdir())) == 1
    assert numbers(read_segments(segments([first], 0, 1)[0], SCHEMA)) == [1]


def test_a_file_without_any_row_is_no_place_to_look(tmp_path: Path) -> None:
    index = write_spill(str(tmp_path), (0,), 3, [])
    assert np.array_equal(index.offsets, [0, 0, 0, 0])
    assert segments([index], 0, 3) == [[], [], []]


@given(
    st.lists(st.lists(st.lists(st.integers(0, 99), max_size=4), min_size=3, max_size=3), max_size=4)
)
def test_every_row_comes_back_once_from_its_bucket(spills: list[list[list[int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        indexes = [
            write_spill(folder, (i,), 3, [(b, batch(*rows)) for b, rows in enumerate(s) if rows])
            for i, s in enumerate(spills)
        ]
        found = [numbers(read_segments(places, SCHEMA)) for places in segments(indexes, 0, 3)]
    assert found == [[n for s in spills for n in s[bucket]] for bucket in range(3)]


def test_a_file_is_named_by_its_folder_and_its_order(tmp_path: Path) -> None:
    index = write_spill(str(tmp_path / "counted"), (3, 1), 1, [(0, batch(1))])
    assert Path(index.path) == tmp_path / "counted" / "counted-000003-000001.arrow"


@pytest.mark.parametrize("place", [0, 100, -1])
def test_a_flipped_bit_is_an_error_of_its_bucket_alone(tmp_path: Path, place: int) -> None:
    index = write_spill(str(tmp_path), (0,), 2, [(0, batch(1, 2)), (1, batch(3))])
    start = int(index.offsets[1])
    data = bytearray(Path(index.path).read_bytes())
    data[place if place < 0 else start + place] ^= 1
    Path(index.path).write_bytes(data)
    sound, damaged = segments([index], 0, 2)
    assert numbers(read_segments(sound, SCHEMA)) == [1, 2]
    with pytest.raises(BertprepError, match=f"is damaged: the .* bytes from byte {start:,} on"):
        next(read_segments(damaged, SCHEMA))


def test_a_file_cut_off_is_an_error(tmp_path: Path) -> None:
    index = write_spill(str(tmp_path), (0,), 1, [(0, batch(1, 2))])
    Path(index.path).write_bytes(Path(index.path).read_bytes()[:-1])
    with pytest.raises(BertprepError, match="is damaged"):
        next(read_segments(segments([index], 0, 1)[0], SCHEMA))


def test_indexes_come_back_for_whatever_folder_their_files_went_to(tmp_path: Path) -> None:
    spills = [
        write_spill(str(tmp_path / "work"), order, 3, [(b, batch(*range(b + 1))) for b in buckets])
        for order, buckets in {(1, 0): (0, 2), (0, 1): (), (0, 0): (1,)}.items()
    ]
    buffer = io.BytesIO()
    write_index(buffer, spills)
    (tmp_path / "work").rename(tmp_path / "final")
    found = list(read_index(buffer.getvalue(), str(tmp_path / "final")))
    assert [index.order for index in found] == [(0, 0), (0, 1), (1, 0)]
    assert [Path(index.path).parent.name for index in found] == ["final"] * 3
    places = segments(found, 0, 3)
    assert [numbers(read_segments(bucket, SCHEMA)) for bucket in places] == [[0], [0, 1], [0, 1, 2]]
    again = io.BytesIO()
    write_index(again, spills[::-1])
    assert again.getvalue() == buffer.getvalue()
