"""Spill files: batches go in by bucket, and come out by bucket whatever worker wrote them."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.errors import BertprepError
from pipelines.folders import files
from pipelines.steps.spill import (
    SpillFiles,
    SpillIndex,
    read_index,
    read_only_bucket,
    spill_rows,
    write_index,
    write_spill,
)
from tests.beam.damaged import flip

SCHEMA = pa.schema([("number", pa.int64()), ("words", pa.list_(pa.string()))])


def batch(*numbers: int) -> pa.RecordBatch:
    rows = [{"number": number, "words": ["w"] * (number % 3)} for number in numbers]
    return pa.RecordBatch.from_pylist(rows, SCHEMA)


def all_of(indexes: Iterable[SpillIndex]) -> SpillFiles:
    """The files of indexes, all in one folder."""
    found = list(indexes)
    folder = Path(found[0].path).parent
    return SpillFiles.of(str(folder), Path(found[0].path).name.split("-")[0], spill_rows(found))


def numbers(found: SpillFiles, start: int, stop: int) -> list[int]:
    return [n for b in found.batches(start, stop, SCHEMA) for n in b.column("number").to_pylist()]


def test_buckets_are_found_and_those_around_them_are_not_written_of(tmp_path: Path) -> None:
    index = write_spill(str(tmp_path), (3, 1), 9, [(1, batch(10, 11)), (3, batch(30))])
    assert (index.first, index.last, index.buckets) == (1, 4, 9)
    assert index.size == Path(index.path).stat().st_size
    found = all_of([index])
    assert numbers(found, 1, 2) == [10, 11]
    assert numbers(found, 2, 3) == []
    assert numbers(found, 3, 9) == [30]
    assert numbers(found, 0, 9) == [10, 11, 30]
    wider = write_spill(str(tmp_path), (4,), 900, [(1, batch(10, 11)), (3, batch(30))])
    assert wider.size == index.size


def test_files_are_read_in_their_order_whatever_order_the_indexes_come_in(tmp_path: Path) -> None:
    def spill(order: tuple[int, ...], *values: int) -> SpillIndex:
        return write_spill(str(tmp_path), order, 1, [(0, batch(*values))])

    # As numbers: 10 is after 2, and a split's second flush after its first.
    indexes = [spill((10, 0), 5), spill((2, 1), 4), spill((2, 0), 3), spill((0, 0), 1, 2)]
    assert numbers(all_of(indexes), 0, 1) == [1, 2, 3, 4, 5]
    assert numbers(all_of(indexes).some(1, 3), 0, 1) == [3, 4]


def test_neighbouring_buckets_are_one_opening_of_each_file_that_has_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path)
    here = [write_spill(folder, (n,), 8, [(b, batch(b)) for b in range(8)]) for n in range(3)]
    beyond = write_spill(folder, (3,), 8, [(7, batch(7))])
    opened = []
    open_input = files.open_input
    monkeypatch.setattr(files, "open_input", lambda p: opened.append(p) or open_input(p))
    assert numbers(all_of([*here, beyond]), 2, 6) == [2, 3, 4, 5] * 3
    assert opened == [index.path for index in here]


def test_what_is_known_of_a_file_is_small_whatever_its_buckets(tmp_path: Path) -> None:
    buckets = [(b, batch(b)) for b in range(5000)]
    rows = spill_rows([write_spill(str(tmp_path), (1, 0), 5000, buckets)])
    assert rows.nbytes == 40


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
    assert (first.path, first.checksum) == (again.path, again.checksum)
    assert len(list(folder.iterdir())) == 1
    assert numbers(all_of([first]), 0, 1) == [1]


def test_a_file_without_any_row_is_no_place_to_look(tmp_path: Path) -> None:
    index = write_spill(str(tmp_path), (0,), 3, [])
    assert (index.first, index.last) == (0, 0)
    assert len(all_of([index]).sizes) == 0
    assert numbers(all_of([index]), 0, 3) == []


@given(
    st.lists(
        st.lists(st.lists(st.integers(0, 99), max_size=4), min_size=3, max_size=3),
        min_size=1,
        max_size=4,
    )
)
def test_every_row_comes_back_once_from_its_bucket(spills: list[list[list[int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        indexes = [
            write_spill(folder, (i,), 3, [(b, batch(*rows)) for b, rows in enumerate(s) if rows])
            for i, s in enumerate(spills)
        ]
        found = [numbers(all_of(indexes), bucket, bucket + 1) for bucket in range(3)]
    assert found == [[n for s in spills for n in s[bucket]] for bucket in range(3)]


def test_a_file_is_named_by_its_folder_and_its_order(tmp_path: Path) -> None:
    index = write_spill(str(tmp_path / "counted"), (3, 1), 1, [(0, batch(1))])
    assert Path(index.path) == tmp_path / "counted" / "counted-000003-000001.arrow"


def test_any_flipped_bit_is_seen_by_whoever_reads_what_it_is_in(tmp_path: Path) -> None:
    index = write_spill(str(tmp_path), (0,), 2, [(0, batch(1, 2)), (1, batch(3))])
    whole = Path(index.path).read_bytes()
    assert index.is_whole()
    for place in range(0, len(whole) - 4, 5):  # the last of all checksums is of nothing
        flip(Path(index.path), place)
        assert not index.is_whole()
        with pytest.raises(
            BertprepError, match=r"is damaged: the [\d,]+ bytes from byte [\d,]+ on"
        ):
            numbers(all_of([index]), 0, 2)
        Path(index.path).write_bytes(whole)
    flip(Path(index.path), -1)
    assert not index.is_whole()


def test_a_flipped_bit_is_an_error_of_its_bucket_alone(tmp_path: Path) -> None:
    first = write_spill(str(tmp_path), (7,), 1, [(0, batch(1, 2))]).size - 24
    index = write_spill(str(tmp_path), (0,), 2, [(0, batch(1, 2)), (1, batch(3))])
    flip(Path(index.path), first + 100)
    assert numbers(all_of([index]), 0, 1) == [1, 2]
    with pytest.raises(BertprepError, match=f"is damaged: the .* bytes from byte {first:,} on"):
        numbers(all_of([index]), 1, 2)


@pytest.mark.parametrize("left", [0, 5, -1])
def test_a_file_cut_off_is_an_error(tmp_path: Path, left: int) -> None:
    index = write_spill(str(tmp_path), (0,), 1, [(0, batch(1, 2))])
    Path(index.path).write_bytes(Path(index.path).read_bytes()[:left])
    assert not index.is_whole()
    with pytest.raises(BertprepError, match="is damaged"):
        numbers(all_of([index]), 0, 1)
    with pytest.raises(BertprepError, match="is damaged"):
        read_only_bucket(index.path, SCHEMA)


def test_a_file_of_one_bucket_is_read_as_it_is(tmp_path: Path) -> None:
    index = write_spill(str(tmp_path), (0,), 1, [(0, batch(1, 2))])
    assert read_only_bucket(index.path, SCHEMA).column("number").to_pylist() == [1, 2]
    flip(Path(index.path), 3)
    with pytest.raises(BertprepError, match="is damaged"):
        read_only_bucket(index.path, SCHEMA)


def known(index: SpillIndex) -> dict[str, Any]:
    return {**vars(index), "counts": index.counts.tolist()}


def test_indexes_come_back_for_whatever_folder_their_files_went_to(tmp_path: Path) -> None:
    counts = np.array([[0, 2**63], [5, 2**64 - 1]], np.uint64)
    spills = [
        replace(
            write_spill(
                str(tmp_path / "work"), order, 3, [(b, batch(*range(b + 1))) for b in some]
            ),
            counts=counts[:, : len(some)],
        )
        for order, some in {(1, 0): (0, 2), (0, 1): (), (0, 0): (1,)}.items()
    ]
    buffer = io.BytesIO()
    write_index(buffer, spills)
    (tmp_path / "work").rename(tmp_path / "final")
    found = list(read_index(buffer.getvalue(), str(tmp_path / "final"), "work"))
    assert [index.order for index in found] == [(0, 0), (0, 1), (1, 0)]
    for index, before in zip(found, spills[::-1], strict=True):
        path = str(tmp_path / "final" / Path(before.path).name)
        assert known(index) == {**known(before), "path": path}
    assert [numbers(all_of(found), b, b + 1) for b in range(3)] == [[0], [0, 1], [0, 1, 2]]
    again = io.BytesIO()
    write_index(again, spills[::-1])
    assert again.getvalue() == buffer.getvalue()
