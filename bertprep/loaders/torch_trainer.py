"""The callback that tells a dataset of the epochs of transformers' Trainer."""

from __future__ import annotations

import warnings
from typing import Any

from transformers import TrainerCallback

from bertprep.loaders.torch_map import CodertimoDataset, MapDataset
from bertprep.loaders.torch_stream import IterableDataset

# A sum of steps in floating point may be a little less than the epoch it ended.
_ROUNDING = 1e-6


class EpochCallback(TrainerCallback):
    """Tells a dataset which epoch the Trainer begins, after resuming in the middle of one, too.

        Trainer(model, args, Collator(data), data, callbacks=[EpochCallback(data)])

    Args:
        dataset: what the Trainer trains on.
    """

    def __init__(self, dataset: IterableDataset | MapDataset | CodertimoDataset) -> None:
        self._dataset = dataset

    def on_train_begin(self, args: Any, state: Any, control: Any, **others: Any) -> None:
        """Warns where a resumed run would read other rows than one that was not broken off."""
        sampler = getattr(others.get("train_dataloader"), "batch_sampler", None)
        sampler = getattr(sampler, "sampler", None)
        is_grouped = any("LengthGroupedSampler" in kind.__name__ for kind in type(sampler).__mro__)
        if is_grouped and _epoch_of(state):
            warnings.warn(
                "transformers groups rows by length in an order of the process's random numbers, "
                "and behind the first epoch a resumed run has others: of this epoch it reads some "
                "rows twice and others not; a stream of shards made with --bin-size goes on "
                "exactly, and has rows of one length in each batch",
                stacklevel=2,
            )

    def on_epoch_begin(self, args: Any, state: Any, control: Any, **others: Any) -> None:
        """Says the epoch before its first batch is read."""
        self._dataset.set_epoch(_epoch_of(state))


def _epoch_of(state: Any) -> int:
    return int((state.epoch or 0) + _ROUNDING)
