"""Rows of any batches in blocks of one size."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from bertprep.shards.compose import equal_blocks


@given(st.lists(st.integers(0, 9), max_size=8), st.integers(1, 7))
def test_blocks_hold_the_same_rows_in_the_same_order(sizes: list[int], rows: int) -> None:
    numbers = iter(range(sum(sizes)))
    batches = [
        pa.record_batch({"n": pa.array([next(numbers) for _ in range(size)], pa.int64())})
        for size in sizes
    ]
    blocks = list(equal_blocks(batches, rows))
    assert [n for block in blocks for n in block.column("n").to_pylist()] == [*range(sum(sizes))]
    assert all(block.num_rows == rows for block in blocks[:-1])
    assert all(0 < block.num_rows <= rows for block in blocks[-1:])
