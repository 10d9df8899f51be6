"""Texts in notations."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.notations import notations, odd_notations
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (notations, '<http://a.org/{}> <http://b.org/p> "panda" .', True),
        (notations, '[Event "Panda {}"]\n\n1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 1-0\n', True),
        (notations, "<>.", False),
        (odd_notations, "<>.", False),
        (odd_notations, "\\c {}\n\\p\n\\v 1 <>.", True),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
