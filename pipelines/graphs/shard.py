"""The graph behind ``bertprep shard``: prepare -> build -> write, planned from counts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa

from bertprep.common.counts import Counts
from bertprep.common.draws import keyed_ids
from bertprep.errors import InputError
from bertprep.examples.assemble import example_schema
from bertprep.examples.bins import bin_count, longest_row
from bertprep.examples.coverage import count_sentences, count_usage, predictable
from bertprep.examples.documents import Documents
from bertprep.examples.gather import bucketed_examples
from bertprep.examples.long_sentences import with_fitting_sentences
from bertprep.examples.mask import Masker
from bertprep.examples.pair import make_pairs
from bertprep.examples.statistics import count_per_document
from bertprep.examples.truncate import Pairs
from bertprep.options import ShardOptions
from bertprep.shards.compose import Composer
from bertprep.shards.manifest_types import ListedFile
from bertprep.shards.names import ORIGINS_FOLDER
from bertprep.shards.origins import OriginsWriter, origins_name
from bertprep.shards.write import write_composed
from bertprep.text.prepared_columns import prepared_schema
from bertprep.text.range_counts import count_copies
from pipelines.folders import files
from pipelines.folders.enough_documents import EQUAL_DOCUMENTS, ONE_DOCUMENT
from pipelines.graphs.job import TokensJob
from pipelines.graphs.pools import Pool, PoolPlan, Prepared, pools_of
from pipelines.graphs.prepare import check_text
from pipelines.graphs.shard_plan import Shard, ShardPlan, example_buckets, plan_of
from pipelines.steps.checkpoint import remembered
from pipelines.steps.exchange import counted, delivered
from pipelines.steps.packets import Packet
from pipelines.steps.progress_notes import ProgressNotes
from pipelines.steps.report import Report, beside, gather
from pipelines.steps.stage import SumUp


@dataclass(frozen=True, kw_only=True)
class ShardJob(TokensJob):
    """All that a worker needs to know to make shards."""

    shard: ShardOptions

    @property
    def example_schema(self) -> pa.Schema:
        """That of the examples on their way to the shards."""
        return example_schema(len(self.vocabulary), self.shard.origins)


def check_documents(
    documents: int, options: ShardOptions, drops: Mapping[str, int] | None = None
) -> None:
    """Refuses a corpus with too few documents for the task.

    Args:
        documents: how many there are.
        options: the task.
        drops: what was left out, by reason.

    Raises:
        InputError: for such a corpus.
    """
    check_text(documents, drops or {})
    if documents == 1 and options.task == "nsp":
        raise InputError(ONE_DOCUMENT)


def check_texts(texts: int, options: ShardOptions) -> None:
    """Raises InputError where there are too few different documents for the task."""
    if texts == 1 and options.task == "nsp":
        raise InputError(EQUAL_DOCUMENTS)


class BuildPool(beam.DoFn):  # type: ignore[misc]
    """(step, packets) -> SpillIndex of examples by key; reports how many, and what was left out.

    They go into a number of buckets for each bin of lengths.  A step makes a part of a pool's
    examples; with packets, which are sent to one step alone, it makes those of all parts.
    """

    def __init__(self, job: ShardJob) -> None:
        self._job = job

    def setup(self) -> None:
        self._notes = ProgressNotes(self._job.folder("progress"))

    def process(self, element: tuple[int, Iterable[Packet]], plan: PoolPlan) -> Iterator[Any]:
        first, packets = element[0], list(element[1])
        pool = plan.pool(first)
        for step in range(first, first + (pool.parts if packets else 1)):
            make = partial(self._build, plan, pool, packets, step)
            yield from beside(self._job.exchange.outputs("build", step, make))

    def _build(
        self, plan: PoolPlan, pool: Pool, packets: Sequence[Packet], step: int
    ) -> Iterator[Any]:
        part = step - pool.first_step
        vocabulary, options = self._job.vocabulary, self._job.shard
        rows = plan.documents(pool, packets, prepared_schema(len(vocabulary)))
        copies = count_copies(rows)
        check_texts(copies["texts"], options)
        documents, passes = Documents.from_rows(rows), range(options.dupe_factor)
        if options.origins:
            known = keyed_ids(options.seed, documents.keys, np.asarray(rows.column("rest")))
            documents = replace(documents, identities=known)
        of_each = documents.copies(part, pool.parts)
        sums = count_sentences(documents, options, vocabulary, of_each)
        if options.is_paired:  # else a sentence goes on in the next row
            documents, cut = with_fitting_sentences(documents, options.max_num_tokens, vocabulary)
            sums["cut_sentences"] = cut if part == 0 else 0
        made = make_pairs(documents, options, passes, vocabulary.continuing, part, pool.parts)
        good = predictable(documents, made, vocabulary, options)
        pairs, left_out = made.take(np.flatnonzero(good)), made.take(np.flatnonzero(~good))
        sums.update(count_usage(documents, len(passes), pairs, left_out, of_each))
        sums["truncated_tokens"] = made.truncated
        yield from self._send(documents, pairs, pool, step)
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

    def _send(self, documents: Documents, pairs: Pairs, pool: Pool, step: int) -> Iterator[Any]:
        options = self._job.shard
        buckets = example_buckets(pool.corpus_tokens, options, self._job.sizes)
        schema = self._job.example_schema
        counts = _BucketCounts()
        batches = counts.of(bucketed_examples(documents, pairs, schema, buckets, options))
        buckets *= bin_count(options)
        sent = self._job.exchange.send("examples", (step,), buckets, batches)
        yield from counted(sent, counts.table)


class _BucketCounts:
    """Counts the rows and tokens of buckets that go by."""

    def __init__(self) -> None:
        self._counts: list[tuple[int, int, int]] = []

    def of(self, batches: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
        for bucket, batch in batches:
            self._counts.append((bucket, batch.num_rows, len(batch.column("ids").flatten())))
            yield bucket, batch

    def table(self) -> Counts:
        """uint64[3, n]: number, rows and tokens of the buckets."""
        return np.array(self._counts, np.uint64).reshape(-1, 3).T


class WriteShard(beam.DoFn):  # type: ignore[misc]
    """(number, packets) -> report of the shard, written in the work folder for the command."""

    def __init__(self, job: ShardJob) -> None:
        self._job = job

    def setup(self) -> None:
        masking = self._job.shard.masking_options
        self._vocabulary = self._job.vocabulary
        self._masker = Masker(self._vocabulary, masking) if masking else None
        self._notes = ProgressNotes(self._job.folder("progress"))

    def process(self, element: tuple[int, Iterable[Packet]], plan: ShardPlan) -> Iterator[Any]:
        number, packets = element
        make = partial(self._write, plan, plan.shard(number), packets)
        yield from remembered(self._job.work_dir, "write", number, make)

    def _write(self, plan: ShardPlan, shard: Shard, packets: Iterable[Packet]) -> Iterator[Report]:
        options = self._job.shard
        name = shard.name(options)
        path = files.join(self._job.folder("shards"), name)
        schema, at_once = self._job.example_schema, self._job.sizes.shard_rows
        rows = self._noted(plan.rows(shard, list(packets), schema, at_once))
        beside = files.join(self._job.folder(ORIGINS_FOLDER), origins_name(name))
        with ExitStack() as stack:
            stream = stack.enter_context(files.create_whole(path))
            note = None
            if options.origins:
                note = OriginsWriter(stack.enter_context(files.create_whole(beside)))
            composer = Composer(self._vocabulary, self._masker, options, note=note)
            result = write_composed(stream, rows, composer)
            origins = note and note.finish(files.join(ORIGINS_FOLDER, origins_name(name)))
        self._notes.flush()
        written = ListedFile(
            name,
            result.size,
            result.digest,
            result.rows,
            longest_row(shard.bin, options) if options.bin_size else None,
            result.statistics["examples"] if options.pack else None,
        )
        report = Report(result.statistics, files={path: result.digest}, shards=[written])
        if origins:
            report.files[beside], report.origins = origins.sha256, [origins]
        yield report

    def _noted(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield batch
            self._notes.add("written", batch.num_rows)


def _example_schema(job: ShardJob) -> pa.Schema:
    return job.example_schema


def build_graph(pipeline: Any, job: ShardJob, prepare: Callable[[Any], Prepared]) -> Any:
    """Adds the whole graph to a pipeline.

    Args:
        pipeline: Beam's.
        job: what the steps need to know.
        prepare: adds the first stage to the pipeline.

    Returns:
        The collection with the path of the report.
    """
    prepared = prepare(pipeline)
    plan, pools = pools_of(prepared, job, partial(check_documents, options=job.shard))
    building = beam.ParDo(BuildPool(job), plan=plan)
    built = pools | "Build" >> building.with_outputs("report", "blocks", main="spills")
    summing = SumUp(job.folder("examples"), "examples", (np.add, np.add))
    shard_plan = (
        built.spills
        | "SumUpExamples" >> beam.CombineGlobally(summing).without_defaults()
        | "PlanShards" >> beam.Map(partial(plan_of, job.shard))
    )
    blocks = built.blocks if job.shuffles else None
    schema, packet_bytes = partial(_example_schema, job), job.sizes.packet_bytes
    shards = delivered("Shards", shard_plan, blocks, schema, packet_bytes)
    writing = beam.ParDo(WriteShard(job), plan=beam.pvalue.AsSingleton(shard_plan))
    written = shards | "Write" >> writing
    return gather((prepared.report, built.report, written), job.work_dir)
