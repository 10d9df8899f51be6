"""Exports of other programs."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.exports import quoted_printable, references, sequences, sql
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (references, "TY  - JOUR\nTI  - Panda {}\nAU  - Lee, A.\nER  - ", True),
        (references, "<>.", False),
        (sequences, ">sp|P{}|X a protein\nACDEFGHIKLMNPQACDEFGHIKLMNPQ", True),
        (sequences, "<>.", False),
        (sql, "INSERT INTO pandas VALUES ({}, 'eats');", True),
        (sql, "<>.", False),
        (quoted_printable, "Caf=C3=A9 number {} is=\n open.", True),
        (quoted_printable, "It is a=b in case {}.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
