"""Tables without equal numbers of one delimiter in their lines."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.odd_tables import odd_table
from tests.corpus.shapes.parts import sentence

NUMBERS = range(40)


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ([f"panda{n} ||| der Panda{n}" for n in NUMBERS], "||| stands between the cells"),
        ([f"'it's {n}','a \"panda\"'" for n in NUMBERS], "its lines are cells in quotes"),
        ([f"{n}|{sentence(n)}" for n in NUMBERS], "a number or a date and '|' before each line"),
        (["text", *(f'"{sentence(n)}."' for n in NUMBERS)], "one column, whose name comes first"),
        ([f'"{sentence(n)},\n{sentence(n)}."' for n in NUMBERS], "one column, its cells in quotes"),
        ([f"{sentence(n)}." for n in NUMBERS], None),
        ([f"18{n}, in May, {sentence(n)}." for n in range(10, 50)], None),  # a chronicle
    ],
)
def test_tables(lines: list[str], what: Any) -> None:
    found = odd_table(Part("\n".join(lines).encode()))
    assert (found is None) if what is None else found is not None and what in found.what


def test_a_first_row_longer_than_the_part_is_told_by_the_names_above_it() -> None:
    found = odd_table(Part(f"id\ttext\n1\t{sentence(1)}".encode(), ends=False))
    assert found and "--text-field text" in found.advice
