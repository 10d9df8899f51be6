"""The callback names the epoch that the Trainer begins."""

from __future__ import annotations

import warnings
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


class LengthGroupedSampler:
    """As transformers', by name."""


@pytest.mark.parametrize(
    ("epoch", "sampler", "is_told"),
    [
        (1.5, LengthGroupedSampler(), True),
        (0.5, LengthGroupedSampler(), False),  # its order is that of the seed
        (1.5, None, False),
    ],
)
def test_an_order_that_a_resumed_run_has_not_is_told(
    epoch: float, sampler: Any, is_told: bool
) -> None:
    loader = SimpleNamespace(batch_sampler=SimpleNamespace(sampler=sampler))
    state = SimpleNamespace(epoch=epoch)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        callback = EpochCallback(Dataset())  # type: ignore[arg-type]
        callback.on_train_begin(None, state, None, train_dataloader=loader)
    assert ["groups rows by length" in str(warning.message) for warning in caught] == [
        True
    ] * is_told
