"""Reads a shard, sound or damaged, as blocks of columns; what cannot be read is a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bertprep.layouts.columns import Columns, Schema
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.shards.tfrecord_framing import TFRecordError, decode_example
from bertprep.shards.tfrecord_parsing import (
    Features,
    OddRecordsError,
    features_of,
    is_intact,
    parse_records,
    record_spans,
)
from bertprep.shards.unreadable import UNREADABLE, brief

if TYPE_CHECKING:
    from bertprep.shards.findings import Findings

Block = tuple[NDArray[np.int64], Columns]


# Parquet


def open_parquet(stream: Any) -> Any:
    """A ParquetFile that raises OSError for a damaged page, if the pages have checksums.

    Args:
        stream: the file, seekable.
    """
    # A thread of Arrow's that reads ahead still lets go of the stream when all is read, and a
    # process that ends in that moment is aborted.
    return pq.ParquetFile(stream, page_checksum_verification=True, pre_buffer=False)


def parquet_blocks(
    stream: BinaryIO, schema: Schema, findings: Findings, sizes: Sizes = SIZES
) -> Iterator[Block]:
    """The rows of a Parquet shard in blocks; what is wrong is a finding.

    Args:
        stream: the shard, seekable.
        schema: the columns that its rows should have.
        findings: takes what is wrong, and how many rows there are.
        sizes: how large the blocks are.

    Returns:
        For each block the numbers of its rows in the shard, int64[n], and its columns by name,
        [n] or [n, k]; rows with nulls are left out of both.
    """
    expected = schema.arrow()
    try:
        file = open_parquet(stream)
        found, groups = file.schema_arrow, row_group_sizes(file)
    except UNREADABLE as error:
        findings.add(f"cannot be read as Parquet: {brief(error)}")
        return
    findings.rows = sum(groups)
    if not found.equals(expected):
        wanted, got = (_listed(fields) for fields in _differing(expected, found))
        findings.add(f"expected the columns {wanted}; got {got}")
        return
    first, block_rows = 0, sizes.block_rows(schema.max_seq_length)
    for number, size in enumerate(groups):
        try:
            table = file.read_row_group(number, use_threads=False)
            if len(table) != size:
                raise ValueError(f"expected {size:,} rows, got {len(table):,}")
            yield from _table_blocks(table, first, block_rows, findings)
        except UNREADABLE as error:
            last = first + size - 1
            findings.add(f"rows {first:,} to {last:,} cannot be read: {brief(error)}")
        first += size


def _table_blocks(table: Any, first: int, block_rows: int, findings: Findings) -> Iterator[Block]:
    for batch in table.to_batches(max_chunksize=block_rows):
        yield _without_nulls(batch, np.arange(first, first + len(batch)), findings)
        first += len(batch)


def _differing(*schemas: Any) -> Iterator[list[tuple[str, Any]]]:
    """The columns of each schema that are not all schemas'."""
    fields = [[(field.name, field.type) for field in schema] for schema in schemas]
    for own in fields:
        unlike = [field for field in own if any(field not in others for others in fields)]
        yield unlike or own  # or only their order differs


def row_group_sizes(file: Any) -> list[int]:
    """How many rows each row group of a ParquetFile has."""
    return [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]


def _without_nulls(batch: Any, numbers: NDArray[np.int64], findings: Findings) -> Block:
    is_whole = np.ones(len(batch), np.bool_)
    for column in batch.columns:
        is_whole &= _has_no_null(column)
    for row in numbers[~is_whole].tolist():
        findings.add("expected no null, got one", row)
    if not is_whole.all():
        batch, numbers = batch.filter(pa.array(is_whole)), numbers[is_whole]
    return numbers, dict(zip(batch.schema.names, map(matrix, batch.columns), strict=True))


def _has_no_null(column: Any) -> NDArray[np.bool_]:
    """bool[n]: which values are none and, being lists, hold none."""
    if pa.types.is_list(column.type):
        is_whole = np.array(column.is_valid())
        if (values := column.flatten()).null_count:
            rows = np.array(pc.list_parent_indices(column))
            is_whole[rows[~np.array(values.is_valid())]] = False
        return is_whole
    is_valid = np.array(_values(column).is_valid()).reshape(len(column), -1)
    return np.asarray(is_valid.all(axis=1))


def _values(column: Any) -> Any:
    # A list that is null has none, but pyarrow refuses to read one of a fixed size.
    return column.flatten() if pa.types.is_fixed_size_list(column.type) else column


def matrix(column: Any) -> Any:
    """An Arrow array without nulls as [n], or [n, k] for lists of k.

    One of text, or of lists of any lengths, stays as it is.
    """
    if column.type in (pa.string(), pa.binary(), pa.bool_()) or pa.types.is_list(column.type):
        return column
    values: NDArray[Any] = np.from_dlpack(_values(column))  # to_numpy would import pandas
    if pa.types.is_fixed_size_list(column.type):
        return values.reshape(len(column), column.type.list_size)
    return values


def _listed(fields: Iterable[tuple[str, Any]]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in fields) or "none"


# TFRecord


def tfrecord_blocks(
    stream: BinaryIO, schema: Schema, findings: Findings, sizes: Sizes = SIZES
) -> Iterator[Block]:
    """The rows of a TFRecord shard in blocks; what is wrong is a finding.

    Args:
        stream: the shard, read from where it stands.
        schema: the columns that its rows should have.
        findings: takes what is wrong, and how many rows there are.
        sizes: how many bytes are read at once.

    Returns:
        For each block the numbers of its rows in the shard, int64[n], and its columns by name,
        int64 or float32 [n, k]; records that are damaged are left out of both.
    """
    features = features_of(schema)
    first, rest = 0, b""
    while part := stream.read(sizes.read_bytes):
        data = rest + part
        spans, end = record_spans(data)
        rows = np.arange(first, first + len(spans))
        intact = np.array([is_intact(data, *span) for span in spans], np.bool_)
        for row in rows[~intact].tolist():
            findings.add("wrong checksum: the record is damaged", row)
        if intact.any():
            places = np.array(spans)[intact]
            yield from _decode_records(data, places, rows[intact], features, findings)
        first += len(spans)
        if end is None:
            findings.add("wrong checksum of its length: no record from here on can be read", first)
            return
        rest = data[end:]
    findings.rows = first
    if rest:
        findings.add(f"truncated: the file ends {len(rest):,} bytes into the record", first)


def _decode_records(
    data: bytes,
    places: NDArray[np.int64],
    rows: NDArray[np.int64],
    features: Features,
    findings: Findings,
) -> Iterator[Block]:
    """The records at these places as columns: all at once, and one by one those encoded oddly."""
    while len(rows):
        try:
            columns = parse_records(data, places, features)
        except OddRecordsError as odd:
            for row, (start, stop) in zip(rows[odd.rows], places[odd.rows], strict=True):
                yield from _decode_record(data[start:stop], int(row), features, findings)
            rows, places = rows[~odd.rows], places[~odd.rows]
        else:
            yield rows, columns
            return


def _decode_record(
    record: bytes, row: int, features: Features, findings: Findings
) -> Iterator[Block]:
    try:
        columns = decode_example(record)
    except TFRecordError as error:
        findings.add(brief(error), row)
        return
    found = {name: (values.dtype.name, values.size) for name, values in sorted(columns.items())}
    if found == features:
        yield np.array([row]), {name: values[None] for name, values in columns.items()}
    else:
        wanted, got = (
            _listed((name, f"{kind}[{size}]") for name, (kind, size) in listed.items())
            for listed in (features, found)
        )
        findings.add(f"expected the features {wanted}; got {got}", row)
