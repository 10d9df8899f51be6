"""Cells of a column that are .npy files of uint16 numbers, as LDDL stores positions."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.lists import binary_array
from bertprep.common.ragged import gather_index, offsets_of
from bertprep.layouts.spec import require

NPY_HEADER_BYTES = 128


@cache
def npy_header(count: int) -> bytes:
    """How a .npy file of uint16 [count] begins, as numpy.save writes it."""
    text = f"{{'descr': '<u2', 'fortran_order': False, 'shape': ({count},), }}"
    version_and_size = b"\x93NUMPY\x01\x00" + (NPY_HEADER_BYTES - 10).to_bytes(2, "little")
    return version_and_size + text.encode().ljust(NPY_HEADER_BYTES - 11) + b"\n"


def npy_headers(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """uint8[n, 128]: the header for each count, int64[n]."""
    distinct, which = np.unique(counts, return_inverse=True)
    headers = b"".join(map(npy_header, distinct.tolist()))
    table: NDArray[np.uint8] = np.frombuffer(headers, np.uint8).reshape(-1, NPY_HEADER_BYTES)
    return table[which]


def npy_cells(values: NDArray[np.int64], counts: NDArray[np.int64]) -> pa.Array:
    """Writes lists of numbers as binary cells.

    Args:
        values: int64[n, P], from 0 to 65,535.
        counts: int64[n], how many of each row are written.

    Returns:
        binary[n].
    """
    cells = np.hstack((npy_headers(counts), values.astype("<u2").view(np.uint8)))
    sizes = NPY_HEADER_BYTES + 2 * counts
    data = cells[np.arange(cells.shape[1]) < sizes[:, None]]
    return binary_array(data, offsets_of(sizes))


def read_npy_cells(
    name: str, column: pa.Array, most: int
) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """Reads lists of numbers from binary cells.

    Args:
        name: of the column, for messages.
        column: binary[n].
        most: how many numbers a cell may have.

    Returns:
        The numbers of all cells back to back, and how many each has, int64[n].

    Raises:
        WrongRowsError: for cells that are no such files.
    """
    data, starts, sizes = _contents(column)
    counts = (sizes - NPY_HEADER_BYTES) // 2
    require(
        (counts >= 0) & (counts <= most) & (sizes % 2 == 0),
        lambda row, _: (
            f"{name}: expected a .npy file of at most {most} uint16, {NPY_HEADER_BYTES} bytes and "
            f"2 for each; got {sizes[row]} bytes"
        ),
    )
    headers = data[gather_index(starts, np.full(len(starts), NPY_HEADER_BYTES))]
    require(
        headers.reshape(-1, NPY_HEADER_BYTES) == npy_headers(counts),
        lambda row, column: (
            f"{name}: expected the header of a .npy file of uint16 [{counts[row]}]; "
            f"got another byte {column}"
        ),
    )
    numbers = data[gather_index(starts + NPY_HEADER_BYTES, 2 * counts)].view("<u2")
    return numbers, counts


def _contents(column: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """The bytes of a binary column; where each value begins in them, and its size."""
    _, offsets, data = column.buffers()
    edges = np.frombuffer(offsets, np.int32)[column.offset :][: len(column) + 1].astype(np.int64)
    return np.frombuffer(data or b"", np.uint8), edges[:-1], np.diff(edges)
