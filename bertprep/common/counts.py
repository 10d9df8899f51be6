"""Counts by number, a column each: those of the parts of something add up to those of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.uint64]


def added(tables: Sequence[Counts], how: Sequence[Any]) -> Counts:
    """Tables as one, uint64[1 + k, m]: a column for each number that any has, in ascending order.

    >>> added([np.array([[2, 9], [1, 1]], np.uint64), np.array([[2], [5]], np.uint64)], [np.add])
    array([[2, 9],
           [6, 1]], dtype=uint64)

    Args:
        tables: uint64[1 + k, n]: numbers, and k counts of each.
        how: for each of the k counts, the numpy function that joins two of them.
    """
    table = np.concatenate([np.zeros((1 + len(how), 0), np.uint64), *tables], axis=1)
    table = table[:, np.argsort(table[0], kind="stable")]
    numbers, first = np.unique(table[0], return_index=True)
    if len(numbers) == table.shape[1]:
        return table
    counts = zip(how, table[1:], strict=True)
    return np.stack([numbers, *(function.reduceat(row, first) for function, row in counts)])
