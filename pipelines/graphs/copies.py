"""The stage that finds copies: mend and sift each split, and compare hashes of what is left.

Drafts hold what rules and mending leave of each split. Hashes of documents and parts meet by
bucket, so that no step holds those of all; bands of signatures in the same way. Of each split it is
then known which documents and parts are copies; who reads it on leaves them out (see ``reading``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa

from bertprep.cleaning.clean import Sifter, record_batch, write_drafts
from bertprep.cleaning.clusters import BAND_SCHEMA, PAIR_SCHEMA, all_but_one, near_pairs
from bertprep.cleaning.copies import PART_SCHEMA, copies
from bertprep.common.digests import DigestingStream
from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.files import Split
from pipelines.folders import files
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.graphs.job import CleanJob
from pipelines.steps.checkpoint import remembered
from pipelines.steps.progress_notes import ProgressNotes
from pipelines.steps.report import Report
from pipelines.steps.spill import SpillIndex, write_spill
from pipelines.steps.stage import Stage, summed

ID_SCHEMA = pa.schema([("high", pa.uint64()), ("low", pa.uint64())])
_PARTS, _BANDS, _DROPS, _PAIRS, _NEAR = "parts", "bands", "copies", "pairs", "near"
# Of text whose hashes a step holds before it writes them.
_FLUSH_BYTES = 8 << 20

# What was found, as a side input: by these names the stages of copies, and of near copies.
Found = Sequence[tuple[str, Stage]]
COPIES, NEAR_COPIES = "copies", "near copies"


class SiftSplit(beam.DoFn):  # type: ignore[misc]
    """(number, split) -> SpillIndexes of its hashes and bands by bucket; writes its draft."""

    def __init__(self, job: CleanJob) -> None:
        self._job = job

    def setup(self) -> None:
        self._sifter = self._job.sifter()
        self._notes = ProgressNotes(self._job.folder("progress"))

    def process(self, element: tuple[int, Split]) -> Iterator[Any]:
        number, split = element
        outputs = remembered(self._job.work_dir, "sift", number, lambda: self._sift(number, split))
        for output in outputs:
            if isinstance(output, Report):
                yield beam.pvalue.TaggedOutput("report", output)
            else:
                kind = _BANDS if _is_in(output, _BANDS) else _PARTS
                yield beam.pvalue.TaggedOutput(kind, output)

    def _sift(self, number: int, split: Split) -> Iterator[Any]:
        sums: Counter[str] = Counter()
        with ExitStack() as stack:
            dropped = stack.enter_context(self._job.dropped("sifted", number))
            drops = Drops(dropped.writer)
            path = self._job.draft(number)
            output = DigestingStream(stack.enter_context(files.create_whole(path, durable=False)))
            writer = stack.enter_context(write_drafts(output))
            hashes = _Hashes(self._job, self._sifter, number)
            for batch in read_unchanged(split, self._job.read, drops):
                sums.update(sifted_documents=len(batch.starts), sifted_bytes=len(batch.text))
                if kept := self._sifter.sift(batch, drops):
                    writer.write_batch(record_batch(kept))
                    yield from hashes.add(kept)
                self._notes.add("bytes_sifted", len(batch.text))
            yield from hashes.flush()
        self._notes.flush()
        written = {path: output.hexdigest(), **dropped.written}
        yield Report(
            sums,
            drops.counts,
            drops.samples,
            written,
            dropped=list(dropped.written),
            drop_names=drops.names,
        )


class _Hashes:
    """Those of a split: written, by bucket, as soon as they are of so much text."""

    def __init__(self, job: CleanJob, sifter: Sifter, split: int) -> None:
        self._job, self._sifter, self._split = job, sifter, split
        self._tables: dict[str, list[pa.Table]] = {_PARTS: [], _BANDS: []}
        self._documents = self._size = self._flushes = 0

    def add(self, batch: DocumentBatch) -> Iterator[SpillIndex]:
        options = self._job.options
        if options.duplicates != "none":
            table = self._sifter.parts(batch, self._split, self._documents)
            self._tables[_PARTS].append(table)
        if options.near_duplicates is not None:
            self._tables[_BANDS].append(self._sifter.bands(batch))
        self._documents += len(batch.starts)
        self._size += len(batch.text)
        if self._size >= _FLUSH_BYTES:
            yield from self.flush()

    def flush(self) -> Iterator[SpillIndex]:
        order = (self._split, self._flushes)
        for name, by in ((_PARTS, "hash_high"), (_BANDS, "key")):
            if tables := self._tables[name]:
                rows = _in_buckets(pa.concat_tables(tables), by, self._job.buckets)
                yield write_spill(self._job.folder(name), order, self._job.buckets, rows)
                self._tables[name] = []
        self._flushes += 1
        self._size = 0


class FindCopies(beam.DoFn):  # type: ignore[misc]
    """Bucket of hashes -> SpillIndex of the copies among them, by split."""

    def __init__(self, job: CleanJob) -> None:
        self._job = job

    def process(self, bucket: int, stage: Stage) -> Iterator[Any]:
        make = partial(self._find, bucket, stage)
        yield from remembered(self._job.work_dir, "copies", bucket, make)

    def _find(self, bucket: int, stage: Stage) -> Iterator[SpillIndex]:
        table = table_of([stage], bucket, PART_SCHEMA)
        found = copies(table, self._job.options.repeated_lines)
        edges = np.searchsorted(found["split"].to_numpy(), np.arange(self._job.splits + 1))
        yield write_spill(self._job.folder(_DROPS), (bucket,), self._job.splits, _cut(found, edges))


class FindPairs(beam.DoFn):  # type: ignore[misc]
    """Bucket of bands -> SpillIndex of the pairs that are alike."""

    def __init__(self, job: CleanJob) -> None:
        self._job = job

    def process(self, bucket: int, stage: Stage) -> Iterator[Any]:
        make = partial(self._find, bucket, stage)
        yield from remembered(self._job.work_dir, "pairs", bucket, make)

    def _find(self, bucket: int, stage: Stage) -> Iterator[SpillIndex]:
        table = table_of([stage], bucket, BAND_SCHEMA)
        threshold = self._job.options.near_duplicates
        assert threshold is not None
        found = near_pairs(table, threshold)
        yield write_spill(self._job.folder(_PAIRS), (bucket,), 1, _cut(found, [0, len(found)]))


class JoinPairs(beam.DoFn):  # type: ignore[misc]
    """All pairs -> SpillIndex of the documents that are near copies of one that stays.

    One step sees all pairs, and nothing of any other document.
    """

    def __init__(self, job: CleanJob) -> None:
        self._job = job

    def process(self, stage: Stage) -> Iterator[Any]:
        yield from remembered(self._job.work_dir, "join", 0, partial(self._join, stage))

    def _join(self, stage: Stage) -> Iterator[SpillIndex]:
        pairs = table_of([stage], 0, PAIR_SCHEMA)
        ids = all_but_one(pairs)
        table = pa.table([ids[:, 0], ids[:, 1]], schema=ID_SCHEMA)
        yield write_spill(self._job.folder(_NEAR), (0,), 1, _cut(table, [0, len(table)]))


def table_of(stages: Iterable[Stage], bucket: int, schema: pa.Schema) -> pa.Table:
    """The records that stages left in a bucket.

    Args:
        stages: those of which there are such.
        bucket: its number.
        schema: of the records.
    """
    found = (batch for s in stages for batch in s.files.batches(bucket, bucket + 1, schema))
    return pa.Table.from_batches(found, schema)


def _in_buckets(table: pa.Table, by: str, buckets: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    """(bucket, its rows) by the high bits of a column of 64."""
    high = (table[by].to_numpy() >> np.uint64(32)).astype(np.uint64)
    bucket = (high * np.uint64(buckets) >> np.uint64(32)).astype(np.int64)
    order = np.argsort(bucket, kind="stable")
    edges = np.searchsorted(bucket[order], np.arange(buckets + 1))
    yield from _cut(table.take(pa.array(order)), edges)


def _cut(table: pa.Table, edges: Any) -> Iterator[tuple[int, pa.RecordBatch]]:
    for number in range(len(edges) - 1):
        start, end = int(edges[number]), int(edges[number + 1])
        if end > start:
            yield number, table.slice(start, end - start).combine_chunks().to_batches()[0]


def _is_in(index: SpillIndex, folder: str) -> bool:
    return index.path.rpartition("/")[2].startswith(f"{folder}-")


def find_copies(splits: Any, job: CleanJob) -> tuple[Any, Any]:
    """Adds the steps that write drafts and find the copies among them.

    Args:
        splits: a collection of (number, split).
        job: what to look for.

    Returns:
        The reports of the steps, and what was found (``Found``) as a side input.
    """
    sifting = beam.ParDo(SiftSplit(job)).with_outputs(_PARTS, _BANDS, "report")
    sifted = splits | "Sift" >> sifting
    parts = summed(sifted[_PARTS], job.folder(_PARTS), _PARTS)
    bands = summed(sifted[_BANDS], job.folder(_BANDS), _BANDS)
    finding = beam.ParDo(FindCopies(job), stage=beam.pvalue.AsSingleton(parts))
    pairing = beam.ParDo(FindPairs(job), stage=beam.pvalue.AsSingleton(bands))
    copied = summed(_buckets(parts, "Parts") | "FindCopies" >> finding, job.folder(_DROPS), _DROPS)
    pairs = summed(_buckets(bands, "Bands") | "FindPairs" >> pairing, job.folder(_PAIRS), _PAIRS)
    near = summed(pairs | "JoinPairs" >> beam.ParDo(JoinPairs(job)), job.folder(_NEAR), _NEAR)
    named = (
        copied | "NameCopies" >> beam.Map(partial(_named, COPIES)),
        near | "NameNear" >> beam.Map(partial(_named, NEAR_COPIES)),
    )
    return sifted.report, beam.pvalue.AsList(named | "Found" >> beam.Flatten())


def _named(name: str, stage: Stage) -> tuple[str, Stage]:
    return name, stage


def _buckets(stage: Any, name: str) -> Any:
    return stage | f"Plan{name}" >> beam.FlatMap(_numbers) | f"Spread{name}" >> beam.Reshuffle()


def _numbers(stage: Stage) -> Iterable[int]:
    return range(stage.buckets)
