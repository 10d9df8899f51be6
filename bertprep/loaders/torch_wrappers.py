"""Who asks a dataset: other libraries unwrap a loader, wrap its dataset again, and say nothing.

A dataset can tell them apart by the calls on the stack alone.  A loader's worker that is a fork has
the stack of the process that started it below its own; where it is none, the dataset is pickled
below the same calls.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

from torch.utils import data

from bertprep.errors import UsageError

_SHARD, _DISPATCHER, _SKIPPER = "IterableDatasetShard", "DataLoaderDispatcher", "SkipDataLoader"
_PREPARED, _ROW_SKIPPER = "DataLoaderShard", "SkipBatchSampler"
_FITTING, _EVALUATING = "_FitLoop", "_EvaluationLoop"
_STATEFUL = "_StatefulBaseDataLoaderIter"
_FETCHER, _LOADING = "_IterableDatasetFetcher", "_BaseDataLoaderIter"
_ROW_FETCHER = "_MapDatasetFetcher"
# Collators that take all tokens of an example for text, and such as make masks and labels.
_JOINING = {"DataCollatorWithFlattening", "DataCollatorWithPacking"}
_MASKING = {"DataCollatorForLanguageModeling"}

_BATCHES_OF_BATCHES = (
    "IterableDataset yields whole batches, and this loader has a batch_size of its own, which "
    "would make batches of batches: write torch's DataLoader(dataset, batch_size=None), "
    "bertprep.torch.DataLoader(dataset), or for transformers' Trainer a get_train_dataloader that "
    "returns self.accelerator.prepare(bertprep.torch.DataLoader(dataset)); or train on a MapDataset"
)


def only_batch(items: list[Any]) -> Any:
    """The collate_fn of loaders that take whole batches one by one."""
    (batch,) = items
    return batch


def check_fetcher() -> None:
    """Raises UsageError: where a loader would make batches of whole batches."""
    for kinds, caller in _callers(2):
        if _FETCHER in kinds and caller.auto_collation and caller.collate_fn is not only_batch:
            raise UsageError(_BATCHES_OF_BATCHES)
        if _SHARD not in kinds:  # else the fetcher asks that
            return


def check_loader() -> None:
    """Raises UsageError: where a loader that would make batches of batches asks for its length."""
    for _, caller in _callers(1):
        is_loader = isinstance(caller, data.DataLoader) and caller.batch_size is not None
        if is_loader and caller.collate_fn is not only_batch:
            raise UsageError(_BATCHES_OF_BATCHES)


def check_collator(is_padded: bool) -> None:
    """Raises UsageError: for a collator that masks what is masked, or reads padding as text."""
    fetcher = _calling(_ROW_FETCHER, depth=2)
    kinds = _kinds_of(fetcher.collate_fn) if fetcher is not None else set()
    if kinds & _MASKING:
        raise UsageError(
            f"{(kinds & _MASKING).pop()} makes masks and labels of its own, and these examples "
            "have theirs already: give the loader collate_fn=Collator(dataset), and the dataset "
            "the masking (MapDataset(..., masking='whole-word') of rows of --masking none)"
        )
    if is_padded and kinds & _JOINING:
        raise UsageError(
            f"{(kinds & _JOINING).pop()} takes the padding of these examples for text: write "
            "MapDataset(..., padded=False), or load shards of --layout ragged without this package"
        )


def _kinds_of(collate_fn: Any) -> set[str]:
    """The names of a collator's classes, and of those that it wraps, as Trainer's and closures."""
    cells = getattr(collate_fn, "__closure__", None) or ()
    wrapped = [getattr(collate_fn, "data_collator", None), *(cell.cell_contents for cell in cells)]
    return {name for found in (collate_fn, *wrapped) for name in _kinds(found)}


def _kinds(found: Any) -> set[str]:
    """The names of an object's classes."""
    return {kind.__name__ for kind in type(found).__mro__}


def processes_that_pick() -> int:
    """How many processes a wrapper shares batches out among, of which each keeps one in turn.

    Raises UsageError: for one that does not take batches one by one.
    """
    shard = _calling(_SHARD)
    if shard is None:
        return 1
    if shard.batch_size != 1 or shard.split_batches:
        raise UsageError(
            "the ranks share the rows already, and IterableDataset yields whole batches; give "
            "accelerate the loader bertprep.torch.DataLoader(dataset), without split_batches"
        )
    return int(shard.num_processes)


def check_stateful() -> None:
    """Raises UsageError: where a state would be kept of a wrapper that has none."""
    if _calling(_STATEFUL, depth=None) is not None:
        raise UsageError(
            "accelerate's use_stateful_dataloader keeps no epoch where several ranks read an "
            "IterableDataset: leave it out, and resume by the prepared loader's set_epoch(epoch) "
            "and skip_first_batches"
        )


def check_dispatcher() -> None:
    """Raises UsageError: where process 0 would read for all, and reads the rows of rank 0 alone."""
    dispatcher = _calling(_DISPATCHER)
    if dispatcher is None or dispatcher.state.num_processes == 1:
        return
    raise UsageError(
        "accelerate would read the batches on process 0 and share them out, but each rank reads "
        "its own already: write Accelerator(dataloader_config=DataLoaderConfiguration("
        "dispatch_batches=False)), in transformers accelerator_config={'dispatch_batches': False}"
    )


def check_splitter() -> None:
    """Raises UsageError: where accelerate is to cut batches up for ranks that read their own."""
    asking = sys._getframe(2).f_locals  # of the call that reads the size of batches
    if asking.get("split_batches") and (asking.get("num_processes") or 1) > 1:
        raise UsageError(
            "accelerate's split_batches would cut each batch into parts for the ranks, and they "
            "read batches of their own already: leave it out, and give IterableDataset the "
            "batch_size of one rank"
        )


def check_limit(epoch: int) -> None:
    """Raises UsageError: where Lightning begins an epoch of which it has read a part before.

    Its epochs of ``limit_train_batches`` are parts of the stream's, and of a checkpoint from the
    end of one it does not give back the place, unless ``max_steps`` is set.
    """
    trainer = getattr(_calling(_FITTING), "trainer", None)
    if trainer is None or not epoch or trainer.max_steps != -1:
        return
    limit = trainer.limit_train_batches
    is_part = limit is not None and not (isinstance(limit, float) and limit == 1)
    if is_part and not trainer.reload_dataloaders_every_n_epochs:
        raise UsageError(
            f"Lightning begins its epoch {epoch} of limit_train_batches={limit}, and gives back no "
            "place in the stream: call loader.load_state_dict(torch.load(path, weights_only=False)"
            "['loops']['fit_loop']['state_dict']['combined_loader'][0]) before fit, or "
            f"loader.set_epoch({epoch}) to begin an epoch of the stream"
        )


def is_evaluation() -> bool:
    """Whether Lightning's or transformers' evaluation asks."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        is_loop = _EVALUATING in _kinds(frame.f_locals.get("self"))
        if is_loop or frame.f_code.co_name == "evaluation_loop":
            return True
        frame = frame.f_back
    return False


def check_skipped_rows(loader_pass: Any) -> None:
    """Raises UsageError: where accelerate leaves out fewer rows than a resumed run has read."""
    dispatcher = _calling(_DISPATCHER, depth=None)
    if dispatcher is None or dispatcher.state.num_processes == 1 or dispatcher.split_batches:
        return
    if any(_ROW_SKIPPER in _kinds(sampler) for sampler in _samplers(loader_pass)):
        raise UsageError(
            "accelerate's skip_first_batches counts batches of one rank, and with "
            "dispatch_batches=True process 0 reads those of all, so that too few are left out: "
            "write DataLoaderConfiguration(dispatch_batches=False), which is the default for a "
            "MapDataset"
        )


def is_prepared() -> bool:
    """Whether a loader that accelerate made asks, which counts epochs by itself."""
    return any(_calling(name) is not None for name in (_PREPARED, _DISPATCHER))


def check_sampler() -> None:
    """Raises UsageError: for a sampler, which asks how many examples there are to choose from."""
    for _, caller in _callers(3):
        if isinstance(caller, data.Sampler):
            raise UsageError(
                f"{type(caller).__name__} cannot choose from an IterableDataset, whose ranks share "
                "its batches already: give what makes samplers (deepspeed_io does) a MapDataset "
                "and collate_fn=Collator(dataset), or iterate over bertprep.torch.DataLoader"
            )


def is_skipped_into() -> bool:
    """Whether a loader made for it leaves out the first batches, as a resumed run does."""
    return _calling(_SKIPPER, depth=None) is not None


def loader_pass() -> Any:
    """The pass of a loader that asks for rows, in this process or in the one it forked; or None."""
    return _calling(_LOADING, depth=None)


def fetcher_of_rows() -> Any:
    """The fetcher of rows of a loader in this process, a new one for each pass; or None."""
    return _calling(_ROW_FETCHER, depth=None)


def epoch_of_sampler(loader_pass: Any) -> int | None:
    """The epoch that the sampler of a pass is at; None if it has none."""
    epochs = (getattr(sampler, "epoch", None) for sampler in _samplers(loader_pass))
    return next((epoch for epoch in epochs if isinstance(epoch, int)), None)


def draws_again(loader_pass: Any) -> bool:
    """Whether the sampler of a pass draws a row again and again on purpose."""
    for sampler in _samplers(loader_pass):
        if getattr(sampler, "replacement", False):
            return True
        drawn, source = getattr(sampler, "num_samples", None), getattr(sampler, "data_source", None)
        if isinstance(drawn, int) and source is not None and drawn > len(source):
            return True
    return False


def _samplers(loader_pass: Any) -> Iterator[Any]:
    """Those of a pass: batch samplers stand around each other, and around a sampler."""
    sampler = getattr(loader_pass, "_index_sampler", None)
    for _ in range(4):
        if sampler is not None:
            yield sampler
        sampler = getattr(sampler, "batch_sampler", None) or getattr(sampler, "sampler", None)


def _calling(name: str, depth: int | None = 3) -> Any:
    """The nearest caller of a class of this name, within so many calls of other modules."""
    for kinds, caller in _callers(depth):
        if name in kinds:
            return caller
    return None


def _callers(depth: int | None) -> Iterator[tuple[set[str], Any]]:
    """The objects whose methods called into this package, the nearest first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and depth != 0:
        if not frame.f_globals.get("__name__", "").startswith("bertprep."):
            depth = None if depth is None else depth - 1
            caller = frame.f_locals.get("self")
            yield _kinds(caller), caller
        frame = frame.f_back
