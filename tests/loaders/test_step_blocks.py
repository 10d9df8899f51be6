"""Every step comes once, whoever makes it, and steps of a block come together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from bertprep.loaders.step_blocks import StepBlocks


class Numbers(StepBlocks):
    """Steps that are their numbers alone."""

    def __init__(self, steps: int, block: int) -> None:
        self.steps, self.block = steps, block

    def __len__(self) -> int:
        return self.steps

    def _read(self, epoch: int, blocks: Iterable[range]) -> Iterator[list[int]]:
        return map(list, blocks)


SMALL = st.integers(1, 7)


@given(st.integers(0, 40), SMALL, st.integers(0, 45), SMALL)
def test_steps_from_the_first_one_on(steps: int, block: int, first: int, stride: int) -> None:
    assert list(Numbers(steps, block).read(0, first, stride)) == [*range(first, steps, stride)]


@given(st.integers(0, 40), SMALL, st.integers(0, 45), SMALL)
def test_workers_share_blocks(steps: int, block: int, first: int, workers: int) -> None:
    numbers = Numbers(steps, block)
    each = [list(numbers.blocks(0, first, worker, workers)) for worker in range(workers)]
    # In turn, a block of each worker: as a trainer's loader takes them.
    turns = [part[turn] for turn in range(max(map(len, each))) for part in each if turn < len(part)]
    assert [*chain.from_iterable(turns)] == [*range(first, steps)]
    assert all(len({number // block for number in part}) <= 1 for part in turns)
