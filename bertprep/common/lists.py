"""Lists in Arrow by their bytes: made of what is there, taken in another order, no value alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.ragged import Ints, offsets_of


def taken(values: pa.Array, order: Ints) -> pa.Array:
    """As ``values.take``, where Arrow takes lists several times as long for it.

    Args:
        values: numbers, or lists of numbers or of such lists, none null.
        order: int64[n], the places to take.
    """
    if not pa.types.is_list(values.type):
        return values.take(pa.array(order))
    edges = np.asarray(values.offsets).astype(np.int64)
    if not pa.types.is_list(values.values.type):
        numbers, offsets = _slices(np.asarray(values.values), edges, order)
        return _list(offsets, pa.array(numbers))
    inner = np.asarray(values.values.offsets).astype(np.int64)
    lengths, offsets = _slices(np.diff(inner), edges, order)
    numbers, _ = _slices(np.asarray(values.values.values), inner[edges], order)
    return _list(offsets, _list(offsets_of(lengths), pa.array(numbers)))


def binary_array(data: Any, offsets: NDArray[Any]) -> pa.BinaryArray:
    """Stretches of bytes as an Arrow array, without a copy of them.

    Args:
        data: uint8[bytes], or any buffer; of less than 2 GiB.
        offsets: integers [n + 1], where in it each stretch begins, and the last ends.

    Returns:
        binary[n].
    """
    buffers = [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.binary(), len(offsets) - 1, buffers)


def _slices(numbers: NDArray[Any], edges: Ints, order: Ints) -> tuple[NDArray[Any], Ints]:
    """The slices between neighbouring edges in another order, and where each begins and ends."""
    size = numbers.itemsize
    buffers = [None, pa.py_buffer(edges * size), pa.py_buffer(np.ascontiguousarray(numbers))]
    slices = pa.Array.from_buffers(pa.large_binary(), len(edges) - 1, buffers)
    _, offsets, data = slices.take(pa.array(order)).buffers()
    offsets = np.frombuffer(offsets, np.int64)[: len(order) + 1] // size
    return np.frombuffer(data, numbers.dtype)[: offsets[-1]], offsets


def _list(offsets: Ints, values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), values)
