"""The graph behind ``bertprep clean``: mend and sift each split, find copies, leave them out.

Drafts hold what rules and mending leave of each split. Hashes of documents and parts meet by
bucket, so that no step holds those of all; bands of signatures in the same way. Of each split it is
then known which documents and parts are copies, and it is written without them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.cleaning.clusters import (
    BAND_SCHEMA,
    PAIR_SCHEMA,
    all_but_one,
    is_among,
    near_pairs,
)
from bertprep.cleaning.copies import DROP_SCHEMA, PART_SCHEMA, WHOLE, copies
from bertprep.cleaning.drafts import Draft, Sifter
from bertprep.cleaning.parts import Parts
from bertprep.common.digests import digest_of
from bertprep.common.drops import Drops
from bertprep.corpus.files import Split
from bertprep.corpus.read import DocumentBatch
from bertprep.options import CleanOptions, ReadOptions
from bertprep.shards.manifest_types import ListedFile
from pipelines.folders import files
from pipelines.folders.inputs import read_unchanged
from pipelines.steps.checkpoint import remembered
from pipelines.steps.dropped import write_dropped
from pipelines.steps.notes import ProgressNotes
from pipelines.steps.report import Report, gather
from pipelines.steps.spill import SpillIndex, write_spill
from pipelines.steps.stage import Stage, SumUp

_ID_SCHEMA = pa.schema([("high", pa.uint64()), ("low", pa.uint64())])
_PARTS, _BANDS, _DROPS, _PAIRS, _NEAR = "parts", "bands", "copies", "pairs", "near"


@dataclass(frozen=True)
class CleanJob:
    """All that a worker needs to know.

    Attributes:
        texts: that no document may share words with.
        buckets: sets of hashes that are looked at together.
        splits: how many there are.
    """

    read: ReadOptions
    options: CleanOptions
    texts: tuple[str, ...]
    work_dir: str
    buckets: int
    splits: int
    write_drops: bool = False

    def folder(self, name: str) -> str:
        return files.join(self.work_dir, name)

    def draft(self, number: int) -> str:
        return files.join(self.folder("drafts"), f"{number:06}.jsonl")

    def dropped(self, step: str, number: int) -> str:
        return files.join(self.folder("dropped"), f"{step}-{number:06}.jsonl")

    def text_name(self, number: int) -> str:
        return f"text-{number:05}-of-{self.splits:05}.jsonl"


class SiftSplit(beam.DoFn):  # type: ignore[misc]
    """(number, split) -> SpillIndexes of its hashes and bands by bucket; writes its draft."""

    def __init__(self, job: CleanJob) -> None:
        self._job = job

    def setup(self) -> None:
        self._sifter = Sifter(self._job.options, self._job.texts)
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
        dropped: list[dict[str, object]] = []
        drops = Drops(dropped.append if self._job.write_drops else None)
        sums: Counter[str] = Counter()
        drafts: list[Draft] = []
        for batch in read_unchanged(split, self._job.read, drops):
            sums.update(documents=len(batch.starts), text_bytes=len(batch.text))
            drafts += self._sifter.drafts(_documents(batch), batch.name, drops)
            self._notes.add("bytes_read", len(batch.text))
        self._notes.flush()
        path = self._job.draft(number)
        data = b"".join(draft.line() for draft in drafts)
        files.write_bytes(path, data)
        written = {path: digest_of(data)}
        noted = write_dropped(self._job.dropped("sifted", number), dropped)
        yield Report(sums, drops.counts, drops.samples, written | noted, dropped=list(noted))
        if self._job.options.duplicates != "none" and drafts:
            table = self._sifter.parts(drafts, number)
            yield self._spill(_PARTS, number, table, "hash_high")
        if self._job.options.near_duplicates is not None and drafts:
            yield self._spill(_BANDS, number, self._sifter.bands(drafts), "key")

    def _spill(self, name: str, number: int, table: pa.Table, by: str) -> SpillIndex:
        return write_spill(
            self._job.folder(name),
            (number,),
            self._job.buckets,
            _in_buckets(table, by, self._job.buckets),
        )


class FindCopies(beam.DoFn):  # type: ignore[misc]
    """Bucket of hashes -> SpillIndex of the copies among them, by split."""

    def __init__(self, job: CleanJob) -> None:
        self._job = job

    def process(self, bucket: int, stage: Stage) -> Iterator[Any]:
        make = partial(self._find, bucket, stage)
        yield from remembered(self._job.work_dir, "copies", bucket, make)

    def _find(self, bucket: int, stage: Stage) -> Iterator[SpillIndex]:
        table = _table([stage], bucket, PART_SCHEMA)
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
        table = _table([stage], bucket, BAND_SCHEMA)
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
        pairs = _table([stage], 0, PAIR_SCHEMA)
        ids = all_but_one(pairs)
        table = pa.table([ids[:, 0], ids[:, 1]], schema=_ID_SCHEMA)
        yield write_spill(self._job.folder(_NEAR), (0,), 1, _cut(table, [0, len(table)]))


class WriteSplit(beam.DoFn):  # type: ignore[misc]
    """Number of a split -> report of its texts without its copies, and without near copies.

    The stages that found these are one each, or none where nobody looked.
    """

    def __init__(self, job: CleanJob) -> None:
        self._job = job

    def process(self, number: int, found: Sequence[Stage], near: Sequence[Stage]) -> Iterator[Any]:
        make = partial(self._write, number, found, near)
        yield from remembered(self._job.work_dir, "write", number, make)

    def _write(
        self, number: int, found: Sequence[Stage], near: Sequence[Stage]
    ) -> Iterator[Report]:
        dropped: list[dict[str, object]] = []
        drops = Drops(dropped.append if self._job.write_drops else None)
        drafts = [
            Draft.of_line(line) for line in files.read_bytes(self._job.draft(number)).splitlines()
        ]
        table = _table(found, number, DROP_SCHEMA)
        kept = list(self._kept(drafts, table, _near_ids(near), drops))
        written, listed = {}, []
        if kept:
            name = self._job.text_name(number)
            path = files.join(self._job.folder("texts"), name)
            data = b"".join(draft.line() for draft in kept)
            files.write_bytes(path, data)
            written[path] = digest_of(data)
            listed.append(ListedFile(name, len(data), written[path]))
        noted = write_dropped(self._job.dropped("copied", number), dropped)
        sums = Counter(
            kept_documents=len(kept), kept_bytes=sum(len(draft.text.encode()) for draft in kept)
        )
        report = Report(sums, drops.counts, drops.samples, written | noted, dropped=list(noted))
        report.prepared = listed
        yield report

    def _kept(
        self, drafts: Sequence[Draft], table: pa.Table, near: NDArray[np.uint64], drops: Drops
    ) -> Iterator[Draft]:
        """The drafts without what is elsewhere."""
        left_out: dict[int, set[int]] = {}
        numbers = (table[name].to_pylist() for name in ("document", "part"))
        for document, part in zip(*numbers, strict=True):
            left_out.setdefault(document, set()).add(part)
        is_near = is_among(_ids(drafts), near)
        unit = self._job.options.duplicates
        for number, draft in enumerate(drafts):
            parts = left_out.get(number, set())
            if WHOLE in parts or is_near[number]:
                reason = "copy" if WHOLE in parts else "near_copy"
                drops.add(reason, draft.file, draft.offset, draft.text)
            elif not parts:
                yield draft
            else:
                assert unit in ("paragraphs", "lines")
                found = Parts.of(draft.text, unit)
                for part in sorted(parts):
                    drops.add("repeated_part", draft.file, draft.offset, found.texts[part])
                if text := found.without(parts):
                    yield replace(draft, text=text)


def _ids(drafts: Sequence[Draft]) -> NDArray[np.uint64]:
    return np.array([draft.id for draft in drafts], np.uint64).reshape(-1, 2)


def _table(stages: Iterable[Stage], bucket: int, schema: pa.Schema) -> pa.Table:
    """What stages left in a bucket."""
    found = (batch for s in stages for batch in s.files.batches(bucket, bucket + 1, schema))
    return pa.Table.from_batches(found, schema)


def _near_ids(stages: Iterable[Stage]) -> NDArray[np.uint64]:
    table = _table(stages, 0, _ID_SCHEMA)
    return np.stack([table["high"].to_numpy(), table["low"].to_numpy()], axis=1)


def _documents(batch: DocumentBatch) -> Iterator[tuple[int, str]]:
    """(offset, text) of the documents of a batch."""
    places = (batch.offsets.tolist(), batch.starts.tolist(), batch.ends.tolist())
    for offset, start, end in zip(*places, strict=True):
        yield offset, batch.text[start:end].decode("utf-8", "replace")


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


def build_graph(pipeline: Any, job: CleanJob, splits: list[Split]) -> Any:
    """Adds the whole graph to a pipeline; gives the collection with the path of its report."""
    sifted = (
        pipeline
        | "Splits" >> beam.Create(list(enumerate(splits)), reshuffle=False)
        | "SpreadSplits" >> beam.Reshuffle()
        | "Sift" >> beam.ParDo(SiftSplit(job)).with_outputs(_PARTS, _BANDS, "report")
    )
    parts = _summed(sifted[_PARTS], job, _PARTS)
    bands = _summed(sifted[_BANDS], job, _BANDS)
    finding = beam.ParDo(FindCopies(job), stage=beam.pvalue.AsSingleton(parts))
    pairing = beam.ParDo(FindPairs(job), stage=beam.pvalue.AsSingleton(bands))
    found = _buckets(parts, "Parts") | "FindCopies" >> finding
    pairs = _summed(_buckets(bands, "Bands") | "FindPairs" >> pairing, job, _PAIRS)
    near = _summed(pairs | "JoinPairs" >> beam.ParDo(JoinPairs(job)), job, _NEAR)
    writing = beam.ParDo(
        WriteSplit(job),
        found=beam.pvalue.AsList(_summed(found, job, _DROPS)),
        near=beam.pvalue.AsList(near),
    )
    written = (
        pipeline
        | "Numbers" >> beam.Create(range(job.splits), reshuffle=False)
        | "SpreadNumbers" >> beam.Reshuffle()
        | "Write" >> writing
    )
    return gather((sifted.report, written), job.work_dir)


def _summed(spills: Any, job: CleanJob, name: str) -> Any:
    summing = SumUp(job.folder(name), name, ())
    return spills | f"SumUp-{name}" >> beam.CombineGlobally(summing).without_defaults()


def _buckets(stage: Any, name: str) -> Any:
    return stage | f"Plan{name}" >> beam.FlatMap(_numbers) | f"Spread{name}" >> beam.Reshuffle()


def _numbers(stage: Stage) -> Iterable[int]:
    return range(stage.buckets)
