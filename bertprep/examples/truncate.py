"""Pairs as columns, and how they are cut to the length of a row."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import TRUNCATE_A, TRUNCATE_B, Keys, coin_flips
from bertprep.options import ShardOptions, Task


class Pairs(NamedTuple):
    """Rows as columns: A is ``ids[a_start:a_start + a_length]``, B likewise.

    Attributes:
        keys: uint64[n].
        a_start: int64[n].
        a_length: int64[n].
        b_start: int64[n].
        b_length: int64[n], 0 where there is no B.
        labels: int8[n], 1 for a random next (or, for sop, swapped) pair.
        truncated: how many tokens did not fit.
        unsplittable: of how many lone sentences of documents sop could make no pair.
        per_document: int64[passes * copies], how many rows each copy of a document gave in each
            pass.
        lost: why tokens of a document are in none of its own rows, summed over the passes:
            ``truncated_own``, ``unsplittable``, and ``unpaired``, second sentences of given pairs
            whose place a random one took.
        task: which pairs they are.
        passes: int32[n], the pass of each, from 0.
    """

    keys: Keys
    a_start: NDArray[np.int64]
    a_length: NDArray[np.int64]
    b_start: NDArray[np.int64]
    b_length: NDArray[np.int64]
    labels: NDArray[np.int8]
    truncated: int
    unsplittable: int = 0
    per_document: NDArray[np.int64] = np.zeros(0, np.int64)
    lost: Mapping[str, int] = MappingProxyType({})
    task: Task = "nsp"
    passes: NDArray[np.int32] = np.zeros(0, np.int32)

    @property
    def is_own(self) -> NDArray[np.bool_]:
        """bool[n]: whether B is of the document of A."""
        own: NDArray[np.bool_] = (self.labels == 0) | (self.task != "nsp")
        return own

    def take(self, order: NDArray[np.int64]) -> Pairs:
        """The rows with these numbers, int64[m], in this order."""
        return self._replace(
            keys=self.keys[order],
            a_start=self.a_start[order],
            a_length=self.a_length[order],
            b_start=self.b_start[order],
            b_length=self.b_length[order],
            labels=self.labels[order],
            passes=self.passes[order] if len(self.passes) else self.passes,
        )


def truncated(keys: Keys, rows: NDArray[np.int64], options: ShardOptions) -> Pairs:
    """google-research/bert's ``truncate_seq_pair``, for all rows at once.

    The longer side loses tokens first, B where both are equal; each token goes from the front or
    from the back with equal chance.

    Args:
        keys: uint64[n], of the rows.
        rows: int64[n, 5]: the tokens at which A starts and ends, those of B, the label.
        options: how many tokens a row has room for, and the task.
    """
    a_start, a_end, b_start, b_end, labels = rows.T
    a, b = a_end - a_start, b_end - b_start
    excess = np.maximum(a + b - options.max_num_tokens, 0)
    cut_a = np.clip(a - b, 0, excess)
    cut_b = np.clip(b - a, 0, excess)
    even = excess - cut_a - cut_b
    cut_a, cut_b = cut_a + even // 2, cut_b + (even + 1) // 2
    pairs = Pairs(
        keys,
        a_start + coin_flips(keys, TRUNCATE_A, cut_a),
        a - cut_a,
        b_start + coin_flips(keys, TRUNCATE_B, cut_b),
        b - cut_b,
        labels.astype(np.int8),
        int(excess.sum()),
        task=options.task,
    )
    return pairs._replace(
        lost={"truncated_own": int(cut_a.sum() + cut_b[pairs.is_own].sum())},
    )
