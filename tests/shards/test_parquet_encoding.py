"""Parquet of matrices: whatever reads Parquet gives the numbers back, and the file is small."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bertprep.common.digests import DigestingStream
from bertprep.layouts.columns import Columns
from bertprep.shards.parquet_encoding import MatrixFile, can_hold, encoded


def schema_of(columns: Columns) -> pa.Schema:
    def kind(values: Any) -> pa.DataType:
        of_one = pa.from_numpy_dtype(values.dtype)
        element = pa.field("element", of_one)
        return pa.list_(element, values.shape[1]) if values.ndim > 1 else of_one

    return pa.schema([(name, kind(values)) for name, values in columns.items()])


def written(columns: Columns, block: int, row_group_blocks: int) -> bytes:
    stream = io.BytesIO()
    output = DigestingStream(stream)
    file = MatrixFile(output, schema_of(columns), row_group_blocks)
    rows = len(next(iter(columns.values())))
    for start in range(0, rows, block):
        file.write({name: values[start : start + block] for name, values in columns.items()})
    file.finish()
    assert output.size == len(stream.getvalue())
    return stream.getvalue()


def some_columns(rows: int, seed: int = 0) -> Columns:
    """Frequent and rare ids, masks, labels that are mostly one number, and wide numbers."""
    rng = np.random.default_rng(seed)
    ids = np.minimum(rng.pareto(0.6, (rows, 32)) * 10, 30_521).astype(np.int32)
    labels = np.where(rng.random((rows, 32)) < 0.15, ids, -100).astype(np.int64)
    return {
        "ids": ids,
        "mask": (np.arange(32) < rng.integers(1, 33, (rows, 1))).astype(np.int8),
        "labels": labels,
        "same": np.ones((rows, 3), np.int16),
        "weights": (rng.random((rows, 5)) < 0.5).astype(np.float32),
        "wide": rng.integers(-(2**62), 2**62, (rows, 2)),
        "chances": rng.random((rows, 2)).astype(np.float32),
        "one": rng.integers(0, 2, (rows, 1)),
        "label": rng.integers(-1, 2, rows),
    }


def equal(found: Any, expected: Columns) -> bool:
    return all(
        np.array_equal(np.array([np.asarray(row) for row in found[name]]), values)
        for name, values in expected.items()
    )


kinds = st.sampled_from([np.int8, np.int16, np.int32, np.int64])
shapes = st.tuples(st.integers(1, 20), st.integers(1, 9))


@given(arrays.arrays(kinds, shapes), st.integers(1, 7), st.integers(1, 3))
def test_any_numbers_come_back(values: Any, block: int, blocks: int) -> None:
    columns = {"values": values, "first": values[:, 0]}
    data = written(columns, block, blocks)
    file = pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True)
    assert file.schema_arrow.equals(schema_of(columns))
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert set(sizes[:-1]) <= {block * blocks}
    table = file.read()
    table.validate(full=True)
    assert equal(table.to_pydict(), columns)
    for group, start in enumerate(np.cumsum([0, *sizes[:-1]])):
        statistics = file.metadata.row_group(group).column(0).statistics
        part = values[start : start + sizes[group]]
        assert (statistics.min, statistics.max, statistics.null_count) == (
            part.min(),
            part.max(),
            0,
        )


@given(st.lists(st.integers(-5, 300), min_size=1, max_size=400), st.integers(1, 50))
def test_frequent_values_have_small_indices(values: list[int], block: int) -> None:
    array = np.array(values)
    found = encoded([array[start : start + block] for start in range(0, len(array), block)])
    assert found is not None
    counts = [values.count(value) for value in found.distinct.tolist()]
    assert sorted(found.distinct.tolist()) == sorted(set(values))
    if len(counts) > 2:
        assert counts == sorted(counts, reverse=True)
        assert found.distinct[found.indices[: len(values)]].tolist() == values


def test_indices_are_as_wide_as_they_have_to_be() -> None:
    widths = {}
    for count in (1, 2, 3, 256, 257, 65_536, 65_537):
        found = encoded([np.arange(count)])
        assert found is not None
        widths[count] = found.width
    assert widths == {1: 1, 2: 1, 3: 8, 256: 8, 257: 16, 65_536: 16, 65_537: 32}
    data = written({"many": np.arange(70_000)}, 100_000, 1)
    assert pq.read_table(io.BytesIO(data)).column("many").to_pylist() == list(range(70_000))


def with_duckdb(path: str) -> Any:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        return connection.sql(f"from read_parquet('{path}')").to_arrow_table().to_pydict()


def with_polars(path: str) -> Any:
    return pytest.importorskip("polars").read_parquet(path).to_dict(as_series=False)


def with_fastparquet(path: str) -> Any:
    fastparquet = pytest.importorskip("fastparquet")
    data = Path(path).read_bytes()  # a file that it opens stays open
    found = fastparquet.ParquetFile(path, open_with=lambda *_: io.BytesIO(data)).to_pandas()
    return {name: list(values) for name, values in found.items()}


@pytest.mark.parametrize("read", [with_duckdb, with_polars, with_fastparquet])
def test_other_readers(read: Callable[[str], Any], tmp_path: Path) -> None:
    columns = some_columns(700)
    path = tmp_path / "some.parquet"
    path.write_bytes(written(columns, 100, 3))
    assert equal(read(str(path)), columns)


def test_a_row_is_found_by_what_is_said_of_its_group(tmp_path: Path) -> None:
    """Readers leave out row groups by their least and greatest values."""
    path = tmp_path / "some.parquet"
    path.write_bytes(written({"number": np.arange(1000)}, 100, 1))
    assert pq.read_table(path, filters=[("number", "=", 550)]).num_rows == 1


def test_less_room_than_pyarrow_takes() -> None:
    columns = some_columns(3000)
    for name in ("wide", "chances"):
        del columns[name]
    schema = schema_of(columns)
    lists = {
        name: pa.FixedSizeListArray.from_arrays(values.ravel(), values.shape[1])
        if values.ndim > 1
        else values
        for name, values in columns.items()
    }
    theirs = io.BytesIO()
    pq.write_table(pa.table(lists, schema), theirs, compression="zstd", compression_level=1)
    assert len(written(columns, 1000, 8)) < 0.9 * len(theirs.getvalue())


def test_a_damaged_page_is_told() -> None:
    columns = some_columns(200)
    data = bytearray(written(columns, 200, 1))
    data[len(data) // 3] ^= 1
    with pytest.raises(OSError, match=r"CRC|checksum"):
        pq.ParquetFile(io.BytesIO(bytes(data)), page_checksum_verification=True).read()


def test_what_it_does_not_take() -> None:
    assert can_hold(pa.schema([("ids", pa.list_(pa.int32(), 4)), ("label", pa.int64())]))
    for kind in (pa.string(), pa.list_(pa.int32()), pa.bool_(), pa.list_(pa.string(), 2)):
        assert not can_hold(pa.schema([("a", pa.int32()), ("b", kind)]))
