"""A model to see what a Trainer is given."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")


class Recorder(torch.nn.Module):
    """A model that keeps the batches it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(()))
        self.seen: list[Any] = []

    def forward(self, **batch: Any) -> Any:
        batch.pop("num_items_in_batch", None)
        self.seen.append(batch)
        return {"loss": self.weight * 1.0}
