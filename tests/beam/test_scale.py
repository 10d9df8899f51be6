"""What a run costs besides its work grows with splits x pools and pools x shards, and no faster."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def scale() -> ModuleType:
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(BENCHMARKS))
        return import_module("scale")


@pytest.fixture(scope="module")
def costs(scale: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Those of a run, and of one with twice as many splits, pools and shards."""
    folder = tmp_path_factory.mktemp("scale")
    return [scale.measured(folder, 16 * n, 8 * n, 8 * n) for n in (1, 2)]


def test_files_are_opened_once_by_each_who_needs_their_rows(costs: list[Any]) -> None:
    for run in costs:
        pairs = run.splits * run.pools + run.pools * run.shards
        alone = run.splits + run.pools + run.shards
        assert pairs <= run.opened <= pairs + 2 * alone + 20


def test_what_is_told_of_rows_grows_with_the_rows(costs: list[Any]) -> None:
    """A plan that names each file for each who needs its rows grows fourfold here."""
    once, twice = costs
    assert once.described < twice.described < 2.3 * once.described
