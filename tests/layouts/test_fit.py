"""Which examples share a row: against the plain algorithm, example by example."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.layouts.fit import best_fit, fit_histogram

CAPACITY = 40
some_lengths = st.lists(st.integers(1, CAPACITY), max_size=60)


def plain_best_fit(lengths: list[int], capacity: int) -> list[list[int]]:
    """The rows' contents: the longest example first, each into the fullest row it fits in."""
    rows: list[list[int]] = []
    for length in sorted(lengths, reverse=True):
        fitting = [row for row in rows if sum(row) + length <= capacity]
        if fitting:
            max(fitting, key=sum).append(length)
        else:
            rows.append([length])
    return rows


def test_a_case_worked_by_hand() -> None:
    """5 + 3 and 6 + 2 fill a row each, 4 stays alone."""
    fit = best_fit(np.array([3, 5, 2, 4, 6]), capacity=8)
    assert fit.rows.tolist() == [0, 0, 1, 2, 1]
    assert fit.numbers.tolist() == [1, 0, 1, 0, 0]
    assert fit.starts.tolist() == [5, 0, 6, 0, 0]


def test_rows_of_equal_contents_are_one_group() -> None:
    counts = [0] * 9
    counts[5], counts[3] = 1000, 2000
    groups = {group.lengths: group.rows for group in fit_histogram(counts)}
    assert groups == {(5, 3): 1000, (3, 3): 500}


@given(some_lengths)
def test_rows_are_those_of_the_plain_algorithm(lengths: list[int]) -> None:
    fit = best_fit(np.array(lengths, np.int64), CAPACITY)
    rooms = [CAPACITY - sum(row) for row in plain_best_fit(lengths, CAPACITY)]
    filled = np.bincount(fit.rows, weights=lengths) if lengths else np.zeros(0)
    assert sorted(CAPACITY - filled) == sorted(rooms)


@given(some_lengths)
def test_every_example_has_a_place_of_its_own(lengths: list[int]) -> None:
    fit = best_fit(np.array(lengths, np.int64), CAPACITY)
    taken: dict[int, list[tuple[int, int, int]]] = {}
    for row, number, start, length in zip(*fit, lengths, strict=True):
        taken.setdefault(int(row), []).append((int(number), int(start), length))
    assert sorted(taken) == list(range(len(taken)))
    for places in taken.values():
        end = 0
        for expected, (number, start, length) in enumerate(sorted(places)):
            assert (number, start) == (expected, end)
            end += length
        assert end <= CAPACITY


@pytest.mark.parametrize("mean", [20, 60, 300])
def test_short_examples_fill_99_of_100_slots(mean: int) -> None:
    lengths = np.random.default_rng(3).exponential(mean, 20_000).astype(np.int64).clip(5, 512)
    rows = best_fit(lengths, 512).rows.max() + 1
    assert lengths.sum() / (rows * 512) > 0.99
