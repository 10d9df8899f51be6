"""Rows of several parts, in proportion."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bertprep.shards.sampling import spread


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20), st.integers(0, 10**10))
def test_rows_are_spread_in_proportion(rows: list[int], limit: int) -> None:
    taken = spread(rows, limit)
    assert sum(taken) == min(limit, sum(rows))
    for n, of in zip(taken, rows, strict=True):
        assert 0 <= n <= of
        assert abs(n - of * min(1, limit / max(1, sum(rows)))) < 1 + 1e-3
