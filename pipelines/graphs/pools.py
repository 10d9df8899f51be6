"""Pools: sets of documents that exchange random B's, planned by what was read alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa

from bertprep.text.prepared import merged
from bertprep.text.tally import RANGES, Tally, within
from pipelines.steps.report import keyed
from pipelines.steps.spill import Segment, SpillIndex, read_segments, segments

# What one build step makes examples of, and with the documents around it holds in memory.
POOL_TOKENS = 2_400_000
MIN_POOL_DOCUMENTS = 256
_MAX_POOL_GROWTH = 4
# Prepared buckets of about this many tokens, a megabyte of text; the rest is joined from them.
_BUCKET_TOKENS = 300_000


@dataclass(frozen=True)
class Pool:
    """Documents whose keys are in some ranges of ``tally.RANGES``, and where they are.

    Attributes:
        number: of the pool.
        places: of the buckets that hold them, and others besides at both ends.
        first, last: the ranges.
        parts: so many steps make the examples: each those of an equal share of the documents.
        first_step: the number of the first of these steps.
        corpus_tokens: of all pools.
    """

    number: int
    places: tuple[Segment, ...]
    first: int
    last: int
    parts: int
    first_step: int
    corpus_tokens: int

    def documents(self, schema: pa.Schema) -> pa.RecordBatch:
        """The pool's documents, as ``merged`` has them."""
        return merged(within(read_segments(self.places, schema), self.first, self.last), schema)

    def steps(self) -> Iterator[tuple[Pool, int]]:
        """The pool with the number of each part."""
        return ((self, part) for part in range(self.parts))


class PlanPools(beam.DoFn):  # type: ignore[misc]
    """All SpillIndexes of prepared documents -> the Pools."""

    def __init__(self, check: Callable[[int], None] | None) -> None:
        self._check = check

    def process(self, element: tuple[None, Iterable[SpillIndex]]) -> Iterator[Pool]:
        indexes = list(element[1])
        tally = Tally.total(index.counts for index in indexes)
        if self._check:
            self._check(int(tally.documents.sum()))
        edges = pool_edges(tally, POOL_TOKENS)
        parts = [_parts(tally, first, last) for first, last in pairwise(edges)]
        first_steps = accumulate(parts, initial=0)
        tokens, buckets = int(tally.tokens.sum()), len(indexes[0].rows)
        for number, ((first, last), many, step) in enumerate(
            zip(pairwise(edges), parts, first_steps, strict=False)
        ):
            held = segments(indexes, first * buckets // RANGES, -(-last * buckets // RANGES))
            places = tuple(place for bucket in held for place in bucket)
            yield Pool(number, places, first, last, many, step, tokens)


def plan_pools(spills: Any, check: Callable[[int], None] | None = None) -> Any:
    """Adds the steps that make pools of SpillIndexes to a graph.

    ``check`` is called with the number of documents, to refuse too few of them.
    """
    return (
        spills
        | "KeySpills" >> beam.Map(keyed)
        | "AllSpills" >> beam.GroupByKey()
        | "PlanPools" >> beam.ParDo(PlanPools(check))
    )


def _parts(tally: Tally, first: int, last: int) -> int:
    """How many steps it takes to make a pool's examples in bounded memory."""
    tokens, documents = (
        int(column[first:last].sum()) for column in (tally.tokens, tally.documents)
    )
    return max(1, min(documents, round(tokens / POOL_TOKENS)))


def pool_edges(tally: Tally, target: int) -> list[int]:
    """Joins neighbouring ranges into pools: edges of range numbers, from 0 to their count.

    Pools are of one size, ``target`` tokens at most but for a range, where each has then enough
    different documents to draw from; otherwise more are joined until they have, or have several
    times the target, equal documents counted once, and at least two different ones.
    """
    distinct, tokens = tally.distinct, tally.tokens.astype(np.int64)
    held, size = _sums(distinct), _sums(tokens)
    once = _sums(tokens * distinct // np.maximum(tally.documents.astype(np.int64), 1))

    def enough(first: int, last: int) -> bool:
        large = once[last] - once[first] >= _MAX_POOL_GROWTH * target
        return bool(held[last] - held[first] >= (2 if large else MIN_POOL_DOCUMENTS))

    count = shared_evenly(int(-(-size[-1] // target)))
    edges = [0]
    for edge in np.searchsorted(size, size[-1] * np.arange(1, count) / count).tolist():
        if enough(edges[-1], edge):
            edges.append(edge)
    if len(edges) > 1 and not enough(edges[-1], len(tokens)):
        edges.pop()
    return [*edges, len(tokens)]


def _sums(values: Any) -> Any:
    return np.append(0, np.cumsum(values))


def shared_evenly(tasks: int) -> int:
    """As many tasks or a few more, so that 2, 4 or 8 workers, or trainers, have equal shares.

    Beam's local runner deals tasks out by turns, before it is known who will be done first.
    """
    if tasks > 8:
        return -(-tasks // 8) * 8
    return 1 << (tasks - 1).bit_length() if tasks else 0


def bucket_count(tokens: int) -> int:
    """Into how many buckets documents of so many tokens are written: a power of two."""
    return min(RANGES, 1 << max(0, (tokens // _BUCKET_TOKENS).bit_length() - 1))
