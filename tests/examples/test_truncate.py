"""Pairs are cut as the published algorithm cuts them, all at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bertprep.examples.truncate import truncated
from bertprep.options import ShardOptions
from tests.reference import truncated_lengths

LENGTHS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 1)), min_size=1, max_size=20
)


@given(LENGTHS, st.integers(8, 200))
def test_lengths_are_the_references_and_the_rest_is_counted(
    lengths: list[tuple[int, int, int]], length: int
) -> None:
    options = ShardOptions(max_seq_length=length, max_predictions_per_seq=1)
    keys = np.arange(len(lengths), dtype=np.uint64)
    rows = np.array([(1000, 1000 + a, 5000, 5000 + b, label) for a, b, label in lengths])
    found = truncated(keys, rows, options)
    cut = [truncated_lengths(a, b, options.max_num_tokens) for a, b, _ in lengths]
    assert [*zip(found.a_length.tolist(), found.b_length.tolist(), strict=True)] == cut
    lost = [(a - c, b - d) for (a, b, _), (c, d) in zip(lengths, cut, strict=True)]
    assert found.truncated == sum(map(sum, lost))
    own = [not label for *_, label in lengths]
    assert found.is_own.tolist() == own
    of_own = sum(a + b * mine for (a, b), mine in zip(lost, own, strict=True))
    assert found.lost == {"truncated_own": of_own}
    fronts = (found.a_start - 1000, found.b_start - 5000)
    for front, losses in zip(fronts, zip(*lost, strict=True), strict=True):
        assert ((front >= 0) & (front <= np.array(losses))).all()


def test_rows_are_taken_with_all_their_columns() -> None:
    rows = np.array([(0, 4, 4, 8, 0), (10, 30, 50, 90, 1), (2, 3, 5, 6, 1)])
    pairs = truncated(np.array([7, 8, 9], np.uint64), rows, ShardOptions(max_seq_length=32))
    taken = pairs.take(np.array([2, 0]))
    for name in ("keys", "a_start", "a_length", "b_start", "b_length", "labels"):
        assert getattr(taken, name).tolist() == getattr(pairs, name)[[2, 0]].tolist()
