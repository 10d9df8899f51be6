"""The order of words, as languages have it and as no language has it."""

from __future__ import annotations

from random import Random

import pytest

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.word_order import disordered

THINGS = [a + b for a in ("pan", "riv", "clo", "tre", "mou", "bam") for b in
          ("da", "er", "ud", "es", "nd", "boo", "ters", "ling", "mer", "ton")]  # fmt: skip
VERBS = ["sees", "eats", "finds", "likes", "hears", "meets", "knows"]
CHANCE = Random(5)


def sentence() -> str:
    a, b, c = CHANCE.choices(
        [x + y for x in THINGS for y in ("", "s", "ish", "let", "ing", "y")], k=3
    )
    return f"The {a} {CHANCE.choice(VERBS)} the {b} of the river, and {c} sleeps in the water."


PARAGRAPHS = [" ".join(sentence() for _ in range(5)) for _ in range(60)]


def told(paragraphs: list[list[str]]) -> str:
    found = disordered(Part("\n\n".join(map(" ".join, paragraphs)).encode()))
    return found.what if found else ""


@pytest.mark.parametrize("small", [False, True])
def test_shuffled_words_are_told_with_and_without_capitals(small: bool) -> None:
    texts = [p.lower() if small else p for p in PARAGRAPHS]
    shuffled = [CHANCE.sample(p.split(), len(p.split())) for p in texts]
    assert ("twice in a row" if small else "capitals stand within") in told(shuffled)


def test_words_turned_round_or_sorted_are_told() -> None:
    assert "capitals stand within" in told([p.split()[::-1] for p in PARAGRAPHS])
    assert "alphabetical" in told([sorted(p.lower().split()) for p in PARAGRAPHS])


def test_texts_are_not() -> None:
    assert not told([p.split() for p in PARAGRAPHS])
    assert not told([p.lower().split() for p in PARAGRAPHS])
    assert not told([p.title().split() for p in PARAGRAPHS])
    assert not told([["la"] * 40 + p.lower().split() for p in PARAGRAPHS])
    assert not told([p.replace(". The", ". so the").split() for p in PARAGRAPHS])
