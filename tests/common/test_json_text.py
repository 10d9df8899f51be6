"""JSON written piece by piece is what the standard library writes at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.json_text import Entries, json_bytes

VALUES = st.recursive(
    st.none() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab\n"), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text("xyz\n"), VALUES, max_size=3), st.lists(VALUES, max_size=3))
def test_it_is_the_text_of_the_standard_library(content: dict[str, Any], listed: list[Any]) -> None:
    wanted = {**content, "listed": [{"of": each} for each in listed]}
    given = {**content, "listed": Entries(iter(listed), lambda each: {"of": each})}
    text = json.dumps(wanted, indent=2, ensure_ascii=False) + "\n"
    assert json_bytes(given) == text.encode("utf-8", "surrogatepass")


def test_an_entry_is_made_when_it_is_written() -> None:
    alive: list[int] = []

    class Entry(dict[str, int]):
        def __del__(self) -> None:
            alive.pop()

    def made(number: int) -> Entry:
        alive.append(number)
        assert len(alive) <= 2  # this one, and the one before it
        return Entry(number=number)

    def numbers() -> Iterator[int]:
        yield from range(50)

    assert len(json.loads(json_bytes({"all": Entries(numbers(), made)}))["all"]) == 50
    assert not alive
