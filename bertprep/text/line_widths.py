"""Whether the lines of a text look broken at some width: sentences that rules cannot see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bertprep.text.pieces import code_points
from bertprep.text.punctuation import Kind, kind_table

# A line shorter than this, in bytes, is a verse, an item or a heading.
_LEAST_WIDTH = 30
_STOPS = np.zeros(len(Kind), bool)
_STOPS[[kind for kind in Kind if kind >= Kind.CLOSER]] = True
_GOES_ON = np.zeros(len(Kind), bool)
_GOES_ON[[Kind.LOWER, Kind.WIDE, Kind.PARTICLE, Kind.CASELESS, Kind.ACCENT]] = True


def count_lines(text: bytes) -> Counter[str]:
    r"""Sums over the lines that another line follows at once, not a blank one.

    ``followed_lines`` is how many there are; of these ``open_lines`` end without a stop, and what
    follows goes on in lower case or in a script without case.  ``open_line_bytes`` and
    ``open_line_squares`` are the sums of their lengths in bytes and of these squared.

    >>> dict(count_lines(b"There was nothing to be seen but\nthe sea. He left.\nShe\nstayed"))
    {'followed_lines': 3, 'open_lines': 1, 'open_line_bytes': 32, 'open_line_squares': 1024}
    """
    data = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    starts = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)
    lasts = ends - 1
    for _ in range(2):  # a carriage return, a space
        white = (lasts > starts) & ((data[lasts] == ord("\r")) | (data[lasts] == ord(" ")))
        lasts = lasts - white
    nexts = ends + 1
    followed = (lasts >= starts) & (nexts < len(data))
    followed[followed] &= data[nexts[followed]] > ord(" ")
    starts, lasts, nexts = starts[followed], lasts[followed], nexts[followed]
    widths = lasts + 1 - starts
    is_open = (widths >= _LEAST_WIDTH) & ~_STOPS[_kinds_at(data, _leads(data, lasts))]
    is_open &= _GOES_ON[_kinds_at(data, nexts)]
    widths = widths[is_open]
    return Counter(
        followed_lines=len(starts),
        open_lines=len(widths),
        open_line_bytes=int(widths.sum()),
        open_line_squares=int((widths * widths).sum()),
    )


def spread_of_widths(sums: Mapping[str, int]) -> float:
    """Standard deviation of the open lines' widths, as a share of their mean."""
    count = max(1, sums["open_lines"])
    mean = sums["open_line_bytes"] / count
    variance = sums["open_line_squares"] / count - mean * mean
    return sqrt(max(0.0, variance)) / max(1.0, mean)


def _leads(data: NDArray[np.uint8], lasts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the characters begin that end at these bytes."""
    for _ in range(3):
        lasts = lasts - ((data[lasts] & 0xC0) == 0x80)
    return lasts


def _kinds_at(data: NDArray[np.uint8], leads: NDArray[np.int64]) -> NDArray[np.uint8]:
    points = data[leads].astype(np.int64)
    beyond = np.flatnonzero(points >= 0xC2)
    points[beyond] = code_points(data, leads[beyond])
    kinds: NDArray[np.uint8] = kind_table()[points]
    return kinds
