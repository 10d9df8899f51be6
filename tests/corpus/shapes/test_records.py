"""Fields with their names."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.records import field_blocks
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (field_blocks, "URL: http://a.org/{}\nDate: 2020-01-02\n\n<>.\n", True),
        (field_blocks, "Panda: what shall we eat on day {}?\n\nBear: bamboo.\n", False),
        (field_blocks, "<>.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
