"""The graph behind ``bertprep clean``: mend and sift each split, find copies, leave them out.

Drafts hold what rules and mending leave of each split. Hashes of documents and parts meet by
bucket, so that no step holds those of all; bands of signatures in the same way. Of each split it is
then known which documents and parts are copies, and it is written without them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from pipelines.steps.notes import ProgressNotes
from pipelines.steps.report import Report, gather, keyed
from pipelines.steps.spill import Segment, SpillIndex, read_segments, segments, write_spill

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
        noted = _write_drops(self._job, "sifted", number, dropped)
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
    """(bucket, places of hashes) -> SpillIndex of the copies among them, by split."""

    def __init__(self, job: CleanJob) -> None:
        self._job = job

    def process(self, element: tuple[int, list[Segment]]) -> Iterator[Any]:
        bucket, places = element
        yield from remembered(
            self._job.work_dir, "copies", bucket, lambda: self._find(bucket, places)
        )

    def _find(self, bucket: int, places: list[Segment]) -> Iterator[SpillIndex]:
        table = pa.Table.from_batches(read_segments(places, PART_SCHEMA), PART_SCHEMA)
        found = copies(table, self._job.options.repeated_lines)
        edges = np.searchsorted(found["split"].to_numpy(), np.arange(self._job.splits + 1))
        yield write_spill(self._job.folder(_DROPS), (bucket,), self._job.splits, _cut(found, edges))


class FindPairs(beam.DoFn):  # type: ignore[misc]
    """(bucket, places of bands) -> SpillIndex of the pairs that are alike."""

    def __init__(self, job: CleanJob) -> None:
        self._job = job

    def process(self, element: tuple[int, list[Segment]]) -> Iterator[Any]:
        bucket, places = element
        yield from remembered(
            self._job.work_dir, "pairs", bucket, lambda: self._find(bucket, places)
        )

    def _find(self, bucket: int, places: list[Segment]) -> Iterator[SpillIndex]:
        table = pa.Table.from_batches(read_segments(places, BAND_SCHEMA), BAND_SCHEMA)
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

    def process(self, element: tuple[None, Iterable[SpillIndex]]) -> Iterator[Any]:
        places = segments(element[1], 0, 1)[0]
        yield from remembered(self._job.work_dir, "join", 0, lambda: self._join(places))

    def _join(self, places: list[Segment]) -> Iterator[SpillIndex]:
        pairs = pa.Table.from_batches(read_segments(places, PAIR_SCHEMA), PAIR_SCHEMA)
        ids = all_but_one(pairs)
        table = pa.table([ids[:, 0], ids[:, 1]], schema=_ID_SCHEMA)
        yield write_spill(self._job.folder(_NEAR), (0,), 1, _cut(table, [0, len(table)]))


class PlanBuckets(beam.DoFn):  # type: ignore[misc]
    """All SpillIndexes -> (bucket, the places of what is in it)."""

    def __init__(self, buckets: int) -> None:
        self._buckets = buckets

    def process(
        self, element: tuple[None, Iterable[SpillIndex]]
    ) -> Iterator[tuple[int, list[Segment]]]:
        found = enumerate(segments(element[1], 0, self._buckets))
        yield from ((bucket, places) for bucket, places in found if places)


class PlanSplits(beam.DoFn):  # type: ignore[misc]
    """All that was found -> for each split, the places of its copies and of all near copies."""

    def __init__(self, splits: int) -> None:
        self._splits = splits

    def process(
        self, element: tuple[None, dict[str, Iterable[SpillIndex]]]
    ) -> Iterator[tuple[int, list[Segment], list[Segment]]]:
        found = element[1]
        near = segments(found[_NEAR], 0, 1)[0]
        for number, places in enumerate(segments(found[_DROPS], 0, self._splits)):
            yield number, places, near


class WriteSplit(beam.DoFn):  # type: ignore[misc]
    """(number, places of copies, places of near copies) -> report of the split's texts."""

    def __init__(self, job: CleanJob) -> None:
        self._job = job

    def process(self, element: tuple[int, list[Segment], list[Segment]]) -> Iterator[Any]:
        number, places, near = element
        yield from remembered(
            self._job.work_dir, "write", number, lambda: self._write(number, places, near)
        )

    def _write(self, number: int, places: list[Segment], near: list[Segment]) -> Iterator[Report]:
        dropped: list[dict[str, object]] = []
        drops = Drops(dropped.append if self._job.write_drops else None)
        drafts = [
            Draft.of_line(line) for line in files.read_bytes(self._job.draft(number)).splitlines()
        ]
        kept = list(self._kept(drafts, places, near, drops))
        written, listed = {}, []
        if kept:
            name = self._job.text_name(number)
            path = files.join(self._job.folder("texts"), name)
            data = b"".join(draft.line() for draft in kept)
            files.write_bytes(path, data)
            written[path] = digest_of(data)
            listed.append(ListedFile(name, len(data), written[path]))
        noted = _write_drops(self._job, "copied", number, dropped)
        sums = Counter(
            kept_documents=len(kept), kept_bytes=sum(len(draft.text.encode()) for draft in kept)
        )
        report = Report(sums, drops.counts, drops.samples, written | noted, dropped=list(noted))
        report.prepared = listed
        yield report

    def _kept(
        self, drafts: Sequence[Draft], places: list[Segment], near: list[Segment], drops: Drops
    ) -> Iterator[Draft]:
        """The drafts without what is elsewhere."""
        table = pa.Table.from_batches(read_segments(places, DROP_SCHEMA), DROP_SCHEMA)
        left_out: dict[int, set[int]] = {}
        numbers = (table[name].to_pylist() for name in ("document", "part"))
        for document, part in zip(*numbers, strict=True):
            left_out.setdefault(document, set()).add(part)
        is_near = is_among(_ids(drafts), _near_ids(near))
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


def _near_ids(places: list[Segment]) -> NDArray[np.uint64]:
    table = pa.Table.from_batches(read_segments(places, _ID_SCHEMA), _ID_SCHEMA)
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


def _write_drops(
    job: CleanJob, step: str, number: int, dropped: list[dict[str, object]]
) -> dict[str, str]:
    """The file of what was left out, if there is any, and its digest."""
    if not dropped:
        return {}
    path = files.join(job.folder("dropped"), f"{step}-{number:06}.jsonl")
    data = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in dropped).encode()
    files.write_bytes(path, data)
    return {path: digest_of(data)}


def _is_in(index: SpillIndex, folder: str) -> bool:
    return index.path.rpartition("/")[2].startswith(f"{folder}-")


def build_graph(pipeline: Any, job: CleanJob, splits: list[Split]) -> None:
    """Adds the whole graph to a pipeline."""
    sifted = (
        pipeline
        | "Splits" >> beam.Create(list(enumerate(splits)), reshuffle=False)
        | "SpreadSplits" >> beam.Reshuffle()
        | "Sift" >> beam.ParDo(SiftSplit(job)).with_outputs(_PARTS, _BANDS, "report")
    )
    found = _by_bucket(sifted[_PARTS], "Parts", job.buckets) | "FindCopies" >> beam.ParDo(
        FindCopies(job)
    )
    pairs = _by_bucket(sifted[_BANDS], "Bands", job.buckets) | "FindPairs" >> beam.ParDo(
        FindPairs(job)
    )
    near = (
        pairs
        | "KeyPairs" >> beam.Map(keyed)
        | "AllPairs" >> beam.GroupByKey()
        | "JoinPairs" >> beam.ParDo(JoinPairs(job))
    )
    start = pipeline | "Start" >> beam.Create([(None, None)], reshuffle=False)
    written = (
        {
            "start": start,
            _DROPS: found | "KeyCopies" >> beam.Map(keyed),
            _NEAR: near | "KeyNear" >> beam.Map(keyed),
        }
        | "AllFound" >> beam.CoGroupByKey()
        | "PlanSplits" >> beam.ParDo(PlanSplits(job.splits))
        | "SpreadFound" >> beam.Reshuffle()
        | "Write" >> beam.ParDo(WriteSplit(job))
    )
    gather((sifted.report, written), job.work_dir)


def _by_bucket(indexes: Any, name: str, buckets: int) -> Any:
    return (
        indexes
        | f"Key{name}" >> beam.Map(keyed)
        | f"All{name}" >> beam.GroupByKey()
        | f"Plan{name}" >> beam.ParDo(PlanBuckets(buckets))
        | f"Spread{name}" >> beam.Reshuffle()
    )
