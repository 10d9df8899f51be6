"""Cells that are .npy files: numpy's own bytes, read back, and told where they are not."""

from __future__ import annotations

import io

import numpy as np
import pyarrow as pa
import pytest

from bertprep.layouts.npy_cells import npy_cells, npy_header, npy_headers, read_npy_cells
from bertprep.layouts.spec import WrongRowsError


def saved(*numbers: int) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.asarray(numbers, np.uint16))
    return stream.getvalue()


@pytest.mark.parametrize("count", [0, 1, 9, 10, 76, 99, 100, 999, 1000, 8191])
def test_a_header_is_numpys(count: int) -> None:
    assert npy_header(count) == saved(*[0] * count)[:128]


def test_headers_stand_in_the_order_of_the_counts() -> None:
    counts = np.array([3, 0, 12, 3])
    assert [row.tobytes() for row in npy_headers(counts)] == [npy_header(k) for k in (3, 0, 12, 3)]


def test_cells_are_what_numpy_saves_and_are_read_back() -> None:
    values, counts = np.array([[3, 500, 9], [0, 0, 0], [65_535, 1, 0]]), np.array([3, 0, 2])
    cells = npy_cells(values, counts)
    assert cells.to_pylist() == [saved(3, 500, 9), saved(), saved(65_535, 1)]
    # A part of a column begins within its buffers.
    for part, rows in ((cells, slice(0, 3)), (cells[1:], slice(1, 3))):
        numbers, found = read_npy_cells("p", part, 3)
        assert found.tolist() == counts[rows].tolist()
        assert numbers.tolist() == [n for row in part.to_pylist() for n in np.load(io.BytesIO(row))]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (saved(1, 2, 3), "p: expected a .npy file of at most 2 uint16"),
        (saved(1)[:-1], "p: expected a .npy file of at most 2 uint16"),
        (saved(1)[:100], "p: expected a .npy file of at most 2 uint16"),
        (b"\x92" + saved(1)[1:], "p: expected the header of a .npy file of uint16 [1]"),
    ],
)
def test_a_cell_that_is_no_such_file_is_told(cell: bytes, said: str) -> None:
    with pytest.raises(WrongRowsError) as failed:
        read_npy_cells("p", pa.array([saved(7), cell], pa.binary()), 2)
    assert failed.value.explain(1, 0).startswith(said)
    assert failed.value.good.reshape(2, -1).all(axis=1).tolist() == [True, False]
