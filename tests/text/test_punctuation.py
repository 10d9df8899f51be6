"""Characters have kinds: those a rule depends on, looked up."""

from __future__ import annotations

import numpy as np
import pytest

from bertprep.text.punctuation import (
    ASSIGNED,
    Kind,
    kind_table,
    kinds_and_marks,
    kinds_by_patterns,
    kinds_of,
)

OF = {
    Kind.WIDE_DOT: "।॥۔؟።။។։。",
    Kind.COMMA: "၊；;:,、",
    Kind.MARK: "?!།",
    Kind.WIDE_MARK: "？！",
    Kind.ELLIPSIS: "…",
    Kind.INVERTED: "¿¡",
    Kind.CASELESS: "აहเ한",
    Kind.WIDE: "語カ",
    Kind.PARTICLE: "と",
    Kind.LOWER: "aßя",
    Kind.UPPER: "AЯ",
}


@pytest.mark.parametrize("kind", OF, ids=lambda kind: kind.name)
def test_kinds(kind: Kind) -> None:
    assert kinds_of(OF[kind]).tolist() == [*[kind] * len(OF[kind]), Kind.BREAK]


def test_parts_do_not_show() -> None:
    text = "Où? 語。" * 5
    assert kinds_of(text, at_once=3).tolist() == kinds_of(text).tolist()


def test_marks_behind_small_letters_of_scripts_are_found_in_any_part() -> None:
    text = "a; α; Α; «να»; α β. ո: ա).x α"
    wanted = [at for at in range(len(text)) if text[at] in ";:." and text[at - 1] in "αβո»)"]
    for at_once in (1, 2, 3, 1 << 15):
        kinds, marks = kinds_and_marks(text, at_once)
        assert marks.tolist() == wanted
        assert kinds.tolist() == kinds_of(text).tolist() and kinds.max() <= max(Kind)


def test_the_table_is_what_all_patterns_give_for_each_character() -> None:
    """Blocks of one kind are told at once."""
    for codes in ASSIGNED:
        expected = kinds_by_patterns("".join(map(chr, codes)))
        assert np.array_equal(kind_table()[codes.start : codes.stop], expected)
