"""Runs of stops: where in a text a sentence might end.

A run is what stands together of stops, quotes and closing brackets: ?!", ...). Marks that other
languages set there, or set apart by a space, are put to it here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.text.punctuation import Kind, Kinds, Mask, group
from bertprep.text.stretches import Stretches

__all__ = ["Runs", "ends_anywhere", "stop_runs", "with_odd_quotes"]

Offsets = NDArray[np.int64]

_AFTER_MARK = group(Kind.WIDE, Kind.WIDE_OPENER)


class Runs(NamedTuple):
    """Runs of stops, quotes and closing brackets with a stop in them.

    Attributes:
        first: int64[n], the offsets of their first stops.
        ends: int64[n], where they end.
        strength: uint8[n], the strongest kind of stop in each.
        stops: int64[n], how many stops each has.
    """

    first: Offsets
    ends: Offsets
    strength: Kinds
    stops: Offsets

    def take(self, indices: Offsets) -> Runs:
        """Those with the indices int64[m]."""
        first, ends, strength, stops = self
        return Runs(first[indices], ends[indices], strength[indices], stops[indices])


def stop_runs(kinds: Kinds) -> Runs:
    """The runs of a text, in order, by its kinds uint8[len(text) + 1].

    >>> from bertprep.text.punctuation import kinds_of
    >>> runs = stop_runs(kinds_of("So?!) Yes."))
    >>> runs.first.tolist(), runs.ends.tolist(), runs.stops.tolist()
    ([2, 9], [5, 10], [2, 1])
    """
    stops = np.flatnonzero(kinds >= Kind.DOT)
    if not len(stops):
        return Runs(stops, stops, np.empty(0, np.uint8), stops)
    ends = Stretches(kinds >= Kind.CLOSER).after(stops + 1)
    heads = np.flatnonzero(np.diff(ends, prepend=-1))
    count = np.diff(heads, append=len(stops))
    return Runs(stops[heads], ends[heads], np.maximum.reduceat(kinds[stops], heads), count)


def with_odd_quotes(kinds: Kinds, ends: Offsets) -> Offsets:
    """Move the ends past „So.“, whose closing mark opens elsewhere, past « Si ! » and ? !.

    Args:
        kinds: uint8[len(text) + 1], the kinds of the text's characters.
        ends: int64[n], the offsets behind runs of stops.

    Returns:
        int64[n].
    """

    def kinds_behind(at: Offsets, distance: int) -> Kinds:  # at the end of the text: a line break
        return kinds.take(ends[at] + distance, mode="clip")

    behind = kinds[ends]
    german, spaced = np.flatnonzero(behind == Kind.OPENER), np.flatnonzero(behind == Kind.SPACE)
    german = german[kinds_behind(german, 1) <= Kind.BREAK]
    next_kinds = kinds_behind(spaced, 1)
    closed, marked = spaced[next_kinds == Kind.CLOSER], spaced[next_kinds == Kind.MARK]
    closed = closed[kinds_behind(closed, 2) <= Kind.BREAK]
    marked = marked[kinds_behind(marked, -1) == Kind.MARK]
    ends = ends.copy()
    ends[german] += 1
    ends[np.concatenate((closed, marked))] += 2
    return ends


def ends_anywhere(kinds: Kinds, runs: Runs) -> Mask:
    """bool[n]: which runs end a sentence with no need of white space, as the CJK stops do.

    Args:
        kinds: uint8[len(text) + 1], the kinds of the text's characters.
        runs: n of them.
    """
    ends, strength = runs.ends, runs.strength
    following, last = kinds[ends], kinds[ends - 1]
    # 「…。」と言った and 何？と goes on; 。の does not.
    quoted = (following == Kind.PARTICLE) & (last != Kind.WIDE_DOT)
    goes_on = (following == Kind.COMMA) | quoted
    spaceless_mark = (strength == Kind.MARK) & _AFTER_MARK[following]
    ending: Mask = ((strength >= Kind.WIDE_DOT) & ~goes_on) | spaceless_mark
    return ending
