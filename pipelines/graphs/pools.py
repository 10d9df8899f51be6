"""Pools: sets of documents that exchange random B's, planned by what was read alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, pairwise
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.draws import bucket_of
from bertprep.text.prepared_columns import keys_of, merged, prepared_schema
from bertprep.text.range_counts import FINEST, HOW, RANGES, Tally
from pipelines.graphs.job import TokensJob
from pipelines.steps.exchange import delivered
from pipelines.steps.packets import Packet, unpacked
from pipelines.steps.sizes import RunSizes
from pipelines.steps.stage import Stage, SumUp

_MAX_POOL_GROWTH = 4
_MAX_BUCKETS = 1 << 20
# A pool is of so many ranges of keys or more, and its size near enough to the others'.
_POOL_RANGES = 4
# How much larger a corpus may be than it looks, compressed, for its ranges to be fine enough.
_MARGIN = 8


class Pool(NamedTuple):
    """Documents whose keys are in some ranges.

    Attributes:
        number: of the pool.
        first, last: the ranges.
        parts: so many steps make the examples: each those of an equal share of the documents.
        first_step: the number of the first of these steps.
        corpus_tokens: of all pools.
    """

    number: int
    first: int
    last: int
    parts: int
    first_step: int
    corpus_tokens: int


@dataclass(frozen=True)
class PoolPlan:
    """All pools, and where their documents are.

    Attributes:
        edges: int64[n + 1]: pool k has the ranges ``edges[k]`` to ``edges[k + 1]``.
        steps: int64[n + 1]: its parts are the steps ``steps[k]`` to ``steps[k + 1]``.
        ranges: how many ranges there are.
        tokens: of all documents.
        stage: the documents, without what was counted.
    """

    edges: NDArray[np.int64]
    steps: NDArray[np.int64]
    ranges: int
    tokens: int
    stage: Stage

    @property
    def count(self) -> int:
        """How many steps there are."""
        return int(self.steps[-1])

    def pool(self, step: int) -> Pool:
        """The pool that a step is of."""
        number = int(np.searchsorted(self.steps, step, side="right")) - 1
        first, last = self.edges[number : number + 2].tolist()
        start, stop = self.steps[number : number + 2].tolist()
        return Pool(number, first, last, stop - start, start, self.tokens)

    def shares(self, rows: pa.RecordBatch) -> Iterator[tuple[int, pa.RecordBatch]]:
        """The first step of each pool that has any of these documents, and which it has."""
        cuts = np.searchsorted(bucket_of(keys_of(rows), self.ranges), self.edges)
        for number in np.flatnonzero(np.diff(cuts)).tolist():
            start, stop = cuts[number : number + 2].tolist()
            yield int(self.steps[number]), rows.slice(start, stop - start)

    def documents(self, pool: Pool, packets: Iterable[Packet], schema: pa.Schema) -> pa.RecordBatch:
        """The documents of a pool, as ``merged`` has them.

        Args:
            pool: one of these.
            packets: documents of it that came through Beam.
            schema: of the documents.
        """
        buckets = self.stage.buckets
        first, last = pool.first * buckets // self.ranges, -(-pool.last * buckets // self.ranges)
        found = chain(self.stage.files.batches(first, last, schema), unpacked(packets, schema))
        return merged(found, schema, pool.first, pool.last, self.ranges)


def plan_of(check: Callable[[int], None] | None, sizes: RunSizes, stage: Stage) -> PoolPlan:
    """Plans the pools of a stage.

    Args:
        check: is called with the number of documents, to refuse too few of them.
        sizes: of pools.
        stage: the documents, counted by range.
    """
    counted = Tally.total([stage.counts])
    tokens = int(counted.tokens.sum())
    if check:
        check(int(counted.documents.sum()))
    ranges = plan_ranges(tokens, sizes)
    tally = counted.whole(ranges)
    edges = pool_edges(tally, sizes.pool_tokens, sizes.pool_documents)
    parts = [_parts(tally, first, last, sizes) for first, last in pairwise(edges)]
    where = replace(stage, counts=stage.counts[:, :0])
    return PoolPlan(np.array(edges), _sums(parts), ranges, tokens, where)


class Prepared(NamedTuple):
    """Documents on their way into pools, prepared in this run or before: as collections.

    Attributes:
        spills: SpillIndexes.
        report: the Reports that go with them.
        blocks: of the documents; None where these are in files.
        folder: of the files.
        stem: what their names begin with.
    """

    spills: Any
    report: Any
    blocks: Any
    folder: str
    stem: str


def pools_of(
    prepared: Prepared, job: TokensJob, check: Callable[[int], None] | None = None
) -> tuple[Any, Any]:
    """Adds the steps that plan pools, and bring the documents of each to one place, to a graph.

    Args:
        prepared: the documents.
        job: what the steps need to know.
        check: is called with the number of documents, to refuse too few of them.

    Returns:
        The plan as a side input, and a collection of (step, its packets).
    """
    plan = plan_pools(prepared.spills, prepared.folder, prepared.stem, job.sizes, check)
    schema = partial(_schema, job)
    return beam.pvalue.AsSingleton(plan), delivered(
        "Pools", plan, prepared.blocks, schema, job.sizes.packet_bytes
    )


def _schema(job: TokensJob) -> pa.Schema:
    return prepared_schema(len(job.vocabulary))


def plan_pools(
    spills: Any,
    folder: str,
    stem: str,
    sizes: RunSizes,
    check: Callable[[int], None] | None = None,
) -> Any:
    """Adds the steps that make a PoolPlan of SpillIndexes to a graph.

    Args:
        spills: a collection of them.
        folder: where the files are.
        stem: what their names begin with.
        sizes: of pools.
        check: is called with the number of documents, to refuse too few of them.
    """
    return (
        spills
        | "SumUpDocuments" >> beam.CombineGlobally(SumUp(folder, stem, HOW)).without_defaults()
        | "PlanPools" >> beam.Map(partial(plan_of, check, sizes))
    )


def _parts(tally: Tally, first: int, last: int, sizes: RunSizes) -> int:
    """How many steps it takes to make a pool's examples in bounded memory."""
    tokens, documents = (
        int(column[first:last].sum()) for column in (tally.tokens, tally.documents)
    )
    return max(1, min(documents, round(tokens / sizes.pool_tokens)))


def pool_edges(tally: Tally, target: int, least: int) -> list[int]:
    """Joins neighbouring ranges into pools: edges of range numbers, from 0 to their count.

    Pools are of one size, the target at most but for a range, where each has then enough different
    documents to draw from; otherwise more are joined until they have, or have several times the
    target, equal documents counted once, and at least two different ones.

    Args:
        tally: documents and tokens of each range.
        target: tokens of a pool.
        least: how many different documents are enough.
    """
    distinct, tokens = tally.distinct, tally.tokens.astype(np.int64)
    held, size = _sums(distinct), _sums(tokens)
    once = _sums(tokens * distinct // np.maximum(tally.documents.astype(np.int64), 1))

    def enough(first: int, last: int) -> bool:
        large = once[last] - once[first] >= _MAX_POOL_GROWTH * target
        return bool(held[last] - held[first] >= (2 if large else least))

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


def bucket_count(tokens: int, sizes: RunSizes) -> int:
    """Into how many buckets documents of so many tokens are written: a power of two."""
    return min(_MAX_BUCKETS, 1 << max(0, (tokens // sizes.bucket_tokens).bit_length() - 1))


def plan_ranges(tokens: int, sizes: RunSizes) -> int:
    """By how many ranges of keys to plan pools of so many tokens: a power of two."""
    least = -(-tokens * _POOL_RANGES // sizes.pool_tokens)
    return min(FINEST, max(RANGES, 1 << (least - 1).bit_length() if least else 0))


def tally_ranges(tokens: int, sizes: RunSizes) -> int:
    """In how many ranges to count documents of about so many tokens."""
    return plan_ranges(_MARGIN * tokens, sizes)
