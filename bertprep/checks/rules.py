"""The rules that make a row of a shard right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bertprep.options import ShardOptions
from bertprep.settings.row_length import shortest_row
from bertprep.vocabulary.vocabulary import Vocabulary


@dataclass(frozen=True)
class Rules:
    """The options and the vocabulary that the rows were made by.

    Attributes:
        options: of the run.
        vocabulary: of its token ids.
        longest: tokens of the longest row in the shard's bin; None where rows are not binned by
            length.
    """

    options: ShardOptions
    vocabulary: Vocabulary
    longest: int | None = None

    @property
    def kinds(self) -> NDArray[np.uint8]:
        """uint8[V]: the ``Kind`` of each token."""
        return self.vocabulary.kinds

    @property
    def is_paired(self) -> bool:
        """Whether each example has an A and a B."""
        return self.options.is_paired

    @property
    def lengths(self) -> tuple[int, int]:
        """Tokens of the shortest and the longest row there may be in the shard."""
        fewest = shortest_row(self.is_paired)
        if self.longest is None or self.options.bin_size is None:
            return fewest, self.options.max_seq_length
        return max(fewest, self.longest + 1 - self.options.bin_size), self.longest
