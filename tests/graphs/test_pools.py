"""Which documents exchange random B's, planned by counts alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.text.range_counts import RANGES, Tally
from pipelines.graphs.pools import (
    bucket_count,
    plan_ranges,
    pool_edges,
    shared_evenly,
    tally_ranges,
)
from pipelines.steps.sizes import RUN_SIZES

ranges_of_keys = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 300), st.integers(1, 50)), min_size=1, max_size=30
)


def tally_of(documents: list[int], tokens: list[int], copies: list[int] | None = None) -> Tally:
    """Ranges with so many documents and tokens, each document so many times."""
    distinct = [n // m for n, m in zip(documents, copies or [1] * len(tokens), strict=True)]
    seen = [(1 << min(n, 64)) - 1 for n in distinct]
    columns = (range(len(tokens)), documents, tokens, seen)
    return Tally(*(np.array(column, np.uint64) for column in columns))


@pytest.mark.parametrize(
    ("documents", "sizes", "edges"),
    [
        ([300, 300], [100, 100], [0, 1, 2]),
        ([300, 0], [100, 0], [0, 2]),  # no pool of nothing behind the last full one
        ([0, 300], [0, 100], [0, 2]),
        ([300, 10], [100, 100], [0, 2]),  # too few documents for a pool of their own
        ([300, 300], [100, 20], [0, 1, 2]),  # small, but enough of them
        ([300] * 12, [10] * 12, [0, 3, 6, 9, 12]),  # 3 pools of 50 would not share out evenly
        ([100, 200, 300], [60, 60, 60], [0, 2, 3]),  # 100 documents are not enough
        ([1, 1, 1, 1], [300, 300, 300, 300], [0, 2, 4]),  # books: two of four times the size do
        ([1, 1, 1], [300, 300, 300], [0, 3]),  # and the last one is not alone
    ],
)
def test_pools_by_hand(documents: list[int], sizes: list[int], edges: list[int]) -> None:
    assert pool_edges(tally_of(documents, sizes), 50, 256) == edges


def test_a_text_that_is_there_very_often_makes_no_pool_of_itself() -> None:
    """It needs others to draw from as any other, and is not large, as it is stored once."""
    tally = tally_of([30, 1000, 10, 300], [50, 10_000, 50, 50], [1, 1000, 1, 1])
    assert pool_edges(tally, 50, 256) == [0, 4]
    tally = tally_of([300, 300_000, 250, 300], [50, 10_000, 50, 50], [1, 1000, 1, 1])
    assert pool_edges(tally, 50, 256) == [0, 1, 2, 4]


@given(ranges_of_keys)
def test_every_range_is_in_one_pool_and_none_is_too_poor(rows: list[tuple[int, int, int]]) -> None:
    tally = tally_of(*map(list, zip(*rows, strict=True)))
    edges = pool_edges(tally, 250, 256)
    assert edges[0] == 0
    assert edges[-1] == len(rows)
    assert edges == sorted(set(edges))
    pooled = np.add.reduceat(tally.distinct, edges[:-1])
    if len(pooled) > 1:
        assert (pooled >= 2).all()
        few = pooled < 256
        assert (np.add.reduceat(tally.tokens, edges[:-1])[few] >= 1000).all()


def test_ranges_and_buckets_grow_with_the_corpus_so_that_pools_keep_their_size() -> None:
    few, many = 2**31, 2**40
    assert plan_ranges(few, RUN_SIZES) == plan_ranges(0, RUN_SIZES) == RANGES
    assert plan_ranges(many, RUN_SIZES) > RANGES
    for tokens in (few, many, 8 * many):
        assert tokens / plan_ranges(tokens, RUN_SIZES) <= RUN_SIZES.pool_tokens / 4
        # It may be eight times as large.
        assert tally_ranges(tokens, RUN_SIZES) >= plan_ranges(8 * tokens, RUN_SIZES)
    assert bucket_count(2 * 2**34, RUN_SIZES) == 2 * bucket_count(2**34, RUN_SIZES)


def test_tasks_in_a_number_that_several_workers_share_evenly() -> None:
    shared = {0: 0, 1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 8: 8, 9: 16, 16: 16, 17: 24}
    assert {tasks: shared_evenly(tasks) for tasks in shared} == shared
