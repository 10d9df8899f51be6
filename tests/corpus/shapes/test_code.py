"""Source code, and prose that speaks of it."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.code import source_code
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (source_code, "    if (panda_{} != null) { return panda.eat({}); }", True),
        (source_code, "def panda_{}(tree):\n    return tree.eat({})", True),
        (source_code, "<>.", False),
        (source_code, "If he returns on day {}; then we shall eat, and so on.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
