"""Rows of several folders by number: exact proportions, each row once before any comes twice."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bertprep.loaders.mixed import steps_of_parts
from bertprep.loaders.mixed_rows import MixedRows

FOLDERS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 4)), min_size=1, max_size=4)


@given(FOLDERS, st.integers(1, 4))
def test_rows_come_in_turn_through_all_epochs(folders: list[tuple[int, int]], epochs: int) -> None:
    lengths, weights = zip(*folders, strict=True)
    mixed = MixedRows(lengths, weights)
    counts = steps_of_parts(lengths, weights)
    seen: Counter[tuple[int, int]] = Counter()
    for epoch in range(epochs):
        parts, rows = mixed.places(np.arange(len(mixed)), epoch)
        assert np.bincount(parts, minlength=len(counts)).tolist() == counts.tolist()
        seen.update(zip(parts.tolist(), rows.tolist(), strict=True))
    for part, length in enumerate(lengths):
        times = [seen[part, row] for row in range(length)]
        assert sum(times) == epochs * counts[part]
        assert max(times) - min(times) <= 1


def test_one_folder_is_as_it_stands() -> None:
    parts, rows = MixedRows([7], [3.0]).places(np.array([6, 0, 3]), 5)
    assert parts.tolist() == [0, 0, 0]
    assert rows.tolist() == [6, 0, 3]
