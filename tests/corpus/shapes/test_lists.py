"""Lists by what comes again in their lines, and texts with the like in them."""

from __future__ import annotations

from collections.abc import Callable

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.lists import lists

WORDS = ["river", "panda", "bamboo", "market", "winter", "garden", "letter", "candle", "harbour"]


def said(make: Callable[[int], str], count: int = 60) -> str:
    finding = lists(Part("".join(make(n) + "\n" for n in range(count)).encode()))
    return finding.what if finding else ""


def word(n: int) -> str:
    return WORDS[n % 9]


def test_commands_are_told_and_plays_and_verse_are_not() -> None:
    keys = ["TITLE", "PERFORMER", "REM"]
    assert "lines with TITLE, PERFORMER, REM" in said(
        lambda n: f'    {keys[n % 3]} "{word(n)} {n}"'
    )
    assert "Given" in said(
        lambda n: f"  {['Given', 'When', 'Then'][n % 3]} the {word(n)} is {n} old"
    )
    assert not said(lambda n: f"  {word(n * 5 + n // 9)}{n} comes and {word(n)} goes")
    assert not said(
        lambda n: f"  {['Given', 'When', 'Then'][n % 3]} the {word(n)} sleeps {n} times."
    )
    assert not said(lambda n: f"{keys[n % 3]} {word(n)} sleeps {n}")


def test_codes_before_lines_are_told_and_sentences_behind_numbers_are_not() -> None:
    assert "code before each line (such as A10.0)" in said(
        lambda n: f"A{n + 10}.{n % 9} {word(n)} of the {word(n + 1)}"
    )
    assert not said(lambda n: f"A{n + 10}.{n % 9} The {word(n)} sleeps in the {word(n + 1)}.")
    assert not said(lambda n: f"{n}. {word(n)} of the {word(n + 1)}")
    assert not said(lambda n: f"{n}th {word(n)} of the {word(n + 1)}")
    assert not said(lambda n: f"A{n % 4} {word(n)} of the {word(n + 1)}")


def test_syllables_and_forms_are_told_and_joined_names_are_not() -> None:
    assert "into syllables" in said(lambda n: f"{word(n)[:3]}-{word(n)[3:]}")
    assert "into syllables" in said(lambda n: f"{word(n)[:3]}\u00b7{word(n)[3:]}")
    assert "forms of one word" in said(lambda n: f"{word(n)} {word(n)}s {word(n)}ed")
    assert not said(lambda n: f"Anna-Maria {word(n)} and {word(n + 1)} of {word(n + 2)}")
    assert not said(lambda n: f"{word(n)} {word(n)} {word(n)}")
