"""Which rows of shards are looked at, where not all of them are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np


def spread(rows: Sequence[int], limit: int) -> list[int]:
    """How many rows to take of each part: in proportion ``limit`` together, or all there are.

    >>> spread([60, 30, 10], 20)
    [12, 6, 2]
    """
    edges = [0, *np.cumsum(rows).tolist()]
    if edges[-1] <= limit:
        return list(rows)
    return [end * limit // edges[-1] - start * limit // edges[-1] for start, end in pairwise(edges)]
