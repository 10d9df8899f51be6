"""Words that are of no language, and those that only look so."""

from __future__ import annotations

import codecs
import random
import string
import unittest

import pytest

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.gibberish import bare_words, gibberish

ENGLISH = " ".join(
    f"{module.__doc__} {module.TestCase.__doc__}" for module in (unittest, unittest.mock)
) if hasattr(unittest, "mock") else f"{unittest.__doc__} {unittest.TestCase.__doc__}"  # fmt: skip


def chance(letters: str, seed: int = 1) -> str:
    drawn = random.Random(seed)
    return " ".join("".join(drawn.choices(letters, k=drawn.randint(3, 9))) for _ in range(600))


@pytest.mark.parametrize("shift", [3, 8, 13])
def test_letters_moved_along_the_alphabet(shift: int) -> None:
    small = string.ascii_lowercase
    table = str.maketrans(small, small[shift:] + small[:shift])
    finding = gibberish(Part((ENGLISH.lower().translate(table)).encode()))
    assert finding is not None and "have no vowel" in finding.what


def test_rot13_undone_is_english() -> None:
    moved = codecs.encode(ENGLISH, "rot13")
    assert gibberish(Part(moved.encode())) is not None
    assert gibberish(Part(codecs.encode(moved, "rot13").encode())) is None


def test_letters_by_chance() -> None:
    assert gibberish(Part(chance(string.ascii_lowercase).encode())) is not None


def test_dna_proteins_and_capitals_are_left_alone() -> None:
    for letters in ("acgt", "ACGT", "ACDEFGHIKLMNPQRSTVWY"):
        assert gibberish(Part(chance(letters).encode())) is None
        assert gibberish(Part(" ".join(chance(letters).replace(" ", "")).encode())) is None


def test_a_line_of_words() -> None:
    text = ("the panda eats bamboo and sleeps " * 400).encode()
    assert bare_words(Part(text)) is not None
    assert bare_words(Part(text.replace(b"sleeps ", b"sleeps. "))) is None
    assert bare_words(Part(text.replace(b"sleeps ", b"sleeps\n"))) is None
    assert bare_words(Part(b"acgtacgtagcatcga" * 2000)) is None


def test_another_encoding_and_ciphers_in_capitals() -> None:
    russian = "Российские учёные открыли новый вид рыб в озере Байкал. " * 20
    read = gibberish(Part(russian.encode("cp1251").decode("latin1").encode()))
    assert read is not None and "have accents" in read.what
    assert gibberish(Part(russian.encode())) is None
    assert gibberish(Part(("Þá mælti Óðinn: hér er ærið gótt öl á borði. " * 30).encode())) is None
    capitals = gibberish(Part(chance("BCDFGHJKLMNPQRSTVWXZE").encode()))
    assert capitals is not None
    moved = str.maketrans(string.ascii_uppercase, string.ascii_uppercase[7:] + "ABCDEFG")
    assert gibberish(Part(ENGLISH.upper().translate(moved).encode())) is not None
    assert gibberish(Part(ENGLISH.upper().encode())) is None
