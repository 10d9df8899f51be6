"""Which full stops are those of abbreviations, initials and ordinal numbers.

The words before them are found by the kinds of characters; of the few that may be one,
`abbreviation_rules` is asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bertprep.text.abbreviation_rules import continues
from bertprep.text.abbreviation_words import (
    ABBREVIATIONS,
    ABBREVIATIONS_LOWERED,
    ENDING,
    MAX_ABBREVIATION,
)
from bertprep.text.language import DocumentLanguages
from bertprep.text.punctuation import CASED, Kind, Kinds, Mask, group
from bertprep.text.stretches import walk

__all__ = ["in_abbreviation"]

Offsets = NDArray[np.int64]

_WORD = CASED | group(Kind.CASELESS, Kind.ACCENT, Kind.DIGIT, Kind.DOT)
_BEFORE_WORD = group(
    *(Kind.OPENER, Kind.WIDE_OPENER, Kind.QUOTE, Kind.CLOSER, Kind.DASH, Kind.SPACE, Kind.BREAK)
)
_SPACE = group(Kind.SPACE)
_LETTER = CASED | group(Kind.CASELESS)
_OPENING = group(Kind.OPENER, Kind.WIDE_OPENER)
_BEFORE_OPENING = _OPENING | group(Kind.SPACE, Kind.BREAK)


def in_abbreviation(
    text: str,
    kinds: Kinds,
    dots: Offsets,
    following: Offsets,
    lowered: Mask,
    languages: DocumentLanguages,
) -> Mask:
    """bool[n]: which full stops belong to an abbreviation, an initial or an ordinal number.

    Args:
        text: documents, joined.
        kinds: uint8[len(text) + 1], the kinds of its characters.
        dots: int64[n], the offsets of the stops.
        following: int64[n], those of the first characters behind the white space behind them.
        lowered: bool[n], those in lines without capitals.
        languages: of the documents.
    """
    starts = walk(kinds, dots - 1, _WORD, -1, MAX_ABBREVIATION + 1) + 1
    inside = np.zeros(len(dots), bool)
    # Neither the end of a longer word nor "C" in 20 °C.
    # The word behind an apostrophe is one (l'Ing.), but not what is left of "don't".
    left = kinds[starts - 1]
    quoted = np.flatnonzero(left == Kind.QUOTE)
    quoted = quoted[(dots[quoted] - starts[quoted] < 2) & ~_BEFORE_WORD[kinds[starts[quoted] - 2]]]
    is_word = _BEFORE_WORD[left]
    is_word[quoted] = False
    hyphened = np.flatnonzero(left == Kind.DASH)
    is_word[hyphened] = ~_is_suffix(kinds, starts[hyphened], dots[hyphened])
    short = np.flatnonzero(is_word)
    short = short[_may_be_abbreviated(text, kinds, starts[short], dots[short], lowered[short])]
    before = kinds[walk(kinds, starts[short] - 1, _SPACE, -1, 4)]
    heads = (before == Kind.BREAK) | (before >= Kind.DOT) | _opens_quotation(kinds, starts[short])
    # Nothing of the line before: a document's sentences must not depend on its neighbours.
    lefts = np.where(before == Kind.BREAK, starts[short], (starts[short] - 20).clip(min=0))
    columns = (lefts, starts[short], dots[short], following[short], heads, lowered[short])
    rows = zip(*(column.tolist() for column in columns), strict=True)
    inside[short] = [
        continues(text[left:start], text[start:dot], text[after : after + 20], head, low, language)
        for (left, start, dot, after, head, low), language in zip(
            rows, languages.at(dots[short]), strict=True
        )
    ]
    # A list that ends in brackets of its own ends nothing else.
    closed = short[kinds.take(dots[short] + 1, mode="clip") == Kind.CLOSER]
    spans = zip(starts[closed].tolist(), dots[closed].tolist(), strict=True)
    inside[closed] |= np.array([text[start:dot] in ENDING for start, dot in spans], bool)
    return inside


def _is_suffix(kinds: Kinds, starts: Offsets, dots: Offsets) -> Mask:
    """Which words are an ending behind a hyphen, of a script without capitals: gamut-ს."""
    suffix: Mask = _LETTER[kinds[starts - 2]] & (
        (kinds[dots - 1] == Kind.CASELESS) | (kinds[dots - 1] == Kind.ACCENT)
    )
    return suffix


def _opens_quotation(kinds: Kinds, starts: Offsets) -> Mask:
    """Which words are the first of a quotation or bracket, as the number of „1. Liga“ is."""
    left = kinds[starts - 1]
    quoted = (left == Kind.QUOTE) & _BEFORE_OPENING[kinds[starts - 2]]
    opens: Mask = _OPENING[left] | quoted
    return opens


def _may_be_abbreviated(
    text: str, kinds: Kinds, starts: Offsets, dots: Offsets, lowered: Mask
) -> Mask:
    """Listed words, numbers, single letters and letters joined by stops: about one in twenty."""
    spans = zip(starts.tolist(), dots.tolist(), strict=True)
    listed = np.array([text[start:dot] in ABBREVIATIONS for start, dot in spans], bool)
    for at in np.flatnonzero(lowered).tolist():
        listed[at] |= text[starts[at] : dots[at]] in ABBREVIATIONS_LOWERED
    last, previous = kinds[dots - 1], kinds[dots - 2]
    third = kinds.take(dots - 3, mode="clip")
    initial = CASED[last] & ((starts == dots - 1) | (previous == Kind.DOT) | (third == Kind.DOT))
    caseless = (last == Kind.CASELESS) | ((last == Kind.ACCENT) & (previous == Kind.CASELESS))
    if caseless.any():
        fourth = kinds.take(dots - 4, mode="clip")
        joined = (previous == Kind.DOT) | (third == Kind.DOT) | (fourth == Kind.DOT)
        initial |= caseless & (joined | (dots - starts <= 2))
    listed |= initial | (last == Kind.DIGIT)
    return listed
