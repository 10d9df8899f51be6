"""Marks that a corpus may have of its own."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.corpus_marks import numbered_marks, repeated_rules, separators
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (separators, "<>.\n<|endoftext|>", True),
        (separators, "<>.", False),
        (numbered_marks, "<>. <>. <>. <>. <>. <>.\n-- {} --", True),
        (numbered_marks, "<>.", False),
        (repeated_rules, "<>.\n──────────", True),
        (repeated_rules, "<>.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
