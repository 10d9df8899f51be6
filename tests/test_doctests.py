"""Examples in docstrings are true."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.libraries import LIBRARIES

ROOT = Path(__file__).parents[1]


def modules_with_examples() -> Iterator[Any]:
    """Their names; those of a trainer's modules with its mark."""
    for package in ("bertprep", "pipelines"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if ">>> " in path.read_text("utf-8"):
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                marks = [getattr(pytest.mark, library) for library in LIBRARIES if library in name]
                yield pytest.param(name, marks=marks[:1])


@pytest.mark.parametrize("name", list(modules_with_examples()))
def test_examples_of_docstrings_hold(name: str) -> None:
    failed, tried = doctest.testmod(import_module(name))
    assert tried > 0
    assert failed == 0
