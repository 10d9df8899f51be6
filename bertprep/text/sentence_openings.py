"""Behind which stops a sentence may begin: by the first character there, and by the line's own way.

Most sentences begin with a capital. Where a line has none at all, or where what ends is a word too
long to be an abbreviation, small letters begin one; and in lines that write "The end.The next" no
space need be there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bertprep.text.punctuation import CASED, Kind, Kinds, Mask, group
from bertprep.text.stop_runs import Runs

__all__ = ["glued_ends", "may_begin"]

Offsets = NDArray[np.int64]

_FIRST = group(
    *(Kind.UPPER, Kind.CASELESS, Kind.WIDE, Kind.PARTICLE, Kind.DIGIT, Kind.SYMBOL, Kind.INVERTED)
)
_PICTURE = group(Kind.SYMBOL, Kind.ACCENT, Kind.OTHER)
_LEAST_DOTS = 3
_LONG_WORD = 6  # letters; in abbreviations this many in a row are rare


def may_begin(kinds: Kinds, lines: Offsets, runs: Runs, following: Offsets) -> tuple[Mask, Mask]:
    """Behind which of the runs a sentence may begin, and which of their lines have no capital.

    The second is told only of runs before a small letter.

    Args:
        kinds: uint8[len(text) + 1], the kinds of the text's characters.
        lines: int64[k], ascending: where its lines end.
        runs: n of them, each before white space.
        following: int64[n], the offsets of the first characters behind that.

    Returns:
        bool[n] each.
    """
    first = kinds[following]
    plausible: Mask = _FIRST[first]
    figures = np.flatnonzero(first == Kind.DIGIT)
    plausible[figures] = ~_pauses(runs.take(figures))
    lowered = np.zeros(len(plausible), bool)
    small = np.flatnonzero(first == Kind.LOWER)
    if len(small):
        runs, following = runs.take(small), following[small]
        lowered[small] = _opens_without_capitals(kinds, lines, runs)
        plausible[small] = lowered[small] | _elided(kinds, following)
        plausible[small] |= _behind_long_word(kinds, runs, following)
        plausible[small] |= _PICTURE[kinds[runs.ends - 1]]
    return plausible, lowered


def _pauses(runs: Runs) -> Mask:
    """Which of the runs are dots that may mean a pause: few sentences begin with a number."""
    dots = (runs.strength == Kind.DOT) & (runs.stops >= _LEAST_DOTS)
    pauses: Mask = dots | (runs.strength == Kind.ELLIPSIS)
    return pauses


def _behind_long_word(kinds: Kinds, runs: Runs, following: Offsets) -> Mask:
    """Which of the runs before small letters are the stop of a word too long to be an abbreviation.

    What follows is a sentence then, though it has no capital.
    """
    long: Mask = (kinds[following - 1] == Kind.SPACE) & (runs.strength == Kind.DOT)
    at = np.flatnonzero(long & (runs.ends - runs.first == 1))
    for step in range(1, _LONG_WORD + 1):
        at = at[kinds.take(runs.first[at] - step, mode="clip") == Kind.LOWER]
    long[:] = False
    long[at] = True
    return long


def _elided(kinds: Kinds, following: Offsets) -> Mask:
    """Which of these small letters are all of an article before a capital: 'n Man, 's Nachts."""
    after, first = (kinds.take(following + step, mode="clip") for step in (1, 2))
    elided: Mask = kinds[following - 1] == Kind.QUOTE
    elided &= (after == Kind.SPACE) & (first == Kind.UPPER)
    return elided


def _opens_without_capitals(kinds: Kinds, lines: Offsets, runs: Runs) -> Mask:
    """Which of the runs before small letters end a sentence: their line has no capital at all.

    Not behind a closing quote ("why?" he said) or dots that may mean a pause.
    """
    lower: Mask = (kinds[runs.ends - 1] >= Kind.DOT) & (runs.strength <= Kind.MARK)
    lower &= (runs.stops == 1) | (runs.strength == Kind.MARK)
    at = np.flatnonzero(lower)
    lower[at] = _without_capitals(kinds, lines, runs.ends[at])
    return lower


def _without_capitals(kinds: Kinds, lines: Offsets, offsets: Offsets) -> Mask:
    """Whether the lines of these offsets have no capital."""
    asked, places = np.unique(np.searchsorted(lines, offsets), return_inverse=True)
    capitals = np.flatnonzero(kinds == Kind.UPPER)
    before, behind = np.searchsorted(capitals, _lines_of(lines, lines[asked]))
    found: Mask = (before == behind)[places]
    return found


def glued_ends(kinds: Kinds, lines: Offsets, runs: Runs, regular: Offsets) -> Offsets:
    """The runs with a capital right behind them, in lines where this is how sentences end.

    "The end.The next": such there are more of in the line than stops followed by a space.

    Args:
        kinds: uint8[len(text) + 1], the kinds of the text's characters.
        lines: int64[k], ascending: where its lines end.
        runs: all of the text.
        regular: int64[m], ascending: where the runs end that a sentence may begin behind.

    Returns:
        int64[n], the numbers of the runs.
    """
    glued: Offsets = np.flatnonzero(kinds[runs.ends] == Kind.UPPER)
    before, after = runs.first[glued] - 1, kinds.take(runs.ends[glued] + 1, mode="clip")
    shaped = (kinds[before] == Kind.LOWER) & CASED[kinds[before - 1]]
    shaped |= kinds[before] == Kind.DIGIT
    glued = glued[shaped & ((after == Kind.LOWER) | (after == Kind.SPACE))]
    if not len(glued):
        return glued
    ends = runs.ends[glued]
    around = _lines_of(lines, ends)
    many, others = (np.diff(np.searchsorted(at, around), axis=0)[0] for at in (ends, regular))
    ending: Offsets = glued[(many > 1) & (many > others)]
    return ending


def _lines_of(breaks: Offsets, offsets: Offsets) -> Offsets:
    """int64[2, n]: where the lines of these offsets begin and end, but for their line breaks."""
    line = np.searchsorted(breaks, offsets)
    return np.stack((np.where(line > 0, breaks[line - 1], 0), breaks[line]))
