"""The stream of batches of one rank in PyTorch, whatever loader is around it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from itertools import chain, repeat
from typing import Any, TypeGuard

import torch
from torch.utils import data

from bertprep.common.whole_numbers import whole_number
from bertprep.errors import UsageError
from bertprep.loaders import torch_wrappers
from bertprep.loaders.batches import Batches
from bertprep.loaders.collate import Padding
from bertprep.loaders.mixed import Folders, MixedBatches, Sources
from bertprep.loaders.order import OrderOptions
from bertprep.loaders.ranks import RankFinder, Ranks
from bertprep.loaders.torch_epochs import Passes, Start
from bertprep.loaders.torch_shared import SharedNumbers
from bertprep.loaders.torch_tensors import (
    Batch,
    Packed,
    masking_options,
    tensors,
)
from bertprep.options import DEFAULT_SEED, Layout, MaskingOptions, MaskingUnit
from bertprep.shards.folder import Shards
from bertprep.shards.sizes import SIZES, Sizes


class IterableDataset(data.IterableDataset[Batch]):
    """Whole batches of shards, in a new order each epoch: give it to this module's ``DataLoader``.

    Each row comes exactly once an epoch over all ranks, and every rank has the same number of
    steps.  A step draws from one length bin, the same on all ranks.  The order depends on the seed,
    the epoch, ``batch_size`` and ``world_size``, never on the number of workers.

    The dataset itself keeps this, in any loader that takes batches as they are
    (``torch.utils.data.DataLoader(dataset, batch_size=None)``): each new pass is the next epoch,
    unless ``set_epoch`` says which.  Ranks are asked for when it is read.

    Args:
        folder: the --output of ``bertprep shard``, here or on gs:// or s3://; or several
            as the keys of their weights, as in ``{"wiki/": 2, "books/": 1}``: each step is of one
            folder, and an epoch has so few steps as read each at least once.
        batch_size: rows of a step on this rank; the last steps of an epoch may have fewer.
        masking: how to mask unmasked rows: a unit, or all options; None for single tokens, 15%.
            Each epoch has masks of its own.
        layout: columns for unmasked rows; None for those they are stored in.
        pad_to: tokens to pad all rows to; None for as many as the longest of the batch.
        pad_to_multiple_of: what that is rounded up to.
        shuffle: a new order each epoch; else the stored one.
        drop_last: leave out the rows that do not fill a step on all ranks.
        rank, world_size: those of the data parallel group; None for those of ``torch.distributed``
            or else of RANK and WORLD_SIZE, as torchrun sets them.
        validation: each pass is the same, with the same masks, from its first batch on, also after
            one that was broken off; None for yes where ``shuffle`` is False.
        sizes: how many rows are read, masked and sent at once; tests choose small ones.

    Raises:
        UsageError, InputError: for options that do not go together, and for damaged folders; when
            it is read, where the rank is not known.
    """

    def __init__(
        self,
        folder: Folders,
        batch_size: int,
        *,
        masking: MaskingUnit | MaskingOptions | None = None,
        layout: Layout | None = None,
        pad_to: int | None = None,
        pad_to_multiple_of: int = 1,
        shuffle: bool = True,
        drop_last: bool = False,
        seed: int = DEFAULT_SEED,
        rank: int | None = None,
        world_size: int | None = None,
        validation: bool | None = None,
        sizes: Sizes = SIZES,
    ) -> None:
        self.sources = Sources.open(folder, masking_options(masking), layout, sizes)
        self._padding = Padding(pad_to, pad_to_multiple_of)
        self._order = OrderOptions(batch_size, 1, 0, seed, shuffle, drop_last)
        self._ranks = RankFinder(rank, world_size)
        self._made: tuple[Ranks, Batches | MixedBatches] | None = None
        self.is_validation = not shuffle if validation is None else validation
        self.passes = Passes(self.is_validation)
        self._batches_of(self._ranks.passed or Ranks(0, 1))
        self._packs = False
        self._loaded: Start | None = None
        # Of the DataLoader of this module: where it begins, and where passes of workers that live
        # on do.
        self._given: Start | None = None
        self._start = SharedNumbers(2)

    def __len__(self) -> int:
        """Steps of an epoch."""
        torch_wrappers.check_sampler()
        torch_wrappers.check_loader()
        return self.steps * torch_wrappers.processes_that_pick()

    @property
    def steps(self) -> int:
        """Steps of an epoch on each rank."""
        return len(self._batches_of(self._ranks.tell()))

    @property
    def shards(self) -> Shards:
        """Those of the folder; of several, of the first."""
        return self.sources.shards[0]

    @property
    def identity(self) -> dict[str, Any]:
        """The facts that a state and the stream that goes on from it must share."""
        order = asdict(replace(self._order, world_size=self._ranks.tell().world_size))
        return {
            **self.sources.identity,
            **{name: value for name, value in order.items() if name != "rank"},
        }

    def set_epoch(self, epoch: int) -> None:
        """The next pass: an epoch from its beginning, or what is left of the present one.

        The passes of a ``validation`` are the same in every epoch.
        """
        torch_wrappers.check_dispatcher()
        torch_wrappers.processes_that_pick()
        epoch = whole_number("epoch", epoch, 0)
        loaded = self._loaded
        if loaded is not None and epoch != loaded.epoch and torch_wrappers.is_prepared():
            raise UsageError(
                f"a state in epoch {loaded.epoch} was loaded, and the loader that accelerate "
                f"prepared begins epoch {epoch}, as it counts by itself: call its "
                f"set_epoch({loaded.epoch}) behind load_state_dict"
            )
        if not self.is_validation:
            present = self.passes.next
            self.passes.go_to(epoch, present.step if present.epoch == epoch else 0)

    def resume(self, start: Start) -> None:
        """Goes on where a state was taken."""
        self.passes.go_to(*start)
        self._loaded = start

    def begin(self) -> Start:
        """Begins a pass that the loader of this module follows."""
        self._ranks.check()
        self._loaded = None
        self._check_evaluation()
        return self.passes.begin(is_followed=True)

    def give(self, start: Start | None) -> None:
        """Where the next pass of that loader begins; for workers that live on, too."""
        self._given = start
        if start is not None:
            self._start.values[:] = torch.tensor(start)

    def pack(self, start: Start) -> None:
        """From now on yield a few batches at once, as they are best sent to that loader.

        The first pass begins at ``start``: what all share may have moved on where a worker is late.
        """
        self._packs, self._given = True, start

    def __iter__(self) -> Iterator[Any]:
        worker = data.get_worker_info()
        number, workers = (worker.id, worker.num_workers) if worker else (0, 1)
        batches = self._batches_of(self._ranks.check(worker is not None))
        if self._packs:
            epoch, step = self._given or self._start.values.tolist()
            self._given = None
            blocks = batches.blocks(epoch, step, number, workers)
            return (Packed(block, len(self.shards.vocabulary)) for block in blocks)
        given, self._given = self._given, None
        if given is None:
            return self._of_others(batches, number, workers, worker is not None)
        return Pass(self, batches, given, number, workers)

    def _of_others(
        self, batches: Batches | MixedBatches, number: int, workers: int, is_worker: bool
    ) -> Iterator[Batch]:
        """A pass of another loader."""
        torch_wrappers.check_fetcher()
        picking = torch_wrappers.processes_that_pick()
        self._check_skipped()
        if not is_worker:
            self._check_evaluation()
        start = self.passes.join(number) if is_worker else self.passes.begin()
        found = Pass(self, batches, start, number, workers)
        if picking == 1:
            return found
        torch_wrappers.check_stateful()
        # Each process keeps one of so many in turn: this rank's own, wherever it stands.
        return chain.from_iterable(repeat(batch, picking) for batch in found)

    def __getstate__(self) -> dict[str, Any]:
        self._check_skipped()  # workers that are no forks do not see who started them
        with suppress(UsageError):
            self._batches_of(self._ranks.find())
        return self.__dict__

    def _check_skipped(self) -> None:
        if not self.passes.is_named and not self.is_validation and torch_wrappers.is_skipped_into():
            raise UsageError(
                "the first batches are to be skipped, as a resumed run does, of an epoch that "
                "nobody named: call set_epoch before, or add bertprep.torch.EpochCallback(dataset) "
                "to the callbacks of transformers' Trainer"
            )

    def _check_evaluation(self) -> None:
        goes_on = not self.is_validation and self.passes.next != (0, 0)
        if goes_on and torch_wrappers.is_evaluation():
            warnings.warn(
                "an evaluation reads a stream that goes on where the last pass ended, so that each "
                "sees other batches: make it a dataset of its own, with validation=True",
                stacklevel=2,
            )

    def _batches_of(self, ranks: Ranks) -> Batches | MixedBatches:
        if self._made is None or self._made[0] != ranks:
            order = replace(self._order, rank=ranks.rank, world_size=ranks.world_size)
            self._made = ranks, self.sources.batches(order, self._padding)
        return self._made[1]


class Pass(Iterator[Batch]):
    """The batches of one worker in one pass; torchdata's loaders keep and restore its state."""

    def __init__(
        self,
        source: IterableDataset,
        batches: Batches | MixedBatches,
        start: Start,
        worker: int,
        workers: int,
    ) -> None:
        self._source, self._batches = source, batches
        self._worker, self._workers = worker, workers
        self._begin(start, 0)

    def _begin(self, start: Start, taken: int) -> None:
        self._start, self._taken = start, taken
        first = start.step + self._worker + taken * self._workers
        self._columns = self._batches.read(start.epoch, first, self._workers)

    def __next__(self) -> Batch:
        batch = tensors(next(self._columns))
        self._taken += 1
        return batch

    def state_dict(self) -> dict[str, Any]:
        """Where this worker's next batch is, and of what."""
        epoch, step = self._start
        return {"epoch": epoch, "step": step, "taken": self._taken, **self._source.identity}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on where the state was taken; the next pass is of the next epoch.

        Raises:
            UsageError: if it was taken of other shards, or with other options.
        """
        start = checked_start(state, self._source)
        taken = state.get("taken")
        if not is_index(taken):
            raise UsageError(f"expected a state of a pass, with what was taken; got {taken!r}")
        self._source.passes.go_to(start.epoch + 1, 0)
        self._begin(start, taken)


def checked_start(state: Mapping[str, Any], source: IterableDataset) -> Start:
    """Where a state was taken.

    Raises:
        UsageError: if it is of other shards, or was taken with other options.
    """
    for name, own in source.identity.items():
        if name not in state or state[name] != own:
            raise UsageError(
                f"the state is of another stream: its {name} is {state.get(name)}, and here "
                f"it is {own}; load it with the shards and options it was saved with"
            )
    epoch, step = state.get("epoch"), state.get("step")
    if not (is_index(epoch) and is_index(step) and step < source.steps):
        raise UsageError(
            f"expected a state with an epoch and one of its {source.steps} steps; got "
            f"epoch {epoch!r} and step {step!r}"
        )
    return Start(epoch, step)


def is_index(value: Any) -> TypeGuard[int]:
    """Whether it is an integer >= 0."""
    return isinstance(value, int) and value >= 0
