"""How many documents and tokens there are in each of many ranges of keys, to plan pools by.

A tally says nothing of how documents were stored: those of the parts of a corpus add up to that of
the whole, however it is cut.  Counted is in ranges at least as fine as the plan will need, whose
number the plan, which knows the whole, decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.counts import Counts, added
from bertprep.common.draws import bucket_of
from bertprep.text.prepared_columns import keys_of

RANGES = 4096
# Ranges are numbered as if there were so many, by the first of those that one is of.
FINEST = 1 << 24
# How many documents set so many of 64 bits, about; whoever sets all is not counted any more.
_EXPECTED = np.array([round(-64 * log(1 - bits / 64)) for bits in range(64)] + [np.iinfo(int).max])
# How the counts of two tallies join: documents, tokens and seen.
HOW = (np.add, np.add, np.bitwise_or)


class Tally(NamedTuple):
    """Columns uint64[n], a row for each range of keys that has documents.

    Attributes:
        ranges: the number of the range's first key range of ``FINEST``; in a whole tally that of
            the range.
        documents: how many documents there are, equal ones counted each.
        tokens: of these documents.
        seen: a set of 64 bits; each document sets the one its id says, equal ones thus the same.
    """

    ranges: Counts
    documents: Counts
    tokens: Counts
    seen: Counts

    @classmethod
    def of(cls, rows: pa.RecordBatch, ranges: int = RANGES) -> Tally:
        """That of documents, a record batch of ``prepared_schema`` in the order of their keys.

        Args:
            rows: the documents.
            ranges: how fine to count, a power of two of at most ``FINEST``.
        """
        numbers, first = np.unique(bucket_of(keys_of(rows), ranges), return_index=True)
        counts = np.asarray(rows.column("count"))
        bits = np.uint64(1) << (np.asarray(rows.column("rest")) & np.uint64(63))
        if not len(numbers):
            return cls(*np.zeros((4, 0), np.uint64))
        return cls(
            numbers.astype(np.uint64) * np.uint64(FINEST // ranges),
            np.add.reduceat(counts, first).astype(np.uint64),
            np.add.reduceat(counts * _lengths(rows), first).astype(np.uint64),
            np.bitwise_or.reduceat(bits, first),
        )

    @classmethod
    def total(cls, tallies: Iterable[Any]) -> Tally:
        """That of all together; each may be an array uint64[4, n]."""
        return cls(*added([np.array(tally) for tally in tallies], HOW))

    def whole(self, ranges: int) -> Tally:
        """The same with a row for each of ``ranges``, a power of two, numbered one by one."""
        numbers = np.arange(ranges, dtype=np.uint64)
        coarse = self.ranges // np.uint64(FINEST // ranges)
        none = np.stack([numbers, *np.zeros((3, ranges), np.uint64)])
        return Tally(*added([none, np.stack([coarse, *self[1:]])], HOW))

    @property
    def distinct(self) -> NDArray[np.int64]:
        """int64[n]: how many different documents there are, about; 2 or more only if there are."""
        expected = _EXPECTED[np.bitwise_count(self.seen)]
        distinct: NDArray[np.int64] = np.minimum(expected, self.documents.astype(np.int64))
        return distinct


def count_copies(rows: pa.RecordBatch) -> dict[str, int]:
    """How many texts ``merged`` documents have, how many of them more than once, and how often."""
    counts = np.asarray(rows.column("count"))
    return {
        "texts": len(counts),
        "repeated": int(np.count_nonzero(counts > 1)),
        "most_copies": int(counts.max(initial=0)),
    }


def _lengths(rows: pa.RecordBatch) -> NDArray[np.int64]:
    """int64[n]: the tokens of each document."""
    documents = rows.column("sentences")
    edges = np.asarray(documents.values.offsets)[np.asarray(documents.offsets)]
    lengths: NDArray[np.int64] = np.diff(edges).astype(np.int64)
    return lengths
