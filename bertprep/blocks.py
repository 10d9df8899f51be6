"""Reads a shard, sound or damaged, as blocks of columns; what cannot be read is a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bertprep.layout import Columns
from bertprep.rules import Findings, Rules
from bertprep.tfrecord import TFRecordError, decode_example, masked_crc

# Rows are compared in blocks whose columns stay in a core's cache, and records read in such.
_BLOCK_TOKENS = 1 << 17
_READ_BYTES = 1 << 20

Block = tuple[NDArray[np.int64], Columns]
# What pyarrow raises for a damaged file, depending on what is damaged.
_UNREADABLE = (pa.ArrowException, OSError, ValueError, MemoryError, KeyError, OverflowError)


def _block_rows(rules: Rules) -> int:
    return max(1, _BLOCK_TOKENS // rules.options.max_seq_length)


# Parquet


def parquet_blocks(stream: BinaryIO, rules: Rules, findings: Findings) -> Iterator[Block]:
    expected = rules.columns()
    schema = pa.schema([(name, _arrow_type(values)) for name, values in expected.items()])
    try:
        file = pq.ParquetFile(stream)
        found, sizes = file.schema_arrow, _row_group_sizes(file)
    except _UNREADABLE as error:
        findings.add(f"cannot be read as Parquet: {_brief(error)}")
        return
    findings.rows = sum(sizes)
    if not found.equals(schema):
        wanted, got = (_listed(fields) for fields in _differing(schema, found))
        findings.add(f"expected the columns {wanted}; got {got}")
        return
    first = 0
    for number, size in enumerate(sizes):
        last = f"rows {first:,} to {first + size - 1:,}"
        try:
            table = file.read_row_group(number, use_threads=False)
            if len(table) != size:
                raise ValueError(f"expected {size:,} rows, got {len(table):,}")
            numbers = np.arange(first, first + size)
            for batch in table.to_batches(max_chunksize=_block_rows(rules)):
                yield _without_nulls(batch, numbers[: len(batch)], findings)
                numbers = numbers[len(batch) :]
        except _UNREADABLE as error:
            findings.add(f"{last} cannot be read: {_brief(error)}")
        first += size


def _differing(*schemas: Any) -> Iterator[list[tuple[str, Any]]]:
    """The columns of each schema that are not all schemas'."""
    fields = [[(field.name, field.type) for field in schema] for schema in schemas]
    for own in fields:
        unlike = [field for field in own if any(field not in others for others in fields)]
        yield unlike or own  # or only their order differs


def _row_group_sizes(file: Any) -> list[int]:
    return [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]


def _arrow_type(values: NDArray[Any]) -> Any:
    kind = pa.from_numpy_dtype(values.dtype)
    # The values' name has no part in a comparison, but shows.
    return kind if values.ndim == 1 else pa.list_(pa.field("element", kind), values.shape[1])


def _without_nulls(batch: Any, numbers: NDArray[np.int64], findings: Findings) -> Block:
    is_whole = np.ones(len(batch), np.bool_)
    for values in map(_values, batch.columns):
        if values.null_count:
            is_whole &= np.array(values.is_valid()).reshape(len(batch), -1).all(axis=1)
    for row in numbers[~is_whole].tolist():
        findings.add("expected no null, got one", row)
    if not is_whole.all():
        batch, numbers = batch.filter(pa.array(is_whole)), numbers[is_whole]
    return numbers, dict(zip(batch.schema.names, map(matrix, batch.columns), strict=True))


def _values(column: Any) -> Any:
    # A list that is null has none, but pyarrow refuses to read one of a fixed size.
    return column.flatten() if pa.types.is_fixed_size_list(column.type) else column


def matrix(column: Any) -> NDArray[Any]:
    """A column's values as [n], or [n, k] where each is a list of k; without a copy."""
    values: NDArray[Any] = np.from_dlpack(_values(column))  # to_numpy would import pandas
    if pa.types.is_fixed_size_list(column.type):
        return values.reshape(len(column), column.type.list_size)
    return values


def _listed(fields: Iterable[tuple[str, Any]]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in fields) or "none"


def _brief(text: object) -> str:
    return " ".join(str(text).split())[:300]


# TFRecord


def tfrecord_blocks(stream: BinaryIO, rules: Rules, findings: Findings) -> Iterator[Block]:
    layout = {name: _feature(values) for name, values in sorted(rules.columns().items())}
    return record_blocks(stream, layout, findings)


def record_blocks(
    stream: BinaryIO, layout: dict[str, tuple[str, int]], findings: Findings
) -> Iterator[Block]:
    """The records that have these features: dtype and number of values by name, sorted."""
    first, rest = 0, b""
    while chunk := stream.read(_READ_BYTES):
        data = rest + chunk
        spans, end = _spans(data)
        rows = np.arange(first, first + len(spans))
        intact = np.array([_is_intact(data, *span) for span in spans], np.bool_)
        for row in rows[~intact].tolist():
            findings.add("wrong checksum: the record is damaged", row)
        if intact.any():
            places = np.array(spans)[intact]
            yield from _decode_records(data, places, rows[intact], layout, findings)
        first += len(spans)
        if end is None:
            findings.add("wrong checksum of its length: no record from here on can be read", first)
            return
        rest = data[end:]
    findings.rows = first
    if rest:
        findings.add(f"truncated: the file ends {len(rest):,} bytes into the record", first)


def _feature(values: NDArray[Any]) -> tuple[str, int]:
    """A column's kind in tf.train.Example, and its number of values a row."""
    kind = "float32" if values.dtype.kind == "f" else "int64"
    return kind, 1 if values.ndim == 1 else values.shape[1]


def _spans(data: bytes) -> tuple[list[tuple[int, int]], int | None]:
    """Where the whole records start and stop, and where the next begins; None if that is lost."""
    spans: list[tuple[int, int]] = []
    start = 0
    while start + 12 <= len(data):
        length = data[start : start + 8]
        if masked_crc(length) != data[start + 8 : start + 12]:
            return spans, None
        stop = start + 12 + int.from_bytes(length, "little")
        if stop + 4 > len(data):
            break
        spans.append((start + 12, stop))
        start = stop + 4
    return spans, start


def _is_intact(data: bytes, start: int, stop: int) -> bool:
    return masked_crc(data[start:stop]) == data[stop : stop + 4]


def _decode_records(
    data: bytes,
    places: NDArray[np.int64],
    rows: NDArray[np.int64],
    layout: dict[str, tuple[str, int]],
    findings: Findings,
) -> Iterator[Block]:
    """The records at these places as columns: all at once, and one by one those encoded oddly."""
    # Whatever is read behind the last record is there, and is not what it should be.
    padded = np.frombuffer(data + bytes(int((places[:, 1] - places[:, 0]).max()) + 64), np.uint8)
    while len(rows):
        try:
            columns = _Cursor(padded, places).columns(layout)
        except _OddRecordsError as odd:
            for row, (start, stop) in zip(rows[odd.rows], places[odd.rows], strict=True):
                yield from _decode_record(data[start:stop], int(row), layout, findings)
            rows, places = rows[~odd.rows], places[~odd.rows]
        else:
            yield rows, columns
            return


def _decode_record(
    record: bytes, row: int, layout: dict[str, tuple[str, int]], findings: Findings
) -> Iterator[Block]:
    try:
        columns = decode_example(record)
    except TFRecordError as error:
        findings.add(_brief(error), row)
        return
    found = {name: (values.dtype.name, values.size) for name, values in sorted(columns.items())}
    if found == layout:
        yield np.array([row]), {name: values[None] for name, values in columns.items()}
    else:
        wanted, got = (
            _listed((name, f"{kind}[{size}]") for name, (kind, size) in features.items())
            for features in (layout, found)
        )
        findings.add(f"expected the features {wanted}; got {got}", row)


class _OddRecordsError(Exception):
    """Some records are not encoded as bertprep does it; ``rows`` is bool[n]."""

    def __init__(self, rows: NDArray[np.bool_]) -> None:
        self.rows = rows


class _Cursor:
    """A place in each of n tf.train.Example messages of one layout, all moved on together.

    The encoding is described in ``bertprep.tfrecord``.  A message that has anything else at its
    place raises _OddRecordsError.
    """

    def __init__(self, data: NDArray[np.uint8], places: NDArray[np.int64]) -> None:
        self._data = data
        self._at, self._stops = places[:, 0].copy(), places[:, 1]

    def columns(self, layout: dict[str, tuple[str, int]]) -> Columns:
        self._pass(b"\x0a")
        self._require(self._end() == self._stops)
        columns = {name: self._feature(name, *layout[name]) for name in layout}
        self._require(self._at == self._stops)
        return columns

    def _feature(self, name: str, kind: str, count: int) -> NDArray[Any]:
        self._pass(b"\x0a")
        end = self._end()
        self._require(end <= self._stops)
        key = name.encode()
        # An entry, its feature, the list in it, and the packed values all end where the entry does.
        field = b"\x12" if kind == "float32" else b"\x1a"
        for tag in (b"\x0a" + bytes([len(key)]) + key + b"\x12", field, b"\x0a"):
            self._pass(tag)
            self._require(self._end() == end)
        starts, self._at = self._at, end
        return (self._floats if kind == "float32" else self._int64s)(starts, end - starts, count)

    def _require(self, good: NDArray[np.bool_]) -> None:
        if not good.all():
            raise _OddRecordsError(~good)

    def _pass(self, expected: bytes) -> None:
        found = self._window(self._at, len(expected))
        self._require((found == np.frombuffer(expected, np.uint8)).all(axis=1))
        self._at = self._at + len(expected)

    def _end(self) -> NDArray[np.int64]:
        """Passes a size, and returns where what has it ends."""
        size, shift = np.zeros(len(self._at), np.int64), 0
        goes_on = np.ones(len(self._at), np.bool_)
        while goes_on.any():
            if shift == 35:  # no size of a message has six bytes
                raise _OddRecordsError(goes_on)
            byte = self._data[self._at].astype(np.int64)
            size |= np.where(goes_on, (byte & 0x7F) << shift, 0)
            self._at = self._at + goes_on
            goes_on &= byte >= 0x80
            shift += 7
        end: NDArray[np.int64] = self._at + size
        return end

    def _window(self, starts: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
        """uint8[n, width]: the bytes from each start on."""
        return sliding_window_view(self._data, width)[starts]

    def _floats(
        self, starts: NDArray[np.int64], sizes: NDArray[np.int64], count: int
    ) -> NDArray[np.float32]:
        self._require(sizes == 4 * count)
        return self._window(starts, 4 * count).view("<f4")

    def _int64s(
        self, starts: NDArray[np.int64], sizes: NDArray[np.int64], count: int
    ) -> NDArray[np.int64]:
        width = int(sizes.max())
        window = self._window(starts, width)
        is_last = window < 0x80
        if width > count:
            is_last &= np.arange(width) < sizes[:, None]
        # The last byte of a varint alone has no high bit; the last of all must be one.
        self._require(is_last.sum(axis=1) == count)
        self._require(is_last[np.arange(len(sizes)), sizes - 1])
        if width == count:
            return window.astype(np.int64)
        lasts = np.flatnonzero(is_last).reshape(-1, count)
        firsts = np.empty_like(lasts)
        firsts[:, 0] = np.arange(len(lasts)) * width
        firsts[:, 1:] = lasts[:, :-1] + 1
        sizes = lasts - firsts + 1
        self._require(sizes.max(axis=1) <= 10)
        return _varints(window.ravel(), firsts.ravel(), sizes.ravel()).reshape(lasts.shape)


def _varints(
    data: NDArray[np.uint8], firsts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The varints of these sizes that begin at these places."""
    values = (data[firsts] & 0x7F).astype(np.uint64)
    longer = np.flatnonzero(sizes > 1)
    for i in range(1, int(sizes.max())):
        longer = longer[sizes[longer] > i]
        values[longer] |= (data[firsts[longer] + i] & 0x7F).astype(np.uint64) << np.uint64(7 * i)
    return values.view(np.int64)
