"""Length bins: rows of 1 to N tokens, N + 1 to 2N, and so on, each bin in shards of its own.

A trainer that draws each step from one bin pads to that bin's length instead of the longest.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bertprep.options import ShardOptions


def bin_count(options: ShardOptions) -> int:
    """How many bins there are; one where rows are not binned."""
    return options.max_seq_length // (options.bin_size or options.max_seq_length)


def bin_of(lengths: NDArray[np.int64], options: ShardOptions) -> NDArray[np.int64]:
    """int64[n]: the bin, from 0, of rows of int64[n] tokens, [CLS] and [SEP]s counted."""
    return (lengths - 1) // (options.bin_size or options.max_seq_length)


def longest_row(number: int, options: ShardOptions) -> int:
    """Tokens of the longest row in bin ``number``: what a manifest calls it by."""
    return (number + 1) * (options.bin_size or options.max_seq_length)


def allot_shards(rows: Sequence[int], shards: int) -> list[int]:
    """Shares ``shards`` out among bins: one for each bin with rows, the rest in proportion.

    Each next shard goes where there are the most rows a shard, so that the largest shard is as
    small as it can be: [90, 10, 0] and 4 shards give [3, 1, 0].  ``shards`` must lie between the
    number of bins with rows and that of the rows; then no shard is empty.
    """
    counts = [min(1, count) for count in rows]
    fullest: list[tuple[float, int]] = [(-n, number) for number, n in enumerate(rows) if n]
    heapq.heapify(fullest)
    for _ in range(shards - sum(counts)):
        number = fullest[0][1]
        counts[number] += 1
        heapq.heapreplace(fullest, (-rows[number] / counts[number], number))
    return counts


def padding_share(tokens: int, rows: Mapping[int, int]) -> float:
    """The share of padding in rows that are as long as their bins."""
    slots = sum(length * count for length, count in rows.items())
    return round(1 - tokens / slots, 6) if slots else 0.0
