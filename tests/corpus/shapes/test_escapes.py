"""Escapes that stand for other characters."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.escapes import forum, overstrikes, terminal, written_escapes
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (overstrikes, "N\x08NA\x08AM\x08ME\x08E of panda {}", True),
        (overstrikes, "<>.", False),
        (terminal, "\x1b[31mpanda {}\x1b[0m eats", True),
        (terminal, "<>.", False),
        (written_escapes, "\\u0061\\u0062 panda \\u00e9{} \\u0061", True),
        (written_escapes, "<>.", False),
        (forum, "[quote=panda]It is {}.[/quote] [b]Yes[/b].", True),
        (forum, "<>. [sic]", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
