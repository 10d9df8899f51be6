"""Ragged arrays: what gathering rests on."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.ragged import gather_index, offsets_of, positions_within


def test_ragged_moves_worked_by_hand() -> None:
    """What gathering rests on: offsets, positions within each list, indices of slices."""
    lengths = np.array([2, 0, 3])
    assert offsets_of(lengths).tolist() == [0, 2, 2, 5]
    assert positions_within(lengths).tolist() == [0, 1, 0, 1, 2]
    assert gather_index(np.array([7, 1, 4]), lengths).tolist() == [7, 8, 4, 5, 6]
    none = np.array([], np.int64)
    assert offsets_of(none).tolist() == [0]
    assert positions_within(none).tolist() == gather_index(none, none).tolist() == []


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 6))))
def test_gathering_is_joining_slices(slices: list[tuple[int, int]]) -> None:
    starts, lengths = np.array(slices, np.int64).reshape(-1, 2).T
    expected = [i for start, length in slices for i in range(start, start + length)]
    assert gather_index(starts, lengths).tolist() == expected
