"""Columns between blanks, and what stands before or behind each line."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.blank_columns import (
    columns,
    leading_columns,
    line_labels,
    merges,
    trailing_labels,
)
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (columns, "{} Q0 7{} 1 0.{}1 run", True),
        (columns, "<>.", False),
        (leading_columns, "{} 0.5 1.{} 3 <>", True),
        (leading_columns, "<>.", False),
        (line_labels, "fsh_{}_A <>", True),
        (line_labels, "<>.", False),
        (merges, "p{} an</w>", True),
        (merges, "<>.", False),
        (trailing_labels, "<>. yes\n<>. no", True),
        (trailing_labels, "<>.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
