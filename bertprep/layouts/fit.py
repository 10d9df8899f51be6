"""Which examples share a row: best fit, decreasing, on the histogram of their lengths.

Krell et al., "Efficient sequence packing without cross-contamination" (2021), call it
longest-pack-first histogram-packing: from the longest example to the shortest, each goes into the
fullest row that still has room.  Rows of equal contents are handled as one, so that the work
depends on how many different lengths there are, not on how many examples.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bertprep.common.ragged import Ints, offsets_of, positions_within


class Fit(NamedTuple):
    """Where n examples go: the row of each, its number in the row from 0, its first column.

    All are int64[n].
    """

    rows: Ints
    numbers: Ints
    starts: Ints


class Group(NamedTuple):
    """So many rows of the same contents, and the room each of them has left."""

    room: int
    lengths: tuple[int, ...]
    rows: int


def best_fit(lengths: Ints, capacity: int) -> Fit:
    """Fits examples of 1 to ``capacity`` tokens, int64[n], into rows of ``capacity``.

    Examples of one length are taken in their order; within a row the longest comes first.

    >>> fit = best_fit(np.array([3, 5, 2, 4, 6]), capacity=8)
    >>> fit.rows, fit.starts
    (array([0, 0, 1, 2, 1]), array([5, 0, 6, 0, 0]))
    """
    groups = fit_histogram(np.bincount(lengths, minlength=capacity + 1).tolist())
    none = np.zeros(0, np.int64)
    sizes = np.concatenate([none, *(np.full(g.rows, len(g.lengths)) for g in groups)])
    slots = np.concatenate([none, *(np.tile(g.lengths, g.rows) for g in groups)])
    rows, offsets = np.repeat(np.arange(len(sizes)), sizes), offsets_of(slots)[:-1]
    starts = offsets - np.repeat(offsets[offsets_of(sizes)[:-1]], sizes)
    places = np.stack((rows, positions_within(sizes), starts))
    fitted = np.empty_like(places)
    by_length, slots_by_length = (np.argsort(-part, kind="stable") for part in (lengths, slots))
    fitted[:, by_length] = places[:, slots_by_length]
    return Fit(*fitted)


def fit_histogram(counts: Sequence[int]) -> list[Group]:
    """The rows for ``counts[k]`` examples of k tokens; they have room for ``len(counts) - 1``."""
    capacity = len(counts) - 1
    full: list[Group] = []
    with_room: list[Group] = []  # in ascending order of their room
    for length in range(capacity, 0, -1):
        left = counts[length]
        while left:
            place = bisect_left(with_room, (length,))
            new = Group(capacity, (), left)
            group = with_room.pop(place) if place < len(with_room) else new
            # A row that has taken one is the fullest, so it takes all it can before another does.
            each = min(group.room // length, left)
            taking = min(group.rows, left // each)
            left -= taking * each
            filled = Group(group.room - each * length, group.lengths + each * (length,), taking)
            if filled.room:
                insort(with_room, filled)
            else:
                full.append(filled)
            if group is not new and taking < group.rows:
                insort(with_room, group._replace(rows=group.rows - taking))
    return full + with_room
