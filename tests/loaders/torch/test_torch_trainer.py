"""The callback names the epoch that the Trainer begins."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from bertprep.torch import EpochCallback


class Dataset:
    epoch: int

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch


@pytest.mark.parametrize(
    ("said", "epoch"),
    [(None, 0), (0.0, 0), (1.0, 1), (1.9999999, 2), (1.5, 1)],
    ids=str,
)
def test_a_sum_of_steps_may_be_a_little_less_than_its_epoch(said: Any, epoch: int) -> None:
    dataset: Any = Dataset()
    EpochCallback(dataset).on_epoch_begin(None, SimpleNamespace(epoch=said), None)
    assert dataset.epoch == epoch
