"""The first stage of ``bertprep shard`` and all of ``bertprep prepare``: raw text to token ids.

It is done here (``prepare``), or ``bertprep prepare`` did it before (``load_prepared``); what it
gives is the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from itertools import chain
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
import pyarrow as pa

from bertprep.common.digests import digest_of
from bertprep.common.drops import REASONS, Drops
from bertprep.corpus.files import Split
from bertprep.corpus.holdout import Chooser, parse_identities
from bertprep.corpus.mixture import DOCUMENTS, TAKEN, Mixer
from bertprep.corpus.oddities import is_passed_by, oddities
from bertprep.corpus.read import DocumentBatch
from bertprep.corpus.repeats import RepeatCounter
from bertprep.corpus.shared_texts import Smallest, add_hashes, hashes_of
from bertprep.corpus.splits import Splits
from bertprep.errors import InputError
from bertprep.options import PrepareOptions, ReadOptions
from bertprep.shards.manifest_types import ListedFile
from bertprep.shards.write import DigestingStream
from bertprep.text.prepare import Prepared as PreparedBatch
from bertprep.text.prepare import Preparer
from bertprep.text.prepared import bucketed, merged, prepared_schema
from bertprep.text.range_counts import RANGES, Tally, count_copies
from bertprep.text.segment import Segmenter
from bertprep.text.sentence_lengths import count_lengths
from bertprep.text.tokenize import BatchTokenizer
from bertprep.text.unknown_words import UnknownWords, marks_among
from bertprep.text.words import Words
from bertprep.vocabulary.settings import PLAIN, Settings
from bertprep.vocabulary.vocabulary import Vocabulary, vocabulary_file
from bertprep.vocabulary.whole import parse_stored
from pipelines.folders import files
from pipelines.folders.finished import listed
from pipelines.folders.workspace import EXCLUDED_NAME, INDEX_NAME
from pipelines.graphs.copies import CleanJob, Found
from pipelines.graphs.mixture import before_reading
from pipelines.graphs.pools import Pool, PoolPlan, bucket_count, plan_pools
from pipelines.graphs.reading import Reading
from pipelines.steps.checkpoint import remembered
from pipelines.steps.dropped import DroppedFile
from pipelines.steps.exchange import (
    Exchange,
    FileExchange,
    ShuffleExchange,
    counted,
    delivered,
)
from pipelines.steps.notes import ProgressNotes
from pipelines.steps.packets import Packet
from pipelines.steps.places import PlacesFile, copy_table, noted, table_name
from pipelines.steps.report import Report, beside, gather, keyed
from pipelines.steps.sizes import RUN_SIZES, RunSizes
from pipelines.steps.spill import SpillIndex, read_index, write_index, write_spill
from pipelines.steps.splits import spread_splits

PREPARED_STEM = "prepared"


@lru_cache(maxsize=1)
def _parsed(data: bytes, lowercase: bool, settings: Settings, path: str) -> Vocabulary:
    """The vocabulary, which all steps of a process share."""
    return parse_stored(data, lowercase=lowercase, settings=settings, path=path)


@dataclass(frozen=True)
class Job:
    """The job as a worker needs it at any stage; its vocabulary is a file in the work folder.

    ``shuffles`` says whether rows pass through Beam's shuffle, or through files.
    """

    lowercase: bool
    work_dir: str
    settings: Settings = field(default=PLAIN, kw_only=True)
    shuffles: bool = field(default=False, kw_only=True)
    sizes: RunSizes = field(default=RUN_SIZES, kw_only=True)

    @cached_property
    def exchange(self) -> Exchange:
        """How rows pass from this stage to the next."""
        if self.shuffles:
            return ShuffleExchange(self.work_dir, self.sizes.packet_bytes)
        return FileExchange(self.work_dir)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        path = self.folder(vocabulary_file(self.settings))
        return _parsed(files.read_bytes(path), self.lowercase, self.settings, path)

    def folder(self, name: str) -> str:
        return files.join(self.work_dir, name)


@dataclass(frozen=True)
class PrepareJob(Job):
    """All that a worker needs to know to prepare.

    ``places`` is what the names of the tables of the documents' places begin with, from the work
    folder; "" for none.
    """

    read: ReadOptions
    options: PrepareOptions
    buckets: int
    ranges: int = RANGES
    write_drops: bool = False
    places: str = ""
    clean: CleanJob | None = None

    @cached_property
    def excluded(self) -> frozenset[str]:
        """The identities of the documents to leave out."""
        if not self.read.excluded:
            return frozenset()
        path = self.folder(EXCLUDED_NAME)
        return parse_identities(files.read_bytes(path).decode("utf-8"), path)

    @property
    def prepared_folder(self) -> str:
        return self.folder(PREPARED_STEM)

    def places_path(self, number: int) -> str:
        """That of the table of a split; "" for none."""
        return self.folder(table_name(self.places, number)) if self.places else ""


class Prepared(NamedTuple):
    """The collections that the stage gives.

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


class PrepareSplit(beam.DoFn):  # type: ignore[misc]
    """(number, split) -> SpillIndex of its documents, tokenized, by bucket; reports its counts."""

    def __init__(self, job: PrepareJob) -> None:
        self._job = job

    def setup(self) -> None:
        vocabulary, segmenter = self._job.vocabulary, self._job.options.word_segmenter
        self._tokenizer = BatchTokenizer(vocabulary)
        self._preparer = Preparer(
            Segmenter(self._job.read.sentences, self._job.read.language),
            self._tokenizer,
            len(vocabulary),
            vocabulary.unk_id,
            self._job.options.seed,
            None if segmenter == "none" else Words(segmenter),
        )
        self._reading = Reading(self._job.read, self._job.clean, self._job.sizes.read)
        self._chooser = Chooser(self._job.read, self._job.excluded)
        self._schema = prepared_schema(len(vocabulary))
        self._notes = ProgressNotes(self._job.folder("progress"))

    def finish_bundle(self) -> None:
        # Beam keeps this object; what the tokenizer remembers is room for the stages to come.
        self._tokenizer.forget()

    def process(
        self,
        element: tuple[int, Split],
        passes: Mapping[str, float] | None = None,
        found: Found = (),
    ) -> Iterator[Any]:
        number, split = element
        mixer = Mixer(passes, self._job.options.seed) if passes else None
        make = partial(self._prepare, number, split, mixer, found)
        yield from beside(self._job.exchange.outputs("prepare", number, make))

    def _prepare(
        self, number: int, split: Split, mixer: Mixer | None, found: Found
    ) -> Iterator[Any]:
        path = files.join(self._job.folder("dropped"), f"{number:06}.jsonl")
        with (
            DroppedFile(path, self._job.write_drops) as dropped,
            PlacesFile(self._job.places_path(number)) as places,
        ):
            drops = Drops(dropped.writer)
            batches = self._chosen(number, split, found, drops)
            report = yield from self._read(number, noted(batches, places), mixer, drops)
        report = replace(report, files=dict(dropped.written), dropped=list(dropped.written))
        places.tell(report)
        yield report

    def _chosen(
        self, number: int, split: Split, found: Found, drops: Drops
    ) -> Iterator[DocumentBatch]:
        """The documents of a split that the run takes."""
        for read in self._reading.batches(number, split, drops, found):
            self._notes.add("bytes_read", len(read.text))
            if (chosen := self._chooser(read, drops)) is not None:
                yield chosen

    def _read(
        self, number: int, batches: Iterable[DocumentBatch], mixer: Mixer | None, drops: Drops
    ) -> Generator[Any, None, Report]:
        """Sends the documents of a split on; what there was to count of them."""
        sums: Counter[str] = Counter()
        repeats = RepeatCounter()
        texts: Smallest = {}
        unknown = UnknownWords()
        waiting: list[Any] = []
        flushes = tokens = 0
        for place, chosen in enumerate(batches):
            repeats.add(chosen)
            add_hashes(texts, hashes_of(chosen))
            sums.update(oddities(chosen, is_passed_by(self._job.read, number, place)))
            for again, batch in enumerate(mixer(chosen) if mixer else [chosen]):
                prepared = self._preparer(batch, Drops() if again else drops)
                waiting.append(prepared.documents)
                tokens += prepared.tokens
                sums.update(_counted(batch, prepared))
                unknown.add(prepared.unknown_words)
                if tokens >= self._job.sizes.spilled_tokens:
                    yield from self._send((number, flushes), waiting)
                    waiting, tokens, flushes = [], 0, flushes + 1
        if waiting:
            yield from self._send((number, flushes), waiting)
        self._notes.flush()
        report = Report(sums, drops.counts, drops.samples)
        report.repeats = repeats.repeats()
        report.unknown_words = unknown.most_frequent()
        report.drop_names = drops.names
        report.texts = texts
        return report

    def _send(self, order: tuple[int, int], batches: list[Any]) -> Iterator[Any]:
        documents = merged(batches, self._schema)
        counts = np.array(Tally.of(documents, self._job.ranges))
        rows = bucketed(documents, self._job.buckets)
        yield from counted(
            self._job.exchange.send("documents", order, self._job.buckets, rows), lambda: counts
        )


def _counted(batch: DocumentBatch, prepared: PreparedBatch) -> Counter[str]:
    """The counts of a batch."""
    documents, tokens = prepared.documents.num_rows, prepared.tokens
    sums = Counter(
        documents=documents,
        sentences=prepared.sentences,
        tokens=tokens,
        unknown_tokens=prepared.unknown,
        unknown_marks=marks_among(prepared.unknown_words),
        text_bytes=int((batch.ends - batch.starts).sum()),
    )
    if batch.input:
        sums.update({DOCUMENTS + batch.input: documents, TAKEN + batch.input: tokens})
    sums.update(prepared.lines + prepared.words + prepared.languages)
    sums.update(count_lengths(prepared.documents))
    return sums


class TokenSizes:
    """Tells how many tokens the documents of batches have that a run takes."""

    def __init__(self, job: PrepareJob) -> None:
        self._tokenizer = BatchTokenizer(job.vocabulary)
        self._chooser = Chooser(job.read, job.excluded)

    def __call__(self, read: DocumentBatch) -> int:
        batch = self._chooser(read, Drops())
        if batch is None:
            return 0
        nothing = np.zeros(0, np.int64)  # of what words go on, their number does not depend
        ends = batch.starts, batch.ends
        return len(self._tokenizer(batch.text, *ends, nothing, marked=batch.marks_unknown).ids)


class MergePool(beam.DoFn):  # type: ignore[misc]
    """(step, packets) -> SpillIndex of its pool's documents, for ``bertprep prepare`` to keep.

    Reports it.  The first step of a pool does that for all of them.
    """

    def __init__(self, job: PrepareJob) -> None:
        self._job = job

    def setup(self) -> None:
        self._notes = ProgressNotes(self._job.folder("progress"))

    def process(self, element: tuple[int, Iterable[Packet]], plan: PoolPlan) -> Iterator[Any]:
        pool = plan.pool(element[0])
        if pool.first_step == element[0]:
            make = partial(self._merge, pool, plan, element[1])
            yield from beside(remembered(self._job.work_dir, "merge", pool.number, make))

    def _merge(self, pool: Pool, plan: PoolPlan, packets: Iterable[Packet]) -> Iterator[Any]:
        documents = plan.documents(pool, packets, prepared_schema(len(self._job.vocabulary)))
        buckets, sha256 = bucket_count(pool.corpus_tokens, self._job.sizes), hashlib.sha256()
        rows = bucketed(documents, buckets)
        index = write_spill(self._job.prepared_folder, (pool.number,), buckets, rows, sha256)
        tally = Tally.of(documents, self._job.ranges)
        yield replace(index, counts=np.array(tally))
        self._notes.add("merged", int(tally.tokens.sum()))
        entry = listed(index.path, index.size, sha256.hexdigest())
        yield Report(prepared=[entry], copies=count_copies(documents))


class WriteIndex(beam.DoFn):  # type: ignore[misc]
    """All SpillIndexes -> a file of them, beside theirs; reports it."""

    def __init__(self, job: PrepareJob) -> None:
        self._job = job

    def process(self, element: tuple[None, Iterable[SpillIndex]]) -> Iterator[Any]:
        yield from remembered(self._job.work_dir, "index", 0, lambda: self._write(element[1]))

    def _write(self, indexes: Iterable[SpillIndex]) -> Iterator[Report]:
        path = files.join(self._job.prepared_folder, INDEX_NAME)
        with files.create_whole(path) as stream:
            output = DigestingStream(stream)
            write_index(output, indexes)
        entry = listed(path, output.size, output.hexdigest())
        yield Report(files={path: entry.sha256}, prepared=[entry])


class LoadPrepared(beam.DoFn):  # type: ignore[misc]
    """Folder of a corpus prepared before -> its SpillIndexes; reports what its manifest says.

    Args:
        index_digest: SHA-256 of the index.
        report: what the manifest says.
        tables: those of the documents' places to copy.
        copies: the folder that the copies go to.
    """

    def __init__(
        self, index_digest: str, report: Report, tables: Sequence[ListedFile], copies: str
    ) -> None:
        self._digest = index_digest
        self._report = report
        self._tables, self._copies = tables, copies

    def process(self, folder: str) -> Iterator[Any]:
        path = files.join(folder, INDEX_NAME)
        data = files.read_bytes(path)
        if digest_of(data) != self._digest:
            raise InputError(
                f"{path} is damaged: it has another SHA-256 than its manifest says; restore it "
                "from a copy, or prepare the inputs anew"
            )
        copied = (copy_table(folder, table, self._copies) for table in self._tables)
        yield from beside(chain(read_index(data, folder, PREPARED_STEM), [self._report], copied))


def check_text(documents: int, drops: Mapping[str, int]) -> None:
    """Raises InputError where there is no document."""
    if documents == 0:
        left_out = [f"{count:,} {REASONS[reason]}" for reason, count in drops.items()]
        why = f"left out: {', '.join(left_out)}" if left_out else "every document is empty"
        raise InputError(f"the inputs hold no text at all; {why}")


def prepare(pipeline: Any, job: PrepareJob, splits: Splits) -> Prepared:
    """Adds the steps that read the files."""
    spread = spread_splits(pipeline, splits, job.work_dir)
    reports, sides = before_reading(
        spread, job.work_dir, job.read, job.clean, partial(TokenSizes, job)
    )
    preparing = beam.ParDo(PrepareSplit(job), **sides).with_outputs(
        "report", "blocks", main="spills"
    )
    prepared = spread | "Prepare" >> preparing
    reports = (*reports, prepared.report) | "ReportsBeforePools" >> beam.Flatten()
    blocks = prepared.blocks if job.shuffles else None
    folder = job.folder("documents")
    return Prepared(prepared.spills, reports, blocks, folder, "documents")


def load_prepared(
    pipeline: Any,
    folder: str,
    index_digest: str,
    report: Report,
    tables: Sequence[ListedFile] = (),
    copies: str = "",
) -> Prepared:
    """Adds the step that takes what an earlier run prepared instead; see ``LoadPrepared``."""
    loaded = (
        pipeline
        | "Folder" >> beam.Create([folder])
        | "Load"
        >> beam.ParDo(LoadPrepared(index_digest, report, tables, copies)).with_outputs(
            "report", main="spills"
        )
    )
    return Prepared(loaded.spills, loaded.report, None, folder, PREPARED_STEM)


def pools_of(
    prepared: Prepared, job: Job, check: Callable[[int], None] | None = None
) -> tuple[Any, Any]:
    """Adds the steps that plan pools, and bring the documents of each to one place, to a graph.

    Returns:
        The plan as a side input, and a collection of (step, its packets).
    """
    plan = plan_pools(prepared.spills, prepared.folder, prepared.stem, job.sizes, check)
    schema = partial(_schema, job)
    return beam.pvalue.AsSingleton(plan), delivered(
        "Pools", plan, prepared.blocks, schema, job.sizes.packet_bytes
    )


def _schema(job: Job) -> pa.Schema:
    return prepared_schema(len(job.vocabulary))


def build_graph(pipeline: Any, job: PrepareJob, splits: Splits) -> Any:
    """Adds the whole graph of ``bertprep prepare``: the stage, files of pools, their index.

    Returns:
        The collection with the path of the report.
    """
    result = prepare(pipeline, job, splits)
    plan, pools = pools_of(result, job)
    merging = beam.ParDo(MergePool(job), plan=plan)
    merged_pools = pools | "Merge" >> merging.with_outputs("report", main="spills")
    index = (
        merged_pools.spills
        | "KeyMerged" >> beam.Map(keyed)
        | "AllMerged" >> beam.GroupByKey()
        | "WriteIndex" >> beam.ParDo(WriteIndex(job))
    )
    return gather((result.report, merged_pools.report, index), job.work_dir)
