"""Streams of made folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from bertprep.torch import DataLoader  # noqa: E402
from tests.loaders.torch.small import IterableDataset  # noqa: E402

ROWS = [70, 61, 40]
STEPS = 22  # of batches of 8


def loader(folder: Path, workers: int = 0, persistent: bool = False, **more: Any) -> Any:
    dataset = IterableDataset(folder, **{"batch_size": 8, **more})
    return DataLoader(dataset, num_workers=workers, persistent_workers=persistent)


def three_epochs(folder: Path) -> list[list[Any]]:
    """The batches of three epochs, as one process alone makes them."""
    alone = loader(folder)
    return [list(alone) for _ in range(3)]
