"""The graph behind ``bertprep shard``: prepare -> build -> write; only descriptors in between."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import apache_beam as beam
import numpy as np

from bertprep.drops import REASONS, Drops
from bertprep.errors import InputError, UsageError
from bertprep.examples import bucketed_examples, example_schema
from bertprep.inputs import Split
from bertprep.mask import Masker
from bertprep.options import ReadOptions, ShardOptions
from bertprep.pair import Documents, make_pairs
from bertprep.prepare import Preparer, bucketed, id_type, prepared_schema, sorted_by_key
from bertprep.read import read_split
from bertprep.segment import Segmenter
from bertprep.tokenize import BatchTokenizer
from bertprep.vocabulary import UNK, Vocabulary
from bertprep.words import ChineseWords
from bertprep.write import row_edges, write_shard
from pipelines import files
from pipelines.report import Report, gather, keyed
from pipelines.spill import Segment, SpillIndex, read_segments, segments, write_spill
from pipelines.steps import Step

# A pool is a set of documents that exchange random B's: what one build step holds in memory.
POOL_TOKENS = 4_000_000
MIN_POOL_DOCUMENTS = 256
_MAX_POOL_GROWTH = 4
_BUCKET_ROWS = 16_384
_FLUSH_TOKENS = 8_000_000
_SHARD_BYTES = 64 << 20
_ID_BYTES = 4


@dataclass(frozen=True)
class ShardJob:
    """All that a worker needs to know."""

    read: ReadOptions
    shard: ShardOptions
    tokens: tuple[str, ...]
    lowercase: bool
    buckets: int
    work_dir: str
    write_drops: bool = False

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.tokens, self.lowercase)

    def folder(self, name: str) -> str:
        return files.join(self.work_dir, name)


@dataclass(frozen=True)
class Pool:
    """Documents to build together: prepared buckets, read bucket after bucket."""

    places: tuple[Segment, ...]
    example_buckets: int


@dataclass(frozen=True)
class ShardPlan:
    """One shard of ``count``: of each example bucket, (rows to skip, rows to take, its places)."""

    count: int
    slices: tuple[tuple[int, int, tuple[Segment, ...]], ...]


class PrepareSplit(Step):
    """(number, split) -> SpillIndex of its documents, tokenized, by bucket; reports its counts."""

    name = "prepare"

    def setup(self) -> None:
        super().setup()
        vocabulary = self._job.vocabulary
        self._preparer = Preparer(
            Segmenter(self._job.read.sentences),
            BatchTokenizer(vocabulary),
            len(vocabulary),
            vocabulary.ids[UNK],
            self._job.shard.seed,
            ChineseWords() if self._job.shard.word_segmenter == "jieba" else None,
        )
        self._schema = prepared_schema(len(vocabulary))

    def make(self, number: int, split: Split) -> Iterator[Any]:
        dropped: list[dict[str, object]] = []
        drops = Drops(dropped.append if self._job.write_drops else None)
        sums: Counter[str] = Counter()
        waiting: list[Any] = []
        flushes = tokens = 0
        for batch in read_split(split, files.open_input, self._job.read, drops):
            prepared = self._preparer(batch, drops)
            waiting.append(prepared.documents)
            tokens += prepared.tokens
            sums.update(
                documents=prepared.documents.num_rows,
                sentences=prepared.sentences,
                tokens=prepared.tokens,
                unknown_tokens=prepared.unknown,
                text_bytes=len(batch.text),
            )
            self._notes.add("bytes_read", len(batch.text))
            if tokens >= _FLUSH_TOKENS:
                yield self._spill((number, flushes), waiting)
                waiting, tokens, flushes = [], 0, flushes + 1
        if waiting:
            yield self._spill((number, flushes), waiting)
        self._notes.flush()
        path = self._write_drops(number, dropped)
        yield _reported(Report(sums=sums, drops=drops.counts, dropped=[path] if path else []))

    def _spill(self, order: tuple[int, int], batches: list[Any]) -> SpillIndex:
        rows = bucketed(batches, self._schema, self._job.buckets)
        return write_spill(self._job.folder("prepared"), order, self._job.buckets, rows)

    def _write_drops(self, number: int, dropped: list[dict[str, object]]) -> str | None:
        if not dropped:
            return None
        path = files.join(self._job.folder("dropped"), f"{number:06}.jsonl")
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in dropped)
        files.write_bytes(path, "".join(lines).encode("utf-8"))
        return path


class PlanPools(beam.DoFn):  # type: ignore[misc]
    """All SpillIndexes of the prepare stage -> (number, Pool) of each."""

    def __init__(self, job: ShardJob) -> None:
        self._job = job

    def process(self, element: tuple[None, Iterable[SpillIndex]]) -> Iterator[Any]:
        indexes = sorted(element[1], key=lambda index: index.order)
        documents = np.sum([index.rows for index in indexes], axis=0)
        id_bytes = np.sum([np.diff(index.offsets) for index in indexes], axis=0)
        check_documents(int(np.sum(documents)), self._job.shard)
        example_buckets = self._example_buckets(int(np.sum(id_bytes)))
        width = id_type(len(self._job.tokens)).bit_width // 8
        edges = pool_edges(documents, id_bytes, POOL_TOKENS * width)
        for number, (first, last) in enumerate(pairwise(edges)):
            places = [place for bucket in segments(indexes, first, last) for place in bucket]
            yield number, Pool(tuple(places), example_buckets)
        sizes = [int(documents[a:b].sum()) for a, b in pairwise(edges)]
        pools = {"pools": len(sizes), "smallest": min(sizes), "largest": max(sizes)}
        yield _reported(Report(pools=pools))

    def _example_buckets(self, id_bytes: int) -> int:
        rows = id_bytes * self._job.shard.dupe_factor // (2 * self._job.shard.max_seq_length)
        return max(1, rows // _BUCKET_ROWS)


def check_documents(
    documents: int, options: ShardOptions, drops: Mapping[str, int] | None = None
) -> None:
    """Raises InputError where there are too few documents for the task."""
    if documents == 0:
        left_out = [f"{count:,} {REASONS[reason]}" for reason, count in (drops or {}).items()]
        why = f"left out: {', '.join(left_out)}" if left_out else "every document is empty"
        raise InputError(f"the inputs hold no text at all; {why}")
    if documents == 1 and options.task == "nsp":
        raise InputError(
            "the inputs hold one document only, and --task nsp draws its random sentences from "
            "another one; use --task sop or --task none, or say what a document is by --documents"
        )


def pool_edges(documents: Any, sizes: Any, target: int) -> list[int]:
    """Joins neighbouring buckets into pools: edges of bucket numbers, from 0 to their count.

    Pools are of one size, ``target`` bytes at most but for a bucket, where each has then enough
    documents to draw from; otherwise more are joined until they have, or have several times the
    target and at least two documents.
    """
    held, size = np.append(0, np.cumsum(documents)), np.append(0, np.cumsum(sizes))

    def enough(first: int, last: int) -> bool:
        large = size[last] - size[first] >= _MAX_POOL_GROWTH * target
        return bool(held[last] - held[first] >= (2 if large else MIN_POOL_DOCUMENTS))

    count = shared_evenly(int(-(-size[-1] // target)))
    edges = [0]
    for edge in np.searchsorted(size, size[-1] * np.arange(1, count) / count).tolist():
        if enough(edges[-1], edge):
            edges.append(edge)
    if len(edges) > 1 and not enough(edges[-1], len(documents)):
        edges.pop()
    return [*edges, len(documents)]


def shared_evenly(tasks: int) -> int:
    """As many tasks or a few more, so that 2, 4 or 8 workers, or trainers, have equal shares.

    Beam's local runner deals tasks out by turns, before it is known who will be done first.
    """
    return 1 << (tasks - 1).bit_length() if tasks <= 8 else -(-tasks // 8) * 8


class BuildPool(Step):
    """(number, pool) -> SpillIndex of its examples by key; reports what pairing left out."""

    name = "build"

    def make(self, number: int, pool: Pool) -> Iterator[Any]:
        vocabulary, options = self._job.vocabulary, self._job.shard
        schema = prepared_schema(len(vocabulary))
        rows = sorted_by_key(read_segments(pool.places, schema), schema)
        documents = Documents.from_rows(rows)
        passes = range(options.dupe_factor)
        pairs = make_pairs(documents, options, passes, vocabulary.continuing)
        schema = example_schema(len(vocabulary))
        batches = bucketed_examples(documents, pairs, schema, pool.example_buckets)
        yield write_spill(self._job.folder("examples"), (number,), pool.example_buckets, batches)
        self._notes.add("examples", len(pairs.keys))
        self._notes.flush()
        drops = Counter(unsplittable_sentence=pairs.unsplittable)
        yield _reported(Report(sums=Counter(truncated_tokens=pairs.truncated), drops=drops))


class PlanShards(beam.DoFn):  # type: ignore[misc]
    """All SpillIndexes of the build stage -> (number, ShardPlan) of each shard."""

    def __init__(self, job: ShardJob) -> None:
        self._job = job

    def process(
        self, element: tuple[None, Iterable[SpillIndex]]
    ) -> Iterator[tuple[int, ShardPlan]]:
        indexes = list(element[1])
        rows = np.sum([index.rows for index in indexes], axis=0)
        bucket_edges = np.append(0, np.cumsum(rows))
        count = shard_count(int(bucket_edges[-1]), self._job.shard)
        edges = row_edges(int(bucket_edges[-1]), count)
        for number, (first, last) in enumerate(pairwise(edges)):
            slices = tuple(_slices(indexes, bucket_edges, first, last))
            yield number, ShardPlan(count, slices)


def shard_count(rows: int, options: ShardOptions) -> int:
    """The number of shards asked for, or enough for at most 64 MiB of token ids in each.

    Raises:
        InputError, UsageError: if there are no rows, or fewer than shards.
    """
    if rows == 0:
        raise InputError("no example could be made of the inputs: every document is too short")
    if options.num_shards is None:
        return shared_evenly(-(-rows * options.max_seq_length * _ID_BYTES // _SHARD_BYTES))
    if options.num_shards > rows:
        raise UsageError(
            f"--num-shards {options.num_shards} is more than the {rows} examples there are; "
            f"use at most {rows}, or auto"
        )
    return options.num_shards


def _slices(
    indexes: list[SpillIndex], bucket_edges: Any, first: int, last: int
) -> Iterator[tuple[int, int, tuple[Segment, ...]]]:
    begin = int(np.searchsorted(bucket_edges, first, side="right")) - 1
    end = int(np.searchsorted(bucket_edges, last, side="left"))
    for bucket, places in zip(range(begin, end), segments(indexes, begin, end), strict=True):
        start, stop = int(bucket_edges[bucket]), int(bucket_edges[bucket + 1])
        skip = max(0, first - start)
        take = min(last, stop) - start - skip
        if take > 0:
            yield skip, take, tuple(places)


class WriteShard(Step):
    """(number, plan) -> report of the shard, which waits in the work folder to be moved."""

    name = "write"

    def setup(self) -> None:
        super().setup()
        options = self._job.shard
        self._masker = Masker(
            self._job.vocabulary,
            options.masked_lm_prob,
            options.max_predictions_per_seq,
            options.masking,
        )

    def make(self, number: int, plan: ShardPlan) -> Iterator[Report]:
        options = self._job.shard
        name = f"shard-{number:05}-of-{plan.count:05}.{options.output_format}"
        path = files.join(self._job.folder("shards"), name)
        with files.create_whole(path) as stream:
            result = write_shard(
                stream, self._rows(plan), self._job.vocabulary, self._masker, options
            )
        self._notes.flush()
        shard = {"file": name, "rows": result.rows, "bytes": result.size, "sha256": result.digest}
        yield Report(sums=result.statistics, shards=[shard])

    def _rows(self, plan: ShardPlan) -> Iterator[Any]:
        schema = example_schema(len(self._job.vocabulary))
        for skip, take, places in plan.slices:
            yield sorted_by_key(read_segments(places, schema), schema).slice(skip, take)
            self._notes.add("written", take)


def build_graph(pipeline: Any, job: ShardJob, splits: list[Split]) -> None:
    """Adds the whole graph to a pipeline."""
    prepared = (
        pipeline
        | "Splits" >> beam.Create(list(enumerate(splits)), reshuffle=False)
        | "SpreadSplits" >> beam.Reshuffle()
        | "Prepare" >> beam.ParDo(PrepareSplit(job)).with_outputs("report", main="spills")
    )
    pools = (
        prepared.spills
        | "KeySpills" >> beam.Map(keyed)
        | "AllSpills" >> beam.GroupByKey()
        | "PlanPools" >> beam.ParDo(PlanPools(job)).with_outputs("report", main="pools")
    )
    built = (
        pools.pools
        | "SpreadPools" >> beam.Reshuffle()
        | "Build" >> beam.ParDo(BuildPool(job)).with_outputs("report", main="spills")
    )
    written = (
        built.spills
        | "KeyExamples" >> beam.Map(keyed)
        | "AllExamples" >> beam.GroupByKey()
        | "PlanShards" >> beam.ParDo(PlanShards(job))
        | "SpreadShards" >> beam.Reshuffle()
        | "Write" >> beam.ParDo(WriteShard(job))
    )
    gather((prepared.report, pools.report, built.report, written), job.work_dir)


def _reported(report: Report) -> Any:
    return beam.pvalue.TaggedOutput("report", report)
