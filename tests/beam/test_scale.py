"""What a run costs besides its work grows with splits, pools and shards, and no faster."""

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


def test_a_process_opens_a_file_once_however_many_need_its_rows(costs: list[Any]) -> None:
    for run in costs:
        assert run.splits + run.pools <= run.opened <= 3 * (run.splits + run.pools) + 20
    once, twice = costs
    assert twice.opened < 2.2 * once.opened


def test_what_is_told_of_rows_grows_with_the_rows(costs: list[Any]) -> None:
    """A plan that names each file for each who needs its rows grows fourfold here."""
    once, twice = costs
    assert once.described < twice.described < 2.3 * once.described
