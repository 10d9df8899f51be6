"""Characters have kinds: those a rule depends on, looked up."""

from __future__ import annotations

import pytest

from bertprep.text.kinds import Kind, kinds_of

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
