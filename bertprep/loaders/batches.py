"""The batches of one rank, epoch after epoch: what every loader yields, in numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from bertprep.common.draws import row_keys
from bertprep.common.ragged import offsets_of
from bertprep.layouts.columns import Columns, Records
from bertprep.loaders.collate import ColumnMaker, Padding
from bertprep.loaders.order import Order, OrderOptions, Window
from bertprep.loaders.step_blocks import StepBlocks
from bertprep.shards.folder import Shards


class Batches(StepBlocks):
    """Steps of columns [rows, ...], as ``order`` shares them out among ranks.

    What a step holds depends on the shards, the options and the epoch alone.
    """

    def __init__(
        self, shards: Shards, maker: ColumnMaker, order: OrderOptions, padding: Padding
    ) -> None:
        self._shards, self._maker = shards, maker
        self._options, self._padding = order, padding
        tokens = order.batch_size * shards.options.max_seq_length
        self.block = max(1, shards.sizes.batch_tokens // tokens)
        self._steps = len(self._order(0))

    def __len__(self) -> int:
        """Steps of an epoch: as many on every rank, and in every epoch."""
        return self._steps

    def _read(self, epoch: int, blocks: Iterable[range]) -> Iterator[list[Columns]]:
        steps = self.epoch(epoch)
        for block in blocks:
            yield list(steps.steps(block))

    def epoch(self, epoch: int) -> EpochSteps:
        """The steps of an epoch, by their numbers; asked for in order they cost least."""
        windows = _Windows(self._shards)
        return EpochSteps(self._order(epoch), partial(self._made, windows=windows, epoch=epoch))

    def _made(
        self, steps: list[list[tuple[Window, int, int]]], windows: _Windows, epoch: int
    ) -> Iterator[Columns]:
        parts = [part for step in steps for part in step]
        records = [windows.records(window)[start:stop] for window, start, stop in parts]
        rows = np.concatenate([window.rows[start:stop] for window, start, stop in parts])
        keys = row_keys(self._options.seed, epoch, rows)
        block = records[0] if len(records) == 1 else np.concatenate(records)
        columns = self._maker(block, keys)
        sizes = [sum(stop - start for _, start, stop in step) for step in steps]
        edges = offsets_of(np.array(sizes)).tolist()
        for start, stop in pairwise(edges):
            step_columns = {name: values[start:stop] for name, values in columns.items()}
            yield self._maker.padded(step_columns, self._padding)

    def _order(self, epoch: int) -> Order:
        shards = self._shards
        sizes = shards.window_rows, self.block
        return Order(shards.chunk_rows, shards.chunk_bins, self._options, epoch, *sizes)


class EpochSteps:
    """The steps of an epoch, by their numbers.

    Args:
        order: of the epoch.
        make: makes the columns of steps, whose rows stand in windows as the order says.
    """

    def __init__(self, order: Order, make: Callable[[list[Any]], Iterator[Columns]]) -> None:
        self._order, self._make = order, make

    def steps(self, numbers: Sequence[int]) -> Iterator[Columns]:
        """The columns of some steps, which are made together."""
        if len(numbers):
            yield from self._make([list(self._order.step(number)) for number in numbers])


class _Windows:
    """The records of each lane's window: of the last one that was asked for."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._open: dict[int, tuple[int, Records]] = {}

    def records(self, window: Window) -> Records:
        """The window's rows in its order."""
        number, records = self._open.get(window.lane, (-1, None))
        if number != window.number or records is None:
            self._open.pop(window.lane, None)  # before the next one takes as much memory again
            parts = [self._shards.read(*piece) for piece in window.pieces.tolist()]
            stored = parts[0] if len(parts) == 1 else np.concatenate(parts)
            records = stored.take(window.order)
            self._open[window.lane] = window.number, records
        return records
