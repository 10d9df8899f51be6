"""The graph behind ``bertprep vocab``: count words by split, merge them by partition, learn."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bertprep.common.drops import Drops
from bertprep.corpus.files import Split
from bertprep.corpus.oddities import oddities
from bertprep.learning.count import (
    MAX_WORDS,
    WORD_SCHEMA,
    WordCounter,
    merged_words,
    partitioned,
    total_words,
)
from bertprep.options import ReadOptions
from pipelines.folders import files
from pipelines.folders.inputs import read_unchanged
from pipelines.steps.checkpoint import remembered
from pipelines.steps.notes import ProgressNotes
from pipelines.steps.report import Report, beside, gather, keyed
from pipelines.steps.spill import Segment, SpillIndex, read_segments, segments, write_spill

PARTITIONS = 64
LOSING = "losing_marks_"


@dataclass(frozen=True)
class VocabJob:
    """All that a worker needs to know."""

    read: ReadOptions
    lowercase: bool
    work_dir: str
    keep_accents: bool = False

    def folder(self, name: str) -> str:
        return files.join(self.work_dir, name)


class CountSplit(beam.DoFn):  # type: ignore[misc]
    """(number, split) -> SpillIndex of its words by partition; reports what it counted."""

    def __init__(self, job: VocabJob) -> None:
        self._job = job

    def setup(self) -> None:
        self._notes = ProgressNotes(self._job.folder("progress"))

    def process(self, element: tuple[int, Split]) -> Iterator[Any]:
        number, split = element
        work_dir = self._job.work_dir
        yield from beside(remembered(work_dir, "count", number, lambda: self._count(number, split)))

    def _count(self, number: int, split: Split) -> Iterator[Any]:
        drops = Drops()
        counter = WordCounter(self._job.lowercase, False if self._job.keep_accents else None)
        sums: Counter[str] = Counter()
        for batch in read_unchanged(split, self._job.read, drops):
            counter.add(batch)
            sums.update(oddities(batch, self._job.read.input_format != "auto"))
            sums.update(documents=len(batch.starts), text_bytes=len(batch.text))
            self._notes.add("bytes_read", len(batch.text))
        self._notes.flush()
        words = partitioned(counter.words(), PARTITIONS)
        yield write_spill(self._job.folder("counted"), (number,), PARTITIONS, words)
        sums.update({LOSING + script: count for script, count in counter.losing.items()})
        yield Report(sums=sums, drops=drops.counts)


class PlanPartitions(beam.DoFn):  # type: ignore[misc]
    """All SpillIndexes -> (partition, the places of its words)."""

    def process(
        self, element: tuple[None, Iterable[SpillIndex]]
    ) -> Iterator[tuple[int, list[Segment]]]:
        yield from enumerate(segments(element[1], 0, PARTITIONS))


class MergePartition(beam.DoFn):  # type: ignore[misc]
    """(partition, places) -> report of the file with its words, summed, and no more than fit."""

    def __init__(self, job: VocabJob) -> None:
        self._job = job

    def process(self, element: tuple[int, list[Segment]]) -> Iterator[Any]:
        partition, places = element
        work_dir = self._job.work_dir
        yield from remembered(work_dir, "merge", partition, lambda: self._merge(partition, places))

    def _merge(self, partition: int, places: list[Segment]) -> Iterator[Report]:
        words = merged_words(read_segments(places, WORD_SCHEMA))
        kept = words.slice(0, MAX_WORDS // PARTITIONS)
        sums = Counter(words=pc.sum(words["count"]).as_py() or 0, distinct_words=words.num_rows)
        drops = Counter(rare_word=words.num_rows - kept.num_rows)
        batches = [(0, batch) for batch in kept.combine_chunks().to_batches()]
        sha256 = hashlib.sha256()
        index = write_spill(self._job.folder("merged"), (partition,), 1, batches, sha256)
        written = {index.path: sha256.hexdigest()}
        yield Report(sums, drops, files=written, words=[index.path] if batches else [])


def build_graph(pipeline: Any, job: VocabJob, splits: list[Split]) -> Any:
    """Adds the whole graph to a pipeline; gives the collection with the path of its report."""
    counted = (
        pipeline
        | "Splits" >> beam.Create(list(enumerate(splits)), reshuffle=False)
        | "SpreadSplits" >> beam.Reshuffle()
        | "Count" >> beam.ParDo(CountSplit(job)).with_outputs("report", main="spills")
    )
    merged = (
        counted.spills
        | "KeySpills" >> beam.Map(keyed)
        | "AllSpills" >> beam.GroupByKey()
        | "PlanPartitions" >> beam.ParDo(PlanPartitions())
        | "SpreadPartitions" >> beam.Reshuffle()
        | "Merge" >> beam.ParDo(MergePartition(job))
    )
    return gather((counted.report, merged), job.work_dir)


def read_words(report: Report) -> tuple[Any, NDArray[np.int64]]:
    """The counted words of a finished run: an Arrow string array, and int64 counts."""
    tables = (
        pa.Table.from_batches([pa.ipc.read_record_batch(pa.py_buffer(data), WORD_SCHEMA)])
        for data in map(files.read_bytes, report.words)
    )
    return total_words([WORD_SCHEMA.empty_table(), *tables])
