"""Rows as TFRecord files of tf.train.Example messages, as TensorFlow would write them.

Varints are looked up in a table of them, and Arrow joins the parts of a whole block of rows at
once: no Python runs per value.
"""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bertprep.common.lists import binary_array
from bertprep.common.ragged import offsets_of
from bertprep.shards.tfrecord_framing import (
    DELIMITED,
    FLOAT_LIST,
    INT64_LIST,
    Columns,
    frame_records,
)
from bertprep.shards.thrift import varint

# Enough rows to make the cost of a call small, few enough for them to stay in a core's cache.
_BLOCK_ROWS = 1024

_TABLE_BITS = 17  # of numbers whose varints are looked up: ids of all but the largest vocabularies


class _Part(NamedTuple):
    """A stretch of the messages of n rows."""

    values: bytes | pa.BinaryArray  # [n]; bytes for n equal ones
    size: int | NDArray[np.int64]  # [n]: how many bytes; a number for n equal ones


def encode_examples(
    columns: Columns, block_rows: int = _BLOCK_ROWS
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Serialises the rows of columns as tf.train.Example messages.

    Integers (and bools) make an int64_list, floating values a float_list. Features are in sorted
    order, all else is as tf.train.Example.SerializeToString writes it.

    Args:
        columns: integers, bools or floats, [n] or [n, k] each, by the names of the features.
        block_rows: how many rows are encoded together; that does not show.

    Returns:
        The n messages back to back, uint8[bytes], and their offsets, int64[n + 1].

    Raises:
        ValueError: for no columns, unequal numbers of rows, an array of another dtype or of more
            than two dimensions, or values from 2**63 up.
    """
    none = np.empty(0, np.uint8), np.zeros(1, np.int64)
    data, sizes = zip(none, *map(_encode_block, _row_blocks(columns, block_rows)), strict=True)
    return np.concatenate(data), np.cumsum(np.concatenate(sizes))


def encode_tfrecord(columns: Columns, block_rows: int = _BLOCK_ROWS) -> bytes:
    """Serialises and frames: `frame_records(*encode_examples(columns))`, block by block.

    Args:
        columns: as for ``encode_examples``.
        block_rows: how many rows are encoded together; that does not show.
    """
    blocks = _row_blocks(columns, block_rows)
    return b"".join(frame_records(*encode_examples(block, block_rows)) for block in blocks)


def _row_blocks(columns: Columns, block_rows: int) -> Iterator[Columns]:
    rows = {name: len(values) for name, values in columns.items()}
    if len(set(rows.values())) != 1:
        raise ValueError(f"expected columns with one number of rows, got {rows}")
    for start in range(0, max(rows.values()), block_rows):
        yield {name: values[start : start + block_rows] for name, values in columns.items()}


def _encode_block(columns: Columns) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The messages back to back, uint8[bytes], and their sizes, int64[n]."""
    # Maps are serialised in the order of the keys' bytes: in UTF-8, that of their code points.
    row = _field(1, [part for name in sorted(columns) for part in _entry(name, columns[name])])
    rows = len(next(iter(columns.values())))
    nothing = binary_array(np.empty(0, np.uint8), np.zeros(rows + 1, np.int64))  # of as many rows
    joined = pc.binary_join_element_wise(*_runs(row), nothing, b"")
    _, offsets, data = joined.buffers()
    edges = np.frombuffer(offsets, np.int32)[: rows + 1]
    return np.frombuffer(data, np.uint8)[: edges[-1]], np.diff(edges)


def _runs(parts: list[_Part]) -> Iterator[bytes | pa.BinaryArray]:
    """The values of parts; those that are the same for all rows, and side by side, as one."""
    for kind, values in groupby((part.values for part in parts), type):
        found = list(values)
        yield from [b"".join(found)] if kind is bytes else found


def _entry(name: str, values: NDArray[Any]) -> list[_Part]:
    """An entry of the map of features: {1: name, 2: {kind: {1: values}}}."""
    if values.ndim not in (1, 2) or values.dtype.kind not in "biuf":
        shape = f"{values.dtype}{list(values.shape)}"
        raise ValueError(f"{name}: expected integers or floats, [n] or [n, k]; got {shape}")
    if values.dtype == np.uint64 and (values >> 63).any():
        raise ValueError(f"{name}: expected values below 2**63, got {values.max()}")
    matrix = values if values.ndim == 2 else values[:, None]
    kind = FLOAT_LIST if values.dtype.kind == "f" else INT64_LIST
    packed = []  # without values even the packed field's tag is left out
    if matrix.shape[1]:
        packed = _field(1, [_raw(matrix, "<f4") if kind == FLOAT_LIST else _varints(matrix)])
    return _field(1, [*_field(1, [_same(name.encode())]), *_field(2, _field(kind, packed))])


def _field(number: int, parts: list[_Part]) -> list[_Part]:
    """A length-delimited field: tag, size of the contents, contents."""
    size = sum(part.size for part in parts)
    tag = _same(bytes([number << 3 | DELIMITED]))
    return [tag, _same(varint(size)) if isinstance(size, int) else _varints(size[:, None]), *parts]


def _same(data: bytes) -> _Part:
    """The same bytes in each row."""
    return _Part(data, len(data))


def _raw(values: NDArray[Any], dtype: str = "u1") -> _Part:
    """The bytes of each row of a matrix."""
    data = np.ascontiguousarray(values, dtype).view(np.uint8)
    rows, width = data.shape
    return _Part(binary_array(data, np.arange(rows + 1) * width), width)


def _varints(values: NDArray[Any]) -> _Part:
    """Integers [n, k], k >= 1, as k varints a row."""
    groups = values.astype(np.int64, copy=False).view(np.uint64)
    bits = int(groups.max()).bit_length()
    if bits <= 7:
        return _raw(groups)
    if bits > _TABLE_BITS:
        data, offsets = _encoded(groups.ravel(), bits)
    else:
        found = _table(bits).take(pa.array(groups.ravel().astype(np.int32)))
        data, offsets = found.buffers()[2], np.frombuffer(found.buffers()[1], np.int32)
    edges = offsets[: groups.size + 1 : groups.shape[1]]
    return _Part(binary_array(data, edges), np.diff(edges))


@cache
def _table(bits: int) -> pa.BinaryArray:
    """The varints of all numbers of so many bits."""
    return binary_array(*_encoded(np.arange(1 << bits, dtype=np.uint64), bits))


def _encoded(groups: NDArray[np.uint64], bits: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Numbers of at most so many bits as varints, one after the other, and their offsets.

    Each has as many slots as the widest takes; then those are taken that are used.
    """
    groups = groups.copy()
    slots = np.empty((len(groups), -(-bits // 7)), np.uint8)
    for slot in slots.T:
        slot[:] = groups & 0x7F
        groups >>= 7
        slot |= (groups != 0).view(np.uint8) << 7
    # A slot is used if it is a varint's first, or the one before it has its high bit set.
    used = np.ones(slots.shape, np.bool_)
    used[:, 1:] = slots[:, :-1] >= 0x80
    return slots[used], offsets_of(np.count_nonzero(used, axis=1))
