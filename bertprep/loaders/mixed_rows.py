"""Rows of several folders of shards in proportions, by number: for samplers of any order.

An epoch has so few rows as read every folder at least once; the proportions are exact to a row.  A
folder that is done begins again, and goes on in the next epoch where it stopped: none of its rows
comes twice before all came once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bertprep.loaders.mixed import steps_of_parts

Numbers = NDArray[np.int64]


class MixedRows:
    """Which row of which folder each number of an epoch is.

    Args:
        lengths: rows of each folder.
        weights: in which proportion rows of them are to be.

    >>> rows = MixedRows([3, 2], [1, 1])
    >>> [column.tolist() for column in rows.places(np.arange(6), epoch=0)]
    [[0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 0]]
    >>> [column.tolist() for column in rows.places(np.arange(3, 6), epoch=1)]
    [[1, 1, 1], [1, 0, 1]]
    """

    def __init__(self, lengths: Sequence[int], weights: Sequence[float]) -> None:
        self._lengths = np.array(lengths, np.int64)
        self._counts = steps_of_parts(lengths, weights)
        self._first = np.cumsum(self._counts) - self._counts

    def __len__(self) -> int:
        return int(self._counts.sum())

    def places(self, numbers: Numbers, epoch: int) -> tuple[Numbers, Numbers]:
        """The folder int64[n] and the row in it int64[n] of each number of an epoch."""
        parts = np.searchsorted(self._first, numbers, "right") - 1
        within = numbers - self._first[parts] + epoch * self._counts[parts]
        return parts, within % self._lengths[parts]
