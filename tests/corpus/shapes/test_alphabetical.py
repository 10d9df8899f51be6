"""Where the bounds of what is sorted lie."""

from __future__ import annotations

import random

import pytest

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.alphabetical import alphabetical

WORDS = [f"{a}{b}{c}" for a in "bcdfghjklm" for b in "aeiou" for c in "nrst"]


def found(lines: list[str]) -> str | None:
    finding = alphabetical(Part("\n".join(lines).encode()))
    return finding and finding.kind


def test_words_in_order_and_out_of_order() -> None:
    assert found(WORDS) == "sorted words"
    assert (
        found([word.upper() if n % 3 else word for n, word in enumerate(WORDS)]) == "sorted words"
    )
    assert found(random.Random(1).sample(WORDS, len(WORDS))) is None


def test_some_out_of_place_do_not_hide_the_order() -> None:
    moved = list(WORDS)
    for n in range(0, len(moved) - 1, 50):
        moved[n], moved[n + 1] = moved[n + 1], moved[n]
    assert found(moved) == "sorted words"
    assert found(["; a list of words"] * 9 + WORDS) == "sorted words"


def test_names_and_titles_may_be_sorted() -> None:
    assert found([word.capitalize() for word in WORDS]) is None
    assert found([f"{word.capitalize()} and the Sea" for word in WORDS]) is None


@pytest.mark.parametrize(
    "entry", ["{}, n. a thing", "{} - a thing", "{}: a thing", "{} [ban] thing"]
)
def test_entries(entry: str) -> None:
    assert found([entry.format(word) for word in WORDS]) == "sorted entries"


def test_entries_of_several_lines_are_told_by_their_first() -> None:
    blocks = [[f"{word}, n.", "Seen at sea.", "And there on land.", ""] for word in WORDS]
    assert found([line for block in blocks for line in block]) == "sorted entries"


def test_numbered_sections_and_verses_are_not_sorted() -> None:
    assert found([f"Gen {n // 9 + 1}:{n % 9 + 1} And it was so." for n in range(99)]) is None
    assert found([f"Section {n}. It is so." for n in range(99)]) is None


def test_few_lines_say_nothing() -> None:
    assert found(WORDS[:40]) is None
