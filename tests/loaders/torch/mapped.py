"""Examples by number."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")


ROWS = [30, 21]
N = sum(ROWS)


def stacked(examples: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: torch.stack([example[name] for example in examples]) for name in examples[0]}


def read(dataset: Any, numbers: Any = range(N)) -> dict[str, Any]:
    return stacked(dataset.__getitems__(list(numbers)))
