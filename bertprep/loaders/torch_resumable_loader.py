"""The loader that follows a stream and resumes it at any batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, repeat
from typing import Any

from torch.utils import data

from bertprep.errors import UsageError
from bertprep.loaders.torch_epochs import Start
from bertprep.loaders.torch_stream import IterableDataset, checked_start
from bertprep.loaders.torch_tensors import Batch, Packed
from bertprep.loaders.torch_wrappers import check_limit, check_splitter, only_batch


class DataLoader(data.DataLoader[Batch]):
    """Loads an ``IterableDataset`` and knows where in the stream it is.

    It goes through the epochs by itself: iterating yields the next epoch, or what is left of one
    that was broken off; over the dataset of a ``validation``, the same from the beginning.
    ``state_dict`` inside the loop names the batch after the one in hand.

    ``accelerator.prepare`` takes it, with ``dispatch_batches=False`` where there are several ranks;
    the prepared loader counts epochs itself and skips (``skip_first_batches``) to resume.

    Args:
        options: those of ``torch.utils.data.DataLoader`` that have to do with workers and memory.

    Raises:
        UsageError: for an option that is the dataset's, and for another dataset.
    """

    def __init__(self, dataset: IterableDataset, **options: Any) -> None:
        if not isinstance(dataset, IterableDataset):
            raise UsageError(
                "bertprep.torch.DataLoader loads a bertprep.torch.IterableDataset; got "
                f"{type(dataset).__name__}: write DataLoader(IterableDataset(folder, "
                "batch_size)), or for examples by number torch.utils.data.DataLoader("
                "MapDataset(folder), batch_size, collate_fn=Collator(dataset))"
            )
        for name in ("batch_size", "shuffle", "sampler", "batch_sampler", "drop_last"):
            # Lightning makes a loader anew with sampler=None.
            if options.pop(name, None) is not None:
                raise UsageError(f"{name} is an option of the IterableDataset, which makes batches")
        if options.get("collate_fn") not in (None, only_batch):
            raise UsageError("collate_fn has nothing to collate; change batches after the loader")
        if not options.get("in_order", True):
            raise UsageError("in_order=False would lose the place to resume at; leave it out")
        options["collate_fn"] = only_batch
        super().__init__(dataset, batch_size=1, **options)
        own: Any = self.batch_sampler
        own.sampler = _Epochs(dataset)
        self._source = dataset
        self._passes = 0

    @property
    def batch_size(self) -> int:
        """One item is one batch: so those who wrap the dataset anew take batches one by one."""
        check_splitter()
        return 1

    @batch_size.setter
    def batch_size(self, _: int) -> None:
        """torch says it once more."""

    def __iter__(self) -> Iterator[Batch]:  # type: ignore[override]
        self._passes += 1
        return self._begun(self._passes)

    def _begun(self, number: int) -> Iterator[Batch]:
        """A pass; it begins with its first batch: Lightning asks for it and says the epoch then."""
        start = self._source.begin()
        yield from self._followed(self._received(start), start, number)

    def _received(self, start: Start) -> Iterator[Any]:
        """The batches of a pass; its workers alone are told that they send to this loader."""
        init = self.worker_init_fn
        self._source.give(start)
        if self.num_workers:
            self.worker_init_fn = _WorkerStart(start, init)
        try:
            return super().__iter__()
        finally:
            self._source.give(None)
            self.worker_init_fn = init

    def _followed(self, items: Iterator[Any], start: Start, number: int) -> Iterator[Batch]:
        """The batches in what arrives, with the position kept of the one that comes next."""
        steps, (epoch, step) = self._source.steps, start
        for batch in chain.from_iterable(map(_batches, items)):
            if self.persistent_workers and number != self._passes:
                raise UsageError(
                    "another pass through this DataLoader has begun, and its persistent workers "
                    "are at that; end one before the next, or give each a DataLoader of its own"
                )
            step += 1
            self._source.passes.move(*((epoch, step) if step < steps else (epoch + 1, 0)))
            yield batch

    @property
    def epoch(self) -> int:
        """The epoch of the next batch."""
        return self._source.passes.next.epoch

    def set_epoch(self, epoch: int) -> None:
        """Goes to the beginning of an epoch; where it is in it already, it stays."""
        self._source.set_epoch(epoch)

    def state_dict(self) -> dict[str, Any]:
        """Where the next batch is, and of what; the same on all ranks.

        Raises:
            UsageError: where another loader reads the dataset, as one made by
                ``accelerator.prepare`` does.
        """
        if not self._source.passes.is_followed:
            raise UsageError(
                "another loader reads this dataset, and only that knows its batch: count steps "
                "and skip them (accelerate's skip_first_batches), or iterate over this DataLoader"
            )
        epoch, step = self._source.passes.next
        return {"epoch": epoch, "step": step, **self._source.identity}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on where the state was taken; the number of workers may be another.

        Raises:
            UsageError: if it was taken of other shards, or with other options.
        """
        self._source.resume(checked_start(state, self._source))


class _Epochs(data.Sampler[None]):
    """Stands for the stream where Lightning and Fabric tell a loader's sampler the epoch.

    They do so for a loader that is made anew in each epoch, or behind a checkpoint of a whole one,
    which holds no place in the next.  One that has begun, or was given a place, goes on by itself.
    """

    def __init__(self, source: IterableDataset) -> None:
        self._source = source

    def __iter__(self) -> Iterator[None]:
        return repeat(None)

    def set_epoch(self, epoch: int) -> None:
        """Goes to the beginning of an epoch, unless anything else said where the stream is."""
        if not (self._source.passes.is_named or self._source.is_validation):
            check_limit(epoch)
            self._source.set_epoch(epoch)


def _batches(item: Packed | list[Batch] | Batch) -> Iterable[Batch]:
    """The batches in what a worker sent, as it came or in pinned memory, or in what none did."""
    if isinstance(item, Packed):
        return item.unpacked()
    return item if isinstance(item, list) else [item]


class _WorkerStart:
    """The start of a worker; an object, as a function within a function cannot be sent."""

    def __init__(self, start: Start, then: Callable[[int], None] | None) -> None:
        self._start, self._then = start, then

    def __call__(self, number: int) -> None:
        worker = data.get_worker_info()
        if worker is not None:
            dataset: Any = worker.dataset
            dataset.pack(self._start)
        if self._then is not None:
            self._then(number)
