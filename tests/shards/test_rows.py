"""Rows by their numbers, out of either container."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bertprep.errors import InputError
from bertprep.shards.tfrecord_framing import frame_records, read_records
from tests.examples_count import of_a_hundred
from tests.made_folders import numbers_of
from tests.shards.written_folders import flipped, opened, options, resized, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "shards", options(), [40, 41])


@pytest.mark.parametrize("row_group", [1, 7, 16, 40])
def test_parts_of_chunks_whatever_the_row_groups(tmp_path: Path, row_group: int) -> None:
    folder = written(tmp_path, options(), [40])
    (path,) = folder.glob("rows/*.parquet")
    pq.write_table(pq.read_table(path), path, row_group_size=row_group)
    resized(folder, path)
    shards = opened(folder)
    whole = np.concatenate([shards.read(0, 0, 16), shards.read(1, 0, 16), shards.read(2, 0, 8)])
    assert numbers_of({"input_ids": whole["input_ids"], "labels": whole["labels"]}) == [*range(40)]
    for chunk, start, stop in [(0, 0, 1), (0, 15, 16), (1, 3, 11), (2, 0, 8), (2, 7, 8)]:
        part = shards.read(chunk, start, stop)
        assert (part == whole[16 * chunk + start : 16 * chunk + stop]).all()


@settings(max_examples=of_a_hundred(30))
@given(part=st.tuples(st.integers(0, 2), st.integers(0, 15), st.integers(1, 16)))
def test_parts_of_tfrecord_chunks(
    tmp_path_factory: pytest.TempPathFactory, part: tuple[int, int, int]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "tfrecord-parts"
    if not folder.exists():
        written(folder, options("tfrecord"), [48])
    chunk, start, size = part
    stop = min(start + size, 16)
    records = opened(folder).read(chunk, start, stop)
    columns = {name: records[name] for name in records.dtype.names}
    assert numbers_of(columns) == list(range(16 * chunk + start, 16 * chunk + stop))


def other_features(path: Path) -> bytes:
    with open(path, "rb") as stream:
        records = list(read_records(stream, str(path)))
    data = b"".join(records).replace(b"input_mask", b"input_musk")
    return frame_records(data, np.cumsum([0, *map(len, records)]))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda p: flipped(p.read_bytes(), 100), "wrong checksum: a record is damaged"),
        (lambda p: flipped(p.read_bytes(), 0), "wrong checksum of a record's length"),
        (lambda p: p.read_bytes()[:-40], "expected 4 rows or more, got 3"),
        (other_features, "other features than the layout's"),
    ],
)
def test_damaged_records(tmp_path: Path, damage: Callable[[Path], bytes], message: str) -> None:
    folder = written(tmp_path, options("tfrecord"), [20])
    (path,) = folder.glob("rows/*.tfrecord")
    path.write_bytes(damage(path))
    resized(folder, path)
    shards = opened(folder)
    with pytest.raises(InputError, match=message):
        for chunk, rows in enumerate(shards.chunk_rows.tolist()):
            shards.read(chunk, 0, rows)
