"""How long the sentences of a corpus are, in tokens: a count for each doubling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

_PREFIX = "sentences_to_"
# The tokens of the longest sentence of each count; longer ones are in the last.
LENGTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


def count_lengths(documents: pa.RecordBatch) -> Counter[str]:
    """The sums of prepared documents, a record batch of ``prepared_schema``."""
    offsets = np.asarray(documents.column("sentences").flatten().offsets)
    found = np.searchsorted(LENGTHS, np.diff(offsets)).clip(max=len(LENGTHS) - 1)
    counts = np.bincount(found, minlength=len(LENGTHS)).tolist()
    return Counter({f"{_PREFIX}{n}": count for n, count in zip(LENGTHS, counts, strict=True)})


def lengths_of(sums: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """(shortest, longest, sentences) of the counts among sums; [] where none are.

    >>> lengths_of({"sentences_to_1": 0, "sentences_to_8": 3, "tokens": 9})
    [(5, 8, 3)]
    """
    edges = zip((0, *LENGTHS), LENGTHS, strict=False)
    bins = [(first + 1, last, sums.get(f"{_PREFIX}{last}", 0)) for first, last in edges]
    return [each for each in bins if each[2]]
