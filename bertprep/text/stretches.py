"""The stretches of some characters in a text, such as its white space, asked about at few places.

Nearly all of them are a character or two, so that a few looks at each place find the end; only
where that would take longer are all stretches of the text looked up.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bertprep.text.punctuation import Kinds, Mask

__all__ = ["Stretches", "walk"]

Offsets = NDArray[np.int64]

# Of a round of looks, in places.  To look up a text costs as much as looks at an eighth of it.
_LEAST_EFFORT = 64
_SHARE = 8


class Stretches:
    """Where the stretches end that some places are in.

    Args:
        inside: bool[length + 1], which characters of a text belong to stretches; the last is none.

    >>> white = Stretches(np.array(list("So  it is. .")) == " ")
    >>> white.after(np.array([0, 2, 10])).tolist(), white.before(np.array([4, 11])).tolist()
    ([0, 4, 11], [2, 10])
    """

    def __init__(self, inside: Mask) -> None:
        self._inside = inside
        self._inside[-1] = False  # no walk goes on beyond either end of the text

    def after(self, places: Offsets) -> Offsets:
        """int64[n]: the first place from each of int64[n] on that is outside, or the text's end."""
        found, left = self._walk(places, 0, 1)
        if len(left):
            found[left] = self._edges[np.searchsorted(self._edges, found[left], "right")]
        return found

    def before(self, places: Offsets) -> Offsets:
        """int64[n]: the last place up to each of int64[n] right behind what is outside, or 0."""
        found, left = self._walk(places, -1, -1)
        if len(left):
            found[left] = self._edges[np.searchsorted(self._edges, found[left]) - 1]
        return found

    def _walk(self, places: Offsets, looked_at: int, step: int) -> tuple[Offsets, Offsets]:
        """The places moved out of their stretches, and the indices of those still inside."""
        found = places.copy()
        left = np.flatnonzero(self._inside[found + looked_at])
        effort = 0
        while len(left) and effort < len(self._inside) // _SHARE:
            effort += len(left) + _LEAST_EFFORT
            found[left] += step
            left = left[self._inside[found[left] + looked_at]]
        return found, left

    @cached_property
    def _edges(self) -> Offsets:
        """Where stretches begin and end, ascending; 0 with them."""
        edges: Offsets = np.flatnonzero(self._inside[1:] != self._inside[:-1]) + 1
        return np.append(0, edges)


def walk(kinds: Kinds, offsets: Offsets, group: Mask, step: int, limit: int) -> Offsets:
    """Move each offset past characters of some kinds.

    Args:
        kinds: uint8[len(text) + 1], the kinds of the text's characters.
        offsets: int64[n].
        group: bool[kinds], those to go past.
        step: 1 to go on, -1 to go back.
        limit: how many characters to go past at most.

    Returns:
        int64[n].
    """
    offsets = offsets.copy()
    going = np.flatnonzero(group[kinds[offsets]])
    for _ in range(limit):
        offsets[going] += step
        going = going[group[kinds[offsets[going]]]]
    return offsets
