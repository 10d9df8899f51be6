"""The steps of an epoch, in blocks that are made together, shared out among workers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from itertools import islice

from bertprep.layouts.columns import Columns


class StepBlocks(ABC):
    """Batches by the numbers of their steps; a subclass makes those of given blocks.

    Attributes:
        block: how many steps in a row are best made together.
    """

    block: int

    @abstractmethod
    def __len__(self) -> int:
        """Steps of an epoch: as many on every rank, and in every epoch."""

    @abstractmethod
    def _read(self, epoch: int, blocks: Iterable[range]) -> Iterator[list[Columns]]:
        """The steps of blocks, each given by their numbers."""

    def read(self, epoch: int, first: int = 0, stride: int = 1) -> Iterator[Columns]:
        """Some steps of an epoch.

        Args:
            epoch: from 0.
            first: the number of the step to begin with.
            stride: how much higher the number of each next one is.
        """
        numbers = range(first, len(self), stride)
        starts = range(0, len(numbers), self.block)
        for block in self._read(epoch, (numbers[at : at + self.block] for at in starts)):
            yield from block

    def blocks(
        self, epoch: int, first: int = 0, worker: int = 0, workers: int = 1
    ) -> Iterator[list[Columns]]:
        """The steps of an epoch that one of several workers makes, in blocks of a few in a row.

        Args:
            epoch: from 0.
            first: the number of the step that all of them begin with.
            worker: its number, from 0.
            workers: how many there are: each has every so many-th block.
        """
        starts = range((first // self.block + worker) * self.block, len(self), self.block)
        blocks = (range(max(first, at), min(at + self.block, len(self))) for at in starts)
        return self._read(epoch, islice(blocks, 0, None, workers))
