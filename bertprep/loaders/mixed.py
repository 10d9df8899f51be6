"""Steps of several folders of shards in proportions, each step of one of them.

An epoch has so few steps as read every folder at least once; the proportions are exact to a step,
all through the epoch. A folder that is done begins again, in an order and with masks of its next
pass, and goes on there in the next epoch: none of its rows comes twice before all came once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import ceil, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import PERMUTATION, stream_key, uniform
from bertprep.errors import UsageError
from bertprep.layouts.columns import Columns
from bertprep.loaders.batches import Batches, EpochSteps
from bertprep.loaders.collate import ColumnMaker, Padding
from bertprep.loaders.order import ORDER_VERSION, OrderOptions
from bertprep.loaders.step_blocks import StepBlocks
from bertprep.options import Layout, MaskingOptions
from bertprep.shards.folder import Shards
from bertprep.shards.sizes import SIZES, Sizes

Path = str | os.PathLike[str]
Folders = Path | Mapping[Any, float]


@dataclass(frozen=True)
class Sources:
    """The shards that a stream reads.

    Attributes:
        shards: of each folder.
        makers: of the columns of each.
        weights: in which proportion their steps are to each other; (1,) for one folder.
    """

    shards: tuple[Shards, ...]
    makers: tuple[ColumnMaker, ...]
    weights: tuple[float, ...]

    @classmethod
    def open(
        cls,
        folders: Folders,
        masking: MaskingOptions | None,
        layout: Layout | None,
        sizes: Sizes = SIZES,
    ) -> Sources:
        """Opens a folder, or the folders that are the keys of their weights.

        Args:
            folders: the one, or these.
            masking: how unmasked rows are masked.
            layout: of their columns; None for the stored one.
            sizes: how much is read and masked at once.

        Raises:
            UsageError: for weights that are none, and folders whose rows do not go together.
            InputError: for damaged folders.
        """
        weighted = folders if isinstance(folders, Mapping) else {folders: 1.0}
        if not weighted:
            raise UsageError("expected one folder, or some with their weights; got none")
        for path, weight in weighted.items():
            if isinstance(weight, bool) or not _is_weight(weight):
                raise UsageError(f"the weight of {path} must be a number above 0; got {weight!r}")
        shards = tuple(Shards(path, sizes) for path in weighted)
        makers = tuple(ColumnMaker(each, masking, layout) for each in shards)
        for other, maker in zip(shards[1:], makers[1:], strict=True):
            _check_alike(shards[0], makers[0], other, maker)
        return cls(shards, makers, tuple(weighted.values()))

    @property
    def identity(self) -> dict[str, Any]:
        """The facts of the shards that a state and the stream that goes on from it must share."""
        masking, first = self.makers[0].masking, self.shards[0]
        own: dict[str, Any] = {
            "shards": first.digest,
            "order_version": [ORDER_VERSION, first.window_rows],
            "masking": asdict(masking) if masking else None,
            "layout": self.makers[0].layout,
        }
        if len(self.shards) > 1:
            own["shards"] = [each.digest for each in self.shards]
            own["order_version"] = [ORDER_VERSION, *(each.window_rows for each in self.shards)]
            own["weights"] = list(self.weights)
        return own

    def batches(self, order: OrderOptions, padding: Padding) -> Batches | MixedBatches:
        """The batches of one rank."""
        parts = [
            Batches(shards, maker, order, padding)
            for shards, maker in zip(self.shards, self.makers, strict=True)
        ]
        return parts[0] if len(parts) == 1 else MixedBatches(parts, self.weights, order)


def _is_weight(weight: Any) -> bool:
    return isinstance(weight, int | float) and isfinite(weight) and weight > 0


def _check_alike(first: Shards, made: ColumnMaker, other: Shards, maker: ColumnMaker) -> None:
    """Raises UsageError unless rows of both make batches of one kind."""
    what = ""
    if first.vocabulary.digest != other.vocabulary.digest:
        what = "vocabularies"
    elif made.schema != maker.schema:
        what = "columns or lengths"
    elif made.masking != maker.masking:
        what = "maskings (masks that are stored, and rows without)"
    if what:
        raise UsageError(
            f"{first.folder.path} and {other.folder.path} have different {what}, and cannot be "
            "mixed: make the shards of both with the same options"
        )


class MixedBatches(StepBlocks):
    """The steps of several ``Batches``, by weights; as ``Batches`` itself.

    Args:
        parts: the batches of each folder on this rank.
        weights: of the folders.
        order: the options of the parts; its seed also draws which step is of which part.
    """

    def __init__(
        self, parts: Sequence[Batches], weights: Sequence[float], order: OrderOptions
    ) -> None:
        self._parts, self._options = parts, order
        self.counts = steps_of_parts([len(part) for part in parts], weights)
        self.block = min(part.block for part in parts)

    def __len__(self) -> int:
        """Steps of an epoch: as many on every rank, and in every epoch."""
        return int(self.counts.sum())

    def part_of_steps(self, epoch: int) -> NDArray[np.int64]:
        """int64[steps]: of which folder each step of an epoch is, the same on every rank."""
        parts = np.repeat(np.arange(len(self.counts)), self.counts)
        numbers = _numbers_within(parts, self.counts)
        within: Any = 0.5
        if self._options.shuffle:
            key = np.array([stream_key(self._options.seed, "folders", epoch)], np.uint64)
            within = uniform(key, PERMUTATION, np.arange(len(parts)))
        # The n-th of k steps comes somewhere in the n-th of k equal stretches.
        return parts[np.argsort((numbers + within) / self.counts[parts], kind="stable")]

    def _read(self, epoch: int, blocks: Iterable[range]) -> Iterator[list[Columns]]:
        part = self.part_of_steps(epoch)
        number = np.empty(len(part), np.int64)
        order = np.argsort(part, kind="stable")
        number[order] = _numbers_within(part[order], self.counts)
        number += epoch * self.counts[part]
        sources = [_Steps(each) for each in self._parts]
        for block in blocks:
            steps: list[Columns] = [{}] * len(block)
            for which, source in enumerate(sources):
                places = np.flatnonzero(part[block] == which)
                found = source.steps(number[block][places])
                for place, columns in zip(places.tolist(), found, strict=True):
                    steps[place] = columns
            yield steps


class _Steps:
    """The steps of a folder, counted on through its passes."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._open: tuple[int, EpochSteps] | None = None

    def steps(self, numbers: NDArray[np.int64]) -> Iterator[Columns]:
        """The steps of ascending numbers."""
        passes, steps = np.divmod(numbers, len(self._batches))
        for each in np.unique(passes).tolist():
            if self._open is None or self._open[0] != each:
                self._open = None  # before the next one takes as much memory again
                self._open = each, self._batches.epoch(each)
            yield from self._open[1].steps(steps[passes == each].tolist())


def steps_of_parts(least: Sequence[int], weights: Sequence[float]) -> NDArray[np.int64]:
    """int64[n]: how many steps of each folder an epoch has.

    Args:
        least: steps of one pass through each.
        weights: by which their steps are to be.

    >>> steps_of_parts([100, 30], [1, 1]).tolist()
    [100, 100]
    >>> steps_of_parts([100, 30], [0.7, 0.3]).tolist()
    [100, 43]
    """
    total = sum(map(Fraction, weights))
    shares = [Fraction(weight) / total for weight in weights]
    steps = max(ceil(count / share) for count, share in zip(least, shares, strict=True))
    exact = [share * steps for share in shares]
    counts = np.array([int(share) for share in exact])
    # What is left goes to those that are cut most; of equal ones to the first.
    by_rest = sorted(range(len(exact)), key=lambda n: counts[n] - exact[n])
    counts[by_rest[: steps - int(counts.sum())]] += 1
    return counts


def _numbers_within(parts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[n]: the number of each among those of its part, where equal parts stand together."""
    first: NDArray[np.int64] = np.cumsum(counts) - counts
    return np.arange(len(parts)) - first[parts]
