"""The order of an epoch: every row once over all ranks, in as many steps on each, whatever the cut.

Nothing here reads a shard: chunks are numbers of rows.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bertprep.errors import UsageError
from bertprep.loaders.order import Order, OrderOptions, _step_sizes
from tests.examples_count import of_a_hundred
from tests.reference import assert_distributed

Ints = NDArray[np.int64]


def order(
    rows: list[int],
    bins: list[int] | None = None,
    epoch: int = 0,
    window_rows: int = 20,
    **options: Any,
) -> Order:
    return Order(
        np.array(rows),
        np.array(bins or [64] * len(rows)),
        OrderOptions(**{"batch_size": 4, **options}),
        epoch,
        window_rows,
    )


def steps(of: Order) -> list[list[int]]:
    return [of.rows(number).tolist() for number in range(len(of))]


def ranks(world_size: int, rows: list[int], bins: list[int], **options: Any) -> list[Any]:
    """The steps of each rank."""
    return [
        steps(order(rows, bins, rank=rank, world_size=world_size, **options))
        for rank in range(world_size)
    ]


@st.composite
def chunks(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    rows = draw(st.lists(st.integers(1, 50), min_size=1, max_size=8))
    bins = draw(st.lists(st.sampled_from([16, 32, 48]), min_size=len(rows), max_size=len(rows)))
    return rows, bins


@settings(max_examples=of_a_hundred(150))
@given(chunks(), st.integers(1, 8), st.integers(1, 9), st.booleans(), st.integers(0, 3))
def test_each_row_comes_once_in_as_many_steps_on_every_rank(
    chunk: tuple[list[int], list[int]], world_size: int, batch_size: int, shuffle: bool, epoch: int
) -> None:
    rows, bins = chunk
    options = {"batch_size": batch_size, "shuffle": shuffle, "epoch": epoch}
    if sum(rows) < world_size:
        with pytest.raises(UsageError, match=f"for {world_size} ranks"):
            ranks(world_size, rows, bins, **options)
        return
    found = ranks(world_size, rows, bins, **options)
    assert len({len(of_rank) for of_rank in found}) == 1
    flat = [row for of_rank in found for step in of_rank for row in step]
    assert sorted(flat) == list(range(sum(rows)))
    for together in zip(*found, strict=True):
        sizes = [len(step) for step in together]
        assert min(sizes) >= 1
        assert max(sizes) <= max(batch_size, 2)
        assert max(sizes) - min(sizes) <= 1


@settings(max_examples=of_a_hundred(100))
@given(chunks(), st.integers(1, 5), st.integers(1, 9))
def test_drop_last_leaves_full_steps_alone(
    chunk: tuple[list[int], list[int]], world_size: int, batch_size: int
) -> None:
    rows, bins = chunk
    options = {"batch_size": batch_size, "drop_last": True}
    if sum(rows) < world_size * batch_size:
        with pytest.raises(UsageError, match="drop_last leaves none"):
            ranks(world_size, rows, bins, **options)
        return
    found = ranks(world_size, rows, bins, **options)
    flat = [row for of_rank in found for step in of_rank for row in step]
    assert {len(step) for of_rank in found for step in of_rank} == {batch_size}
    assert len(set(flat)) == len(flat)
    assert sum(rows) - len(flat) < world_size * batch_size * len(set(bins))


def test_what_fills_no_step_is_spread_evenly() -> None:
    def sizes(rows: int, world_size: int, batch_size: int, **options: Any) -> Any:
        full, tail = _step_sizes(rows, OrderOptions(batch_size, world_size, **options))
        return full, tail.tolist()

    assert sizes(32, 2, 8) == (2, [])
    assert sizes(39, 2, 8) == (2, [[3, 4]])
    assert sizes(34, 2, 8) == (2, [[1, 1]])
    # One row for two ranks: the last full step and it are halved.
    assert sizes(33, 2, 8) == (1, [[4, 5], [4, 4]])
    assert sizes(9, 8, 1) == (0, [[1] * 7 + [2]])
    assert sizes(39, 2, 8, drop_last=True) == (2, [])


def test_any_step_can_be_asked_for_first() -> None:
    rows, bins = [30, 7, 55, 21, 40], [16, 16, 32, 32, 32]
    whole = steps(order(rows, bins))
    assert [order(rows, bins).rows(n).tolist() for n in range(len(whole))] == whole
    backwards = order(rows, bins)
    assert [backwards.rows(n).tolist() for n in reversed(range(len(whole)))] == whole[::-1]


def test_epochs_and_seeds_have_orders_of_their_own() -> None:
    rows = [50] * 6
    found = {
        (seed, epoch): str(steps(order(rows, seed=seed, epoch=epoch)))
        for seed in (1, 2)
        for epoch in (0, 1)
    }
    assert len(set(found.values())) == 4
    assert found[1, 1] == str(steps(order(rows, seed=1, epoch=1)))


def test_without_shuffling_the_stored_order_stays_whatever_the_epoch() -> None:
    rows = [5, 30, 9]
    flat = [row for step in steps(order(rows, shuffle=False, epoch=3)) for row in step]
    assert flat == list(range(44))
    found = ranks(2, rows, [64] * 3, shuffle=False)
    assert [row for of_rank in found for step in of_rank for row in step] == list(range(44))


def test_a_step_is_of_one_bin_and_of_the_same_on_all_ranks() -> None:
    rows, bins = [40, 33, 60, 20, 47], [32, 16, 48, 16, 32]
    bin_of = np.repeat(bins, rows)
    found = ranks(3, rows, bins, batch_size=4)
    schedule = []
    for together in zip(*found, strict=True):
        (of_step,) = {int(bin_of[row]) for step in together for row in step}
        schedule.append(of_step)
    assert Counter(schedule) == {16: 5, 32: 8, 48: 5}
    assert schedule != sorted(schedule)  # the bins' steps are mixed
    again = ranks(3, rows, bins, batch_size=4, epoch=1)
    assert [int(bin_of[step[0]]) for step in again[0]] != schedule


def test_a_bin_with_too_few_rows_joins_the_next_longer_one() -> None:
    found = ranks(4, [3, 40, 2], [16, 32, 48], batch_size=4)
    assert sorted(r for of_rank in found for step in of_rank for r in step) == list(range(45))
    with_the_shortest = [step for of_rank in found for step in of_rank if min(step) < 3]
    assert any(max(step) >= 3 for step in with_the_shortest)


@pytest.mark.slow
def test_rows_come_at_any_time_of_an_epoch() -> None:
    """Over many epochs the first, a middle and the last row are anywhere in it alike."""
    rows, epochs = [16] * 12, 600
    places = np.empty((epochs, 3), np.int64)
    for epoch in range(epochs):
        flat = np.concatenate([np.array(s) for s in steps(order(rows, epoch=epoch))])
        place = np.argsort(flat)
        places[epoch] = place[0], place[100], place[191]
    for column in places.T:
        assert_distributed(np.bincount(column // 16, minlength=12).tolist(), [1] * 12)


def test_rows_of_one_step_are_mixed_anew() -> None:
    """The row beside row 0 is another one in almost every epoch."""
    beside = set()
    for epoch in range(60):
        step = next(s for s in steps(order([40] * 6, epoch=epoch)) if 0 in s)
        beside.add(min(row for row in step if row))
    assert len(beside) > 20


@pytest.mark.parametrize("workers", [2, 3, 4, 6])
def test_workers_read_apart_from_each_other(workers: int) -> None:
    """Worker w makes every W-th step; what all of them read is little more than the rows."""
    rows, size = [20] * 240, 20 * 240

    def rows_read(worker: int, of: int) -> int:
        windows = {}
        whole = order(rows)
        for number in range(worker, len(whole), of):
            for window, _, _ in whole.step(number):
                windows[window.lane, window.number] = len(window.rows)
        return sum(windows.values())

    assert rows_read(0, 1) == size
    each = [rows_read(worker, workers) for worker in range(workers)]
    assert sum(each) == size
    assert max(each) <= 1.1 * size / workers


def test_a_rank_reads_no_more_than_its_share() -> None:
    rows = [20] * 80
    pieces = []
    for rank in range(8):
        whole = order(rows, rank=rank, world_size=8)
        windows = {(w.lane, w.number): w for n in range(len(whole)) for w, _, _ in whole.step(n)}
        pieces.append(sum(len(window.pieces) for window in windows.values()))
    assert max(pieces) <= 80 // 8 + 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "batch_size must be an integer >= 1; got 0"),
        ({"rank": 2, "world_size": 2}, "rank must be from 0 to world_size - 1; got rank 2 of 2"),
        ({"rank": -1}, "rank must be an integer >= 0; got -1"),
        ({"world_size": 0}, "world_size must be an integer >= 1; got 0"),
        ({"seed": 2**63}, "seed must fit a 64-bit integer"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        order([10], **options)
