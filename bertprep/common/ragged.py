"""Columns of lists as flat arrays: the few moves every step shares."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def offsets_of(lengths: NDArray[Any]) -> Ints:
    """int64[n + 1]: where each list begins, and at last where the last one ends.

    Args:
        lengths: integers [n].
    """
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def positions_within(lengths: NDArray[Any]) -> Ints:
    """0, 1, ... within each list: lengths [2, 3] give [0, 1, 0, 1, 2], int64."""
    offsets = offsets_of(lengths)
    return np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)


def gather_index(starts: NDArray[Any], lengths: NDArray[Any]) -> Ints:
    """int64[m]: indices of the slices ``[start, start + length)``, one after the other.

    Args:
        starts: integers [n].
        lengths: integers [n].
    """
    offsets = offsets_of(lengths)
    return np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)
