"""The stream of batches of one rank in PyTorch, and a loader that resumes it at any batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import chain
from typing import Any, TypeGuard

import torch
from torch.utils import data

from bertprep.errors import UsageError
from bertprep.loaders.batches import Batches
from bertprep.loaders.columns import ColumnMaker, Padding
from bertprep.loaders.order import ORDER_VERSION, OrderOptions
from bertprep.loaders.torch_tensors import (
    Batch,
    Packed,
    Path,
    masking_options,
    rank_and_world_size,
    shared_zeros,
    tensors,
)
from bertprep.options import DEFAULT_SEED, Layout, MaskingOptions, MaskingUnit
from bertprep.shards.folder import Shards


class IterableDataset(data.IterableDataset[Batch]):
    """Whole batches of shards, in a new order each epoch; use it with this module's ``DataLoader``.

    Each row comes exactly once an epoch over all ranks, and every rank has the same number of
    steps.  A step draws from one length bin, the same on all ranks.  The order hangs on the seed,
    the epoch, ``batch_size`` and ``world_size``, never on the number of workers.

    Args:
        folder: the --output of ``bertprep shard``, here or on gs://, s3://, hdfs://.
        batch_size: rows of a step on this rank; the last steps of an epoch may have fewer.
        masking: how to mask unmasked rows: a unit, or all options; None for single tokens, 15%.
            Each epoch has masks of its own.
        layout: columns for unmasked rows; None for those they are stored in.
        pad_to: tokens to pad all rows to; None for as many as the longest of the batch.
        pad_to_multiple_of: what that is rounded up to.
        shuffle: a new order each epoch; else the stored one.
        drop_last: leave out the rows that do not fill a step on all ranks.
        rank, world_size: None for those of ``torch.distributed`` or else of torchrun.

    Raises:
        UsageError, InputError: for options that do not go together, and for damaged folders.
    """

    def __init__(
        self,
        folder: Path,
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
    ) -> None:
        self.shards = Shards(folder)
        here, ranks = rank_and_world_size()
        rank = here if rank is None else rank
        world_size = ranks if world_size is None else world_size
        order = OrderOptions(batch_size, world_size, rank, seed, shuffle, drop_last)
        maker = ColumnMaker(self.shards, masking_options(masking), layout)
        self._batches = Batches(self.shards, maker, order, Padding(pad_to, pad_to_multiple_of))
        self._packs = False
        self._start = shared_zeros(2, torch.int64)  # epoch and step
        self._begun_in = 0  # the worker process that is past its first pass
        self.position = 0, 0
        self.identity = {
            "shards": self.shards.digest,
            "order_version": [ORDER_VERSION, self.shards.window_rows],
            **{name: value for name, value in asdict(order).items() if name != "rank"},
            "masking": asdict(maker.masking) if maker.masking else None,
            "layout": maker.layout,
        }

    def __len__(self) -> int:
        """Steps of an epoch."""
        return len(self._batches)

    def set_epoch(self, epoch: int) -> None:
        """What to read next: an epoch from its beginning, or what is left of the present one."""
        if not _is_index(epoch):
            raise UsageError(f"epoch must be an integer >= 0; got {epoch!r}")
        if epoch != self.position[0]:
            self.seek(epoch, 0)

    def seek(self, epoch: int, step: int) -> None:
        """What to read next: a step of an epoch; for workers that live on, too."""
        self.position = epoch, step
        self._start[:] = torch.tensor(self.position)

    def _start_here(self) -> tuple[int, int]:
        """Where a worker's pass begins: its copy tells of the first, what all share of later ones.

        What all share may have moved on already where a worker is late to start.
        """
        epoch, step = self._start.tolist() if self._begun_in == os.getpid() else self.position
        self._begun_in = os.getpid()
        return epoch, step

    def pack(self) -> None:
        """From now on yield a few batches at once, as they are best sent to another process."""
        self._packs = True

    def __iter__(self) -> Iterator[Any]:
        worker = data.get_worker_info()
        number, workers = (worker.id, worker.num_workers) if worker else (0, 1)
        epoch, step = self._start_here() if worker else self.position
        if not self._packs:
            return map(tensors, self._batches.read(epoch, step + number, workers))
        vocab_size = len(self.shards.vocabulary)
        blocks = self._batches.blocks(epoch, step, number, workers)
        return (Packed(block, vocab_size) for block in blocks)


class DataLoader(data.DataLoader[Batch]):
    """Loads an ``IterableDataset`` and knows where in the stream it is.

    It goes through the epochs by itself: iterating yields the next epoch, or what is left of one
    that was broken off.  ``state_dict`` inside the loop names the batch after the one in hand.  The
    ranks share the rows already: what shares out batches (``accelerator.prepare``) must not get it.

    Args:
        options: those of ``torch.utils.data.DataLoader`` that have to do with workers and memory.

    Raises:
        UsageError: for an option that is the dataset's.
    """

    def __init__(self, dataset: IterableDataset, **options: Any) -> None:
        for name in ("batch_size", "shuffle", "sampler", "batch_sampler", "drop_last"):
            if name in options:
                raise UsageError(f"{name} is an option of the IterableDataset, which makes batches")
        if options.get("collate_fn") is not None:
            raise UsageError("collate_fn has nothing to collate; change batches after the loader")
        if not options.get("in_order", True):
            raise UsageError("in_order=False would lose the place to resume at; leave it out")
        if options.get("num_workers", 0):
            options["worker_init_fn"] = _WorkerStart(options.get("worker_init_fn"))
            if dataset.shards.folder.is_remote:
                # Clients of remote file systems run threads, which do not survive a fork.
                options.setdefault("multiprocessing_context", "forkserver")
        super().__init__(dataset, batch_size=None, **options)
        self._source = dataset
        self._passes = 0

    def __iter__(self) -> Iterator[Batch]:  # type: ignore[override]
        epoch, step = self._source.position
        self._source.seek(epoch, step)
        self._passes += 1
        return self._followed(super().__iter__(), epoch, step, self._passes)

    def _followed(
        self, items: Iterator[Any], epoch: int, step: int, number: int
    ) -> Iterator[Batch]:
        """The batches in what arrives, with the position kept of the one that comes next."""
        steps = len(self._source)
        for batch in chain.from_iterable(map(_batches, items)):
            if self.persistent_workers and number != self._passes:
                raise UsageError(
                    "another pass through this DataLoader has begun, and its persistent workers "
                    "are at that; end one before the next, or give each a DataLoader of its own"
                )
            step += 1
            self._source.position = (epoch, step) if step < steps else (epoch + 1, 0)
            yield batch

    @property
    def epoch(self) -> int:
        """The epoch of the next batch."""
        return self._source.position[0]

    def set_epoch(self, epoch: int) -> None:
        """Goes to the beginning of an epoch; where it is in it already, it stays."""
        self._source.set_epoch(epoch)

    def state_dict(self) -> dict[str, Any]:
        """Where the next batch is, and of what; the same on all ranks."""
        epoch, step = self._source.position
        return {"epoch": epoch, "step": step, **self._source.identity}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on where the state was taken; the number of workers may be another.

        Raises:
            UsageError: if it was taken of other shards, or with other options.
        """
        for name, own in self._source.identity.items():
            if name not in state or state[name] != own:
                raise UsageError(
                    f"the state is of another stream: its {name} is {state.get(name)}, and here "
                    f"it is {own}; load it with the shards and options it was saved with"
                )
        epoch, step = state.get("epoch"), state.get("step")
        if not (_is_index(epoch) and _is_index(step) and step < len(self._source)):
            raise UsageError(
                f"expected a state with an epoch and one of its {len(self._source)} steps; got "
                f"epoch {epoch!r} and step {step!r}"
            )
        self._source.seek(epoch, step)


def _is_index(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and value >= 0


def _batches(item: Packed | list[Batch] | Batch) -> Iterable[Batch]:
    """The batches in what a worker sent, as it came or in pinned memory, or in what none did."""
    if isinstance(item, Packed):
        return item.unpacked()
    return item if isinstance(item, list) else [item]


class _WorkerStart:
    """What a worker does first; an object, as a function within a function cannot be sent."""

    def __init__(self, then: Callable[[int], None] | None) -> None:
        self._then = then

    def __call__(self, number: int) -> None:
        worker = data.get_worker_info()
        if worker is not None:
            dataset: Any = worker.dataset
            dataset.pack()
        if self._then is not None:
            self._then(number)
