"""How many documents and tokens there are in each of 4,096 ranges of keys, to plan pools by.

A tally says nothing of how documents were stored: those of the parts of a corpus add up to that of
the whole, however it is cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import log
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.draws import bucket_of
from bertprep.text.prepared import keys_of

RANGES = 4096
# How many documents set so many of 64 bits, about; whoever sets all is not counted any more.
_EXPECTED = np.array([round(-64 * log(1 - bits / 64)) for bits in range(64)] + [np.iinfo(int).max])

Counts = NDArray[np.uint64]


class Tally(NamedTuple):
    """Columns uint64[n], a row for each range of keys that has documents.

    Attributes:
        ranges: the number of the range, from 0 to ``RANGES`` - 1.
        documents: how many documents there are, equal ones counted each.
        tokens: of these documents.
        seen: a set of 64 bits; each document sets the one its id says, equal ones thus the same.
    """

    ranges: Counts
    documents: Counts
    tokens: Counts
    seen: Counts

    @classmethod
    def of(cls, rows: pa.RecordBatch) -> Tally:
        """That of documents, a record batch of ``prepared_schema`` in the order of their keys."""
        ranges, first = np.unique(bucket_of(keys_of(rows), RANGES), return_index=True)
        counts = np.asarray(rows.column("count"))
        bits = np.uint64(1) << (np.asarray(rows.column("rest")) & np.uint64(63))
        if not len(ranges):
            return cls(*np.zeros((4, 0), np.uint64))
        return cls(
            ranges.astype(np.uint64),
            np.add.reduceat(counts, first).astype(np.uint64),
            np.add.reduceat(counts * _lengths(rows), first).astype(np.uint64),
            np.bitwise_or.reduceat(bits, first),
        )

    @classmethod
    def total(cls, tallies: Iterable[Any]) -> Tally:
        """That of all together, with a row for every range; each may be an array uint64[4, n]."""
        documents, tokens, seen = np.zeros((3, RANGES), np.uint64)
        for ranges, *columns in tallies:
            at = ranges.astype(np.int64)
            documents[at] += columns[0]
            tokens[at] += columns[1]
            seen[at] |= columns[2]
        return cls(np.arange(RANGES, dtype=np.uint64), documents, tokens, seen)

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


def within(batches: Iterable[pa.RecordBatch], first: int, last: int) -> Iterator[pa.RecordBatch]:
    """The documents of some ranges of keys.

    Args:
        batches: documents in the order of their keys.
        first: the number of the first range.
        last: that of the range after the last.
    """
    for batch in batches:
        start, stop = np.searchsorted(bucket_of(keys_of(batch), RANGES), (first, last))
        yield batch.slice(start, stop - start)
