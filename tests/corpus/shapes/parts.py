"""Stretches of a file, as shapes look at them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

WORDS = [
    "the",
    "panda",
    "eats",
    "bamboo",
    "all",
    "day",
    "and",
    "sleeps",
    "under",
    "a",
    "tall",
    "tree",
    "near",
    "water",
]


def sentence(number: int) -> str:
    drawn = Random(number)
    words = drawn.choices(WORDS, k=drawn.randint(6, 14))
    return f"{' '.join(words).capitalize()} number {number}"


def kind_of(shape: Callable[[Part], Finding | None], line: str, count: int = 150) -> str | None:
    """The kind that a shape takes lines for; in one ``{}`` is its number, ``<>`` is a sentence."""
    lines = [line.replace("{}", str(n)).replace("<>", sentence(n)) for n in range(count)]
    found = shape(Part("\n".join(lines).encode()))
    return found and found.kind
