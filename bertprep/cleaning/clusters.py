"""Near duplicates: pairs from equal bands, and of documents that pairs join all but one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.cleaning.minhash import PERMUTATIONS, similarity

BAND_SCHEMA = pa.schema(
    [
        ("key", pa.uint64()),
        ("id_high", pa.uint64()),
        ("id_low", pa.uint64()),
        ("sketch", pa.binary(PERMUTATIONS)),
    ]
)
PAIR_SCHEMA = pa.schema(
    [
        ("first_high", pa.uint64()),
        ("first_low", pa.uint64()),
        ("second_high", pa.uint64()),
        ("second_low", pa.uint64()),
    ]
)

Ids = NDArray[np.uint64]


def near_pairs(table: pa.Table, threshold: float) -> pa.Table:
    """Pairs of documents with an equal band that are as similar as asked for, by PAIR_SCHEMA.

    Of documents with an equal band each is compared with the first and with the one before it.

    Args:
        table: by BAND_SCHEMA; all documents of some bands.
        threshold: the least share of 5-grams that both have.
    """
    key, high, low = (table[name].to_numpy() for name in ("key", "id_high", "id_low"))
    order = np.lexsort((low, high, key))
    key, high, low = key[order], high[order], low[order]
    begins = np.append(True, key[1:] != key[:-1])[: len(key)]
    first = np.flatnonzero(begins)[np.cumsum(begins) - 1] if len(key) else order
    rest = np.flatnonzero(~begins)
    left = np.concatenate((first[rest], rest[rest - 1 > first[rest]] - 1))
    right = np.concatenate((rest, rest[rest - 1 > first[rest]]))
    pairs = np.stack((high[left], low[left], high[right], low[right]))
    found, places = np.unique(pairs, axis=1, return_index=True)
    left, right = left[places], right[places]
    sketches = _sketches(table)[order]
    alike = np.concatenate(
        [
            similarity(sketches[left[i : i + _BLOCK]], sketches[right[i : i + _BLOCK]]) >= threshold
            for i in range(0, len(left), _BLOCK)
        ]
        or [np.zeros(0, np.bool_)]
    )
    alike &= (found[0] != found[2]) | (found[1] != found[3])
    return pa.table([column[alike] for column in found[:4]], schema=PAIR_SCHEMA)


_BLOCK = 1 << 14


def _sketches(table: pa.Table) -> NDArray[np.uint8]:
    column = table["sketch"].combine_chunks()
    if not len(column):
        return np.zeros((0, PERMUTATIONS), np.uint8)
    start = column.offset * PERMUTATIONS
    data = np.frombuffer(column.buffers()[1], np.uint8)
    return data[start : start + len(column) * PERMUTATIONS].reshape(-1, PERMUTATIONS)


def all_but_one(pairs: pa.Table) -> Ids:
    """uint64[n, 2], sorted: of documents that pairs join, all but the one with the smallest id.

    Args:
        pairs: by PAIR_SCHEMA.
    """
    columns = [pairs[name].to_numpy() for name in PAIR_SCHEMA.names]
    ends = np.concatenate((np.stack(columns[:2], axis=1), np.stack(columns[2:], axis=1)))
    ids, numbers = np.unique(ends, axis=0, return_inverse=True)
    numbers = numbers.reshape(2, -1)
    roots = _roots(len(ids), numbers[0], numbers[1])
    return np.ascontiguousarray(ids[roots != np.arange(len(ids))])


def _roots(count: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[count]: the smallest number that each is joined with.

    Labels go down along all pairs at once, and jump, until none changes: some log(n) rounds.
    """
    roots = np.arange(count)
    while True:
        smaller = np.minimum(roots[left], roots[right])
        lower = roots.copy()
        for ends in (left, right):
            np.minimum.at(lower, ends, smaller)
            np.minimum.at(lower, roots[ends], smaller)
        lower = lower[lower]
        if np.array_equal(lower, roots):
            return roots
        roots = lower


def is_among(ids: Ids, dropped: Ids) -> NDArray[np.bool_]:
    """bool[n]: which of the ids uint64[n, 2] are among others, uint64[m, 2] and sorted."""
    if not len(dropped) or not len(ids):
        return np.zeros(len(ids), np.bool_)
    kind = np.dtype([("high", np.uint64), ("low", np.uint64)])
    own = np.ascontiguousarray(ids).view(kind).ravel()
    others = np.ascontiguousarray(dropped).view(kind).ravel()
    return np.isin(own, others)
