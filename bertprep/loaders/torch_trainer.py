"""The callback that tells a dataset of the epochs of transformers' Trainer."""

from __future__ import annotations

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

    def on_epoch_begin(self, args: Any, state: Any, control: Any, **others: Any) -> None:
        """Says the epoch before its first batch is read."""
        self._dataset.set_epoch(int((state.epoch or 0) + _ROUNDING))
