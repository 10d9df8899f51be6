"""Which bin a row is of, and how many shards each bin gets."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.examples.bins import (
    allot_shards,
    bin_count,
    bin_of,
    longest_row,
    padding_share,
)
from bertprep.options import ShardOptions

BINNED = ShardOptions(bin_size=32)


def test_a_bin_ends_with_a_row_of_its_length() -> None:
    assert bin_of(np.array([5, 31, 32, 33, 64, 65, 128]), BINNED).tolist() == [0, 0, 0, 1, 1, 2, 3]
    assert bin_count(BINNED) == 4
    assert [longest_row(number, BINNED) for number in range(4)] == [32, 64, 96, 128]


def test_without_a_bin_size_all_rows_are_of_one_bin() -> None:
    assert bin_of(np.array([1, 128]), ShardOptions()).tolist() == [0, 0]
    assert bin_count(ShardOptions()) == 1


@pytest.mark.parametrize(
    ("rows", "shards", "counts"),
    [
        ([90, 10, 0], 4, [3, 1, 0]),
        ([10], 10, [10]),
        ([1, 1, 98], 3, [1, 1, 1]),
        ([1, 1, 98], 50, [1, 1, 48]),
        ([50, 50], 3, [2, 1]),  # of equal ones the shorter rows'
        ([0, 3, 2], 5, [0, 3, 2]),
    ],
)
def test_shards_by_hand(rows: list[int], shards: int, counts: list[int]) -> None:
    assert allot_shards(rows, shards) == counts


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8).filter(any), st.data())
def test_no_shard_is_empty_and_none_larger_than_it_must_be(
    rows: list[int], data: st.DataObject
) -> None:
    fewest = sum(count > 0 for count in rows)
    shards = data.draw(st.integers(fewest, sum(rows)))
    counts = allot_shards(rows, shards)
    assert sum(counts) == shards
    assert all((n == 0) == (count == 0) for n, count in zip(counts, rows, strict=True))
    assert all(n <= count for n, count in zip(counts, rows, strict=True))
    largest = max(Fraction(row, n) for row, n in zip(rows, counts, strict=True) if n)
    # Smaller shards throughout would have to be more.
    assert sum(row // largest + 1 for row in rows if row) > shards


def test_padding_within_bins_by_hand() -> None:
    assert padding_share(216, {32: 3, 64: 3}) == 0.25
    assert padding_share(0, {}) == 0.0
