"""What stages left is summed up to the same, whatever was summed up first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.counts import added
from pipelines.steps import stage
from pipelines.steps.spill import SpillIndex
from pipelines.steps.stage import SumUp

FOLDER = "work/examples"
indexes = st.lists(
    st.tuples(
        st.integers(0, 3),  # its first bucket, and how many it has
        st.integers(0, 4),
        st.lists(st.tuples(st.integers(0, 7), st.integers(0, 9)), max_size=3),
    ),
    min_size=1,
    max_size=12,
)


def index_of(number: int, first: int, many: int, counts: list[tuple[int, int]]) -> SpillIndex:
    path = str(Path(FOLDER) / f"examples-{number:06}.arrow")
    table = np.array(sorted(dict(counts).items()), np.uint64).reshape(-1, 2).T
    return SpillIndex(path, (number,), 8, first, first + many, many * 100, 0, table)


def summed(found: list[SpillIndex], cuts: list[int], how: SumUp) -> Any:
    parts = []
    for start, stop in zip([0, *cuts], [*cuts, len(found)], strict=True):
        part = how.create_accumulator()
        for index in found[start:stop]:
            part = how.add_input(part, index)
        parts.append(how.compact(part))
    return how.extract_output(how.merge_accumulators(parts[::-1]))


@given(indexes, st.lists(st.integers(0, 12), max_size=3))
def test_a_sum_is_the_same_however_it_was_made(rows: list[Any], cuts: list[int]) -> None:
    found = [index_of(number, *row) for number, row in enumerate(rows)]
    how = SumUp(FOLDER, "examples", [np.add])
    whole = summed(found, [], how)
    other = summed(found, sorted(min(cut, len(found)) for cut in cuts), how)
    assert whole.buckets == other.buckets == 8
    assert whole.counts.tolist() == other.counts.tolist()
    assert all(np.array_equal(a, b) for a, b in zip(whole.files, other.files, strict=True))
    there = [index for index in found if index.last > index.first]
    assert whole.files.orders.ravel().tolist() == [index.order[0] for index in there]
    assert whole.files.sizes.tolist() == [index.size for index in there]
    assert int(whole.counts[1].sum()) == sum(int(index.counts[1].sum()) for index in found)


def test_many_are_summed_up_on_the_way() -> None:
    """A worker holds a row for each file, and one count for each number."""
    how = SumUp(FOLDER, "examples", [np.add])
    part = how.create_accumulator()
    for number in range(1000):
        part = how.add_input(part, index_of(number, 0, 1, [(3, 1)]))
        assert sum(counts.shape[1] for counts in part.counts) <= 65
    whole = how.extract_output(part)
    assert whole.counts.tolist() == [[3], [1000]]
    assert sum(column.nbytes for column in whole.files[2:]) == 1000 * 20


def test_twice_the_steps_take_twice_the_sorting(monkeypatch: pytest.MonkeyPatch) -> None:
    sorted_columns: list[int] = []

    def counting(tables: Sequence[Any], how: Any) -> Any:
        sorted_columns.append(sum(table.shape[1] for table in tables))
        return added(tables, how)

    monkeypatch.setattr(stage, "added", counting)
    how, taken = SumUp(FOLDER, "examples", [np.add]), []
    for many in (2000, 4000):
        part = how.create_accumulator()
        for number in range(many):  # each has numbers of its own: the sum grows as a corpus does
            part = how.add_input(part, index_of(number, 0, 1, [(3 * number, 1), (many, 1)]))
        how.extract_output(part)
        taken.append(sum(sorted_columns))
        sorted_columns.clear()
    assert taken[1] < 2.5 * taken[0]
