"""Lines of as many cells, and prose with commas."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.tables import table
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (table, "{},panda,bamboo", True),
        (table, "{};panda;bamboo", True),
        (table, "panda|{}|bamboo", True),
        (table, "{}\tpanda\tbamboo", True),
        (table, "<>.", False),
        (table, "In the end, after {} days, all of them went home, and slept.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
