"""What makes a row of a shard right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bertprep.options import ShardOptions
from bertprep.vocabulary.vocabulary import Vocabulary


@dataclass(frozen=True)
class Rules:
    """What the rows were made by: the options and vocabulary of their run.

    ``longest`` is that of the rows in the shard's bin; None where rows are not binned by length.
    """

    options: ShardOptions
    vocabulary: Vocabulary
    longest: int | None = None

    @property
    def kinds(self) -> NDArray[np.uint8]:
        """uint8[V]: what each token is."""
        return self.vocabulary.kinds

    @property
    def is_paired(self) -> bool:
        return self.options.task != "none"

    @property
    def lengths(self) -> tuple[int, int]:
        """Tokens of the shortest and the longest row there may be in the shard."""
        fewest = 5 if self.is_paired else 3
        if self.longest is None or self.options.bin_size is None:
            return fewest, self.options.max_seq_length
        return max(fewest, self.longest + 1 - self.options.bin_size), self.longest
