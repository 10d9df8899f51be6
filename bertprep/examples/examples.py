"""Examples as columns of one block: what comes before the masks, wherever the rows are from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import Keys


@dataclass(frozen=True)
class Examples:
    """A block of n unmasked rows.

    Attributes:
        keys: uint64[n], what everything random about a row derives from.
        input_ids: int32[n, L], [CLS] A [SEP] B [SEP] (B and its [SEP] only where there is a B).
        lengths: int64[n], tokens of the row with its special ones.
        second_starts: int64[n], where B begins; the row's length where there is none.
        labels: int8[n].
        joined: bool[n, L], the tokens that go on with the word of the one before, as the vocabulary
            or a word segmenter has it.  Whether a word is before them is not asked here.
    """

    keys: Keys
    input_ids: NDArray[np.int32]
    lengths: NDArray[np.int64]
    second_starts: NDArray[np.int64]
    labels: NDArray[np.int8]
    joined: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.keys)
