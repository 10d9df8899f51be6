"""Counts by number add up however they were cut into parts."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.counts import Counts, added

tables = st.lists(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1 << 63), st.integers(0, 255)), max_size=6)
)


def table_of(rows: list[tuple[int, int, int]]) -> Counts:
    return np.array(rows, np.uint64).reshape(-1, 3).T


@given(tables)
def test_numbers_are_there_once_with_their_sums(parts: list[list[tuple[int, int, int]]]) -> None:
    found = added([table_of(rows) for rows in parts], [np.maximum, np.bitwise_or])
    largest: dict[int, int] = {}
    bits: Counter[int] = Counter()
    for number, value, some in (row for rows in parts for row in rows):
        largest[number] = max(value, largest.get(number, 0))
        bits[number] |= some
    assert found.dtype == np.uint64
    assert found[0].tolist() == sorted(largest)
    assert found[1].tolist() == [largest[number] for number in sorted(largest)]
    assert found[2].tolist() == [bits[number] for number in sorted(largest)]


@given(tables)
def test_sums_of_sums_are_the_sum(parts: list[list[tuple[int, int, int]]]) -> None:
    whole = [table_of(rows) for rows in parts]
    how = [np.add, np.bitwise_or]
    halves = [added(whole[:2], how), added(whole[2:], how)]
    assert added(halves, how).tolist() == added(whole, how).tolist()


def test_no_table_has_no_number() -> None:
    assert added([], [np.add]).shape == (2, 0)
