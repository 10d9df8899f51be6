"""The graph behind ``bertprep shard``: prepare -> build -> write; only descriptors in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import apache_beam as beam
import numpy as np

from bertprep.errors import InputError
from bertprep.examples.assemble import example_schema
from bertprep.examples.bins import bin_count, longest_row
from bertprep.examples.gather import bucketed_examples
from bertprep.examples.long_sentences import with_fitting_sentences
from bertprep.examples.mask import Masker
from bertprep.examples.pair import Documents, Pairs, make_pairs
from bertprep.examples.statistics import count_per_document
from bertprep.examples.usage import count_sentences, count_usage, predictable
from bertprep.layouts.registry import layout_of
from bertprep.options import ShardOptions
from bertprep.shards.manifest_types import ListedFile
from bertprep.shards.write import row_edges, write_shard
from bertprep.text.prepared import prepared_schema, sorted_by_key
from bertprep.text.tally import count_copies
from pipelines.folders import files
from pipelines.folders.second_document import EQUAL_DOCUMENTS, ONE_DOCUMENT
from pipelines.graphs.pools import Pool, plan_pools, shared_evenly
from pipelines.graphs.prepare import Job, Prepared, check_text
from pipelines.steps.checkpoint import remembered
from pipelines.steps.notes import ProgressNotes
from pipelines.steps.report import Report, beside, gather, keyed
from pipelines.steps.spill import Segment, SpillIndex, read_segments, segments, write_spill

_BUCKET_ROWS = 16_384
# All rows may be of one bin, whose buckets then hold that many times the rows.
_MAX_BUCKET_GROWTH = 4
_SHARD_BYTES = 64 << 20
_ID_BYTES = 4


@dataclass(frozen=True)
class ShardJob(Job):
    """All that a worker needs to know to make shards."""

    shard: ShardOptions


@dataclass(frozen=True)
class ShardPlan:
    """One shard: of each example bucket, (rows to skip, rows to take, its places).

    ``bin`` is the number of its bin of lengths, ``filled`` its number among those with rows.
    """

    number: int
    count: int
    bin: int
    slices: tuple[tuple[int, int, tuple[Segment, ...]], ...]
    filled: int = 0

    def name(self, options: ShardOptions) -> str:
        layout = layout_of(options.column_layout)
        return layout.shard_name(self.number, self.count, options, self.bin, self.filled)


def check_documents(
    documents: int, options: ShardOptions, drops: Mapping[str, int] | None = None
) -> None:
    """Raises InputError where there are too few documents for the task."""
    check_text(documents, drops or {})
    if documents == 1 and options.task == "nsp":
        raise InputError(ONE_DOCUMENT)


def check_texts(texts: int, options: ShardOptions) -> None:
    """Raises InputError where there are too few different documents for the task."""
    if texts == 1 and options.task == "nsp":
        raise InputError(EQUAL_DOCUMENTS)


class BuildPool(beam.DoFn):  # type: ignore[misc]
    """(Pool, part) -> SpillIndex of its examples by key; reports how many, and what was left out.

    They go into a number of buckets for each bin of lengths.
    """

    def __init__(self, job: ShardJob) -> None:
        self._job = job

    def setup(self) -> None:
        self._notes = ProgressNotes(self._job.folder("progress"))

    def process(self, element: tuple[Pool, int]) -> Iterator[Any]:
        pool, part = element
        step = pool.first_step + part
        work_dir = self._job.work_dir
        yield from beside(
            remembered(work_dir, "build", step, lambda: self._build(pool, part, step))
        )

    def _build(self, pool: Pool, part: int, step: int) -> Iterator[Any]:
        vocabulary, options = self._job.vocabulary, self._job.shard
        rows = pool.documents(prepared_schema(len(vocabulary)))
        copies = count_copies(rows)
        check_texts(copies["texts"], options)
        documents, passes = Documents.from_rows(rows), range(options.dupe_factor)
        of_each = documents.copies(part, pool.parts)
        sums = count_sentences(documents, options, vocabulary, of_each)
        if options.task != "none":  # else a sentence goes on in the next row
            documents, cut = with_fitting_sentences(documents, options.max_num_tokens, vocabulary)
            sums["cut_sentences"] = cut if part == 0 else 0
        made = make_pairs(documents, options, passes, vocabulary.continuing, part, pool.parts)
        good = predictable(documents, made, vocabulary, options)
        pairs, left_out = made.take(np.flatnonzero(good)), made.take(np.flatnonzero(~good))
        sums.update(count_usage(documents, len(passes), pairs, left_out, of_each))
        sums["truncated_tokens"] = made.truncated
        yield self._spill(documents, pairs, pool, step)
        self._notes.add("examples", len(pairs.keys))
        self._notes.flush()
        report = Report(
            sums=sums,
            drops=Counter(
                unsplittable_sentence=pairs.unsplittable, nothing_to_predict=len(left_out.keys)
            ),
            examples_per_document=count_per_document(pairs.per_document),
        )
        if part == 0:
            report.copies = copies
            report.pools = {"pools": 1, "smallest": copies["texts"], "largest": copies["texts"]}
        yield report

    def _spill(self, documents: Documents, pairs: Pairs, pool: Pool, step: int) -> SpillIndex:
        options = self._job.shard
        buckets = example_buckets(pool.corpus_tokens, options)
        schema = example_schema(len(self._job.vocabulary))
        batches = bucketed_examples(documents, pairs, schema, buckets, options)
        buckets *= bin_count(options)
        index = write_spill(self._job.folder("examples"), (step,), buckets, batches)
        tokens = int(pairs.a_length.sum() + pairs.b_length.sum())
        return replace(index, counts=np.array([[tokens]], np.uint64))


def example_buckets(tokens: int, options: ShardOptions) -> int:
    """How many buckets the examples of a bin of lengths go to, for so many tokens of text."""
    rows = tokens * options.dupe_factor // options.max_seq_length
    return max(1, rows // (_BUCKET_ROWS * min(bin_count(options), _MAX_BUCKET_GROWTH)))


class PlanShards(beam.DoFn):  # type: ignore[misc]
    """All SpillIndexes of the build stage -> a ShardPlan for each shard."""

    def __init__(self, job: ShardJob) -> None:
        self._job = job

    def process(self, element: tuple[None, Iterable[SpillIndex]]) -> Iterator[ShardPlan]:
        indexes = list(element[1])
        rows = np.sum([index.rows for index in indexes], axis=0)
        bucket_edges = np.append(0, np.cumsum(rows))
        rows_of_bins = rows.reshape(bin_count(self._job.shard), -1).sum(axis=1).tolist()
        counts = shard_counts(rows_of_bins, self._slots(indexes, rows_of_bins), self._job.shard)
        ranges = shard_ranges(rows_of_bins, counts)
        for number, (bin_number, first, last) in enumerate(ranges):
            slices = tuple(_slices(indexes, bucket_edges, first, last))
            filled = int(np.count_nonzero(rows_of_bins[:bin_number]))
            yield ShardPlan(number, sum(counts), bin_number, slices, filled)

    def _slots(self, indexes: list[SpillIndex], rows: list[int]) -> list[int]:
        """Slots for tokens that the rows of each bin will take (packed, about their tokens)."""
        if not self._job.shard.pack:
            return [count * self._job.shard.max_seq_length for count in rows]
        return [int(sum(index.counts.sum() for index in indexes)) + 3 * sum(rows)]


def shard_counts(rows: Sequence[int], slots: Sequence[int], options: ShardOptions) -> list[int]:
    """Shards of each bin: as many as asked for, or enough for at most 64 MiB of token ids in each.

    What the number asked for stands for is the layout's to say.

    Raises:
        InputError, UsageError: if there are no rows, fewer rows than shards, or fewer shards than
            bins with rows.
    """
    if sum(rows) == 0:
        raise InputError(
            "no example could be made of the inputs: every document is too short, or "
            "holds nothing that could be predicted, as where all is [UNK]: learn a vocabulary of "
            "this text with `bertprep vocab` then"
        )
    usual = [shared_evenly(-(-count * _ID_BYTES // _SHARD_BYTES)) for count in slots]
    return layout_of(options.column_layout).shard_counts(rows, usual, options)


def shard_ranges(rows: Sequence[int], counts: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(bin, first row, row behind the last one) of every shard; rows are numbered over all bins."""
    start = 0
    for number, (of_bin, shards) in enumerate(zip(rows, counts, strict=True)):
        for first, last in pairwise(row_edges(of_bin, shards) if shards else []):
            yield number, start + first, start + last
        start += of_bin


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


class WriteShard(beam.DoFn):  # type: ignore[misc]
    """ShardPlan -> report of the shard, written under the work folder for the command to move."""

    def __init__(self, job: ShardJob) -> None:
        self._job = job

    def setup(self) -> None:
        masking = self._job.shard.masking_options
        self._masker = Masker(self._job.vocabulary, masking) if masking else None
        self._notes = ProgressNotes(self._job.folder("progress"))

    def process(self, plan: ShardPlan) -> Iterator[Any]:
        yield from remembered(self._job.work_dir, "write", plan.number, lambda: self._write(plan))

    def _write(self, plan: ShardPlan) -> Iterator[Report]:
        options = self._job.shard
        name = plan.name(options)
        path = files.join(self._job.folder("shards"), name)
        with files.create_whole(path) as stream:
            result = write_shard(
                stream, self._rows(plan), self._job.vocabulary, self._masker, options
            )
        self._notes.flush()
        shard = ListedFile(
            name,
            result.size,
            result.digest,
            result.rows,
            longest_row(plan.bin, options) if options.bin_size else None,
            result.statistics["examples"] if options.pack else None,
        )
        yield Report(sums=result.statistics, files={path: result.digest}, shards=[shard])

    def _rows(self, plan: ShardPlan) -> Iterator[Any]:
        schema = example_schema(len(self._job.vocabulary))
        for skip, take, places in plan.slices:
            yield sorted_by_key(read_segments(places, schema), schema).slice(skip, take)
            self._notes.add("written", take)


def build_graph(pipeline: Any, job: ShardJob, prepare: Callable[[Any], Prepared]) -> Any:
    """Adds the whole graph to a pipeline; ``prepare`` adds its first stage.

    Returns:
        The collection with the path of the report.
    """
    prepared = prepare(pipeline)
    built = (
        plan_pools(prepared.spills, partial(check_documents, options=job.shard))
        | "Parts" >> beam.FlatMap(Pool.steps)
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
    return gather((prepared.report, built.report, written), job.work_dir)
