"""Writes and reads the samples of mosaicml-streaming's MDS shards, in columns.

The format: uint32 n; uint32[n + 1], where each sample begins in the file, and the last ends; JSON
that names the columns; the samples.  A sample is the uint32 sizes of its columns of no fixed size,
and then the columns, by name.  An array of no fixed shape begins with a byte, 4 times its number of
axes plus the kind of its shape (0: uint8, 1: uint16), and its shape.  All is little-endian.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.ragged import gather_index, offsets_of
from bertprep.layouts.columns import Column, Columns, Schema
from bertprep.layouts.mds import config_bytes, is_dynamic
from bertprep.shards.findings import Findings
from bertprep.shards.sizes import SIZES, Sizes

Bytes = NDArray[np.uint8]
_AXES = 4  # one axis
_WIDE = 256  # from this length on, a shape takes two bytes


class MdsError(ValueError):
    """A file that is no MDS shard of the expected columns."""


def encode_samples(columns: Columns, schema: Sequence[Column]) -> tuple[Bytes, NDArray[np.int64]]:
    """Rows as samples, one after the other.

    Args:
        columns: n rows by name: Arrow lists, or an array [n].
        schema: what the columns are.

    Returns:
        The bytes, and the size of each sample, int64[n].
    """
    ordered = sorted(schema, key=lambda column: column.name)
    fields = [_field(columns[column.name], column) for column in ordered]
    heads = [
        lengths for (_, lengths), column in zip(fields, ordered, strict=True) if is_dynamic(column)
    ]
    sizes = sum(lengths for _, lengths in fields) + 4 * len(heads)
    assert isinstance(sizes, np.ndarray)  # to the type checker
    starts, out = offsets_of(sizes)[:-1], np.empty(int(sizes.sum()), np.uint8)
    if heads:
        head = np.stack(heads, axis=1).astype("<u4").view(np.uint8)
        out[starts[:, None] + np.arange(head.shape[1])] = head
    starts = starts + 4 * len(heads)
    for data, lengths in fields:
        out[gather_index(starts, lengths)] = data
        starts = starts + lengths
    return out, sizes


def _field(values: Any, column: Column) -> tuple[Bytes, NDArray[np.int64]]:
    """The bytes of a column, row after row, and how many each row has."""
    kind = column.dtype.newbyteorder("<")
    if not is_dynamic(column):
        data = np.ascontiguousarray(values, kind).view(np.uint8)
        return data, np.full(len(values), kind.itemsize)
    counts = np.diff(np.asarray(values.offsets)).astype(np.int64)
    flat = np.ascontiguousarray(np.asarray(values.flatten()), kind).view(np.uint8)
    shape_bytes = 1 + (counts >= _WIDE)
    lengths = 1 + shape_bytes + counts * kind.itemsize
    out, starts = np.empty(int(lengths.sum()), np.uint8), offsets_of(lengths)[:-1]
    out[starts] = _AXES + shape_bytes - 1
    out[starts + 1] = counts & 0xFF
    wide = counts >= _WIDE
    out[starts[wide] + 2] = counts[wide] >> 8
    out[gather_index(starts + 1 + shape_bytes, counts * kind.itemsize)] = flat
    return out, lengths


class MdsFile:
    """A container for one shard; its rows are held until the end, as their places come first."""

    def __init__(self, stream: Any, schema: Schema) -> None:
        self._stream, self._columns = stream, schema.columns
        self._data: list[Bytes] = []
        self._sizes: list[NDArray[np.int64]] = []

    def write(self, columns: Columns) -> None:
        """Takes rows."""
        data, sizes = encode_samples(columns, self._columns)
        self._data.append(data)
        self._sizes.append(sizes)

    def finish(self) -> None:
        """Writes the shard.

        Raises:
            MdsError: if it has more than 4 GiB.
        """
        offsets = offsets_of(np.concatenate([np.zeros(0, np.int64), *self._sizes]))
        config = config_bytes(self._columns)
        offsets += 4 + 4 * len(offsets) + len(config)
        if offsets[-1] >= 1 << 32:
            raise MdsError("a shard of MDS has at most 4 GiB; make more of them by --num-shards")
        self._stream.write(np.uint32(len(offsets) - 1).tobytes())
        self._stream.write(offsets.astype("<u4").tobytes())
        self._stream.write(config)
        for data in self._data:
            self._stream.write(data.tobytes())

    def close(self) -> None:
        """Lets go of the rows."""
        self._data = []


def mds_blocks(
    stream: BinaryIO, schema: Schema, findings: Findings, sizes: Sizes = SIZES
) -> Iterator[tuple[NDArray[np.int64], Columns]]:
    """The rows of an MDS shard in blocks; what is wrong is a finding.

    Args:
        stream: the shard, seekable.
        schema: the columns that its rows should have.
        findings: takes what is wrong, and how many rows there are.
        sizes: how large the blocks are.

    Returns:
        For each block the numbers of its rows in the shard, int64[n], and its columns by name.
    """
    first = 0
    try:
        offsets, config = _head(stream)
        findings.rows = len(offsets) - 1
        if config != config_bytes(schema.columns):
            raise MdsError(f"expected the columns {config_bytes(schema.columns).decode()}")
        step = sizes.block_rows(schema.max_seq_length)
        for first in range(0, len(offsets) - 1, step):
            part = offsets[first : first + step + 1]
            rows = np.arange(first, first + len(part) - 1)
            yield rows, _decoded(_read(stream, part), part - part[0], schema.columns)
    except (MdsError, IndexError, ValueError) as error:
        findings.add(f"cannot be read as MDS from row {first:,} on: {error}")


def read_first(stream: BinaryIO, limit: int) -> Columns:
    """The first rows of an MDS shard by the names of the columns; MdsError if it is none."""
    offsets, config = _head(stream)
    part = offsets[: limit + 1]
    return _decoded(_read(stream, part), part - part[0], _columns_of(config))


def _head(stream: BinaryIO) -> tuple[NDArray[np.int64], bytes]:
    """Where the samples begin and end, and the JSON before them."""
    head = stream.read(4)
    count = int.from_bytes(head, "little")
    data = stream.read(4 * (count + 1))
    if len(head) < 4 or len(data) < 4 * (count + 1):
        raise MdsError("it ends within its head")
    offsets = np.frombuffer(data, "<u4").astype(np.int64)
    config = int(offsets[0]) - 4 - len(data)
    if config < 0 or (np.diff(offsets) <= 0).any():
        raise MdsError("its samples are at places that cannot be")
    return offsets, stream.read(config)


def _columns_of(config: bytes) -> list[Column]:
    found = json.loads(config)
    columns = []
    for name, encoding in zip(found["column_names"], found["column_encodings"], strict=True):
        _, kind, *shape = encoding.split(":")
        columns.append(Column(name, "text", kind, is_ragged=not shape))
    return columns


def _read(stream: BinaryIO, part: NDArray[np.int64]) -> Bytes:
    stream.seek(int(part[0]))
    data = stream.read(int(part[-1] - part[0]))
    if len(data) < part[-1] - part[0]:
        raise MdsError("it is truncated")
    return np.frombuffer(data, np.uint8)


def _decoded(data: Bytes, offsets: NDArray[np.int64], columns: Iterable[Column]) -> Columns:
    """Samples at these places as columns: Arrow lists, or an array [n]."""
    ordered = sorted(columns, key=lambda column: column.name)
    starts, dynamic = offsets[:-1], sum(map(is_dynamic, ordered))
    heads = data[starts[:, None] + np.arange(4 * dynamic)].copy().view("<u4").astype(np.int64)
    starts, found, number = starts + 4 * dynamic, Columns(), 0
    for column in ordered:
        size = np.full(len(starts), column.dtype.itemsize)
        if is_dynamic(column):
            size, number = heads[:, number], number + 1
            found[column.name] = _lists(data, starts, size, column.dtype)
        else:
            values = data[starts[:, None] + np.arange(column.dtype.itemsize)].copy()
            found[column.name] = values.view(column.dtype.newbyteorder("<")).reshape(-1)
        starts = starts + size
    if (starts != offsets[1:]).any():
        raise MdsError("a sample has another size than its columns")
    return found


def _lists(
    data: Bytes, starts: NDArray[np.int64], sizes: NDArray[np.int64], dtype: np.dtype[Any]
) -> Any:
    wide = data[starts] - _AXES
    counts = data[starts + 1].astype(np.int64)
    counts[wide == 1] += data[starts[wide == 1] + 2].astype(np.int64) << 8
    if (wide > 1).any() or (sizes != 2 + wide + counts * dtype.itemsize).any():
        raise MdsError("an array has another shape than its bytes")
    flat = data[gather_index(starts + 2 + wide, counts * dtype.itemsize)]
    values = pa.array(flat.view(dtype.newbyteorder("<")).astype(dtype, copy=False))
    return pa.ListArray.from_arrays(pa.array(offsets_of(counts).astype(np.int32)), values)
