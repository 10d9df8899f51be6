"""The graph behind ``bertprep vocab``: count words by split, merge them by partition, learn.

Partitions grow with the corpus, so that none outgrows a worker.  Files of many splits are merged in
groups before, as a tree, so that each partition is in few of them; where words travel through Beam,
it is Beam that merges them on their way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain, pairwise
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.files import Split
from bertprep.corpus.mixture import DOCUMENTS, TAKEN, Mixer
from bertprep.corpus.oddities import is_passed_by, oddities
from bertprep.corpus.splits import Splits
from bertprep.learning.count import (
    MAX_WORDS,
    WORD_SCHEMA,
    WordCounter,
    merged_words,
    partitioned,
    total_words,
)
from bertprep.options import DEFAULT_SEED, ReadOptions
from pipelines.graphs.copies import Found
from pipelines.graphs.job import CleanJob, Job
from pipelines.graphs.mixture import before_reading
from pipelines.graphs.reading import Reading
from pipelines.steps.checkpoint import remembered
from pipelines.steps.exchange import without_packets
from pipelines.steps.packets import Packet, unpacked
from pipelines.steps.progress_notes import ProgressNotes
from pipelines.steps.report import Report, beside, gather
from pipelines.steps.sizes import RunSizes
from pipelines.steps.spill import SpillFiles, read_only_bucket, write_spill
from pipelines.steps.splits import spread_splits
from pipelines.steps.stage import Stage, summed

PARTITIONS = 64
_MERGED_BYTES = 32 << 20
_HELD_MESSAGES = 16
LOSING = "losing_marks_"


@dataclass(frozen=True, kw_only=True)
class VocabJob(Job):
    """All that a worker needs to know."""

    read: ReadOptions
    keep_accents: bool = False
    partitions: int = PARTITIONS
    clean: CleanJob | None = None


class CountSplit(beam.DoFn):  # type: ignore[misc]
    """(number, split) -> SpillIndex of its words by partition; reports what it counted."""

    def __init__(self, job: VocabJob) -> None:
        self._job = job

    def setup(self) -> None:
        self._reading = Reading(self._job.read, self._job.clean, self._job.sizes.read)
        self._notes = ProgressNotes(self._job.folder("progress"))

    def process(
        self,
        element: tuple[int, Split],
        passes: Mapping[str, float] | None = None,
        found: Found = (),
    ) -> Iterator[Any]:
        """The step's outputs for one split.

        Args:
            element: number and split.
            passes: how often each input of a mixture is taken; None without one.
            found: where copies are noted; empty if none were looked for.
        """
        number, split = element
        mixer = Mixer(passes, DEFAULT_SEED) if passes else None
        make = partial(self._count, number, split, mixer, found)
        yield from beside(self._job.exchange.outputs("count", number, make))

    def _count(self, number: int, split: Split, mixer: Mixer | None, found: Found) -> Iterator[Any]:
        drops = Drops()
        counter = WordCounter(self._job.lowercase, False if self._job.keep_accents else None)
        sums: Counter[str] = Counter()
        for place, read in enumerate(self._reading.batches(number, split, drops, found)):
            sums.update(oddities(read, is_passed_by(self._job.read, number, place)))
            self._notes.add("bytes_read", len(read.text))
            for batch in mixer(read) if mixer else [read]:
                counter.add(batch)
                sums.update(documents=len(batch.starts), text_bytes=len(batch.text))
        self._notes.flush()
        counted = counter.words()
        if name := split[0].file.input:
            taken = pc.sum(counted["count"]).as_py() or 0
            sums.update({DOCUMENTS + name: sums["documents"], TAKEN + name: taken})
        words = partitioned(counted, self._job.partitions)
        yield from self._job.exchange.send("counted", (number,), self._job.partitions, words)
        sums.update({LOSING + script: count for script, count in counter.losing.items()})
        yield Report(sums=sums, drops=drops.counts)


class WordSizes:
    """Tells how many words the documents of batches have."""

    def __init__(self, job: VocabJob) -> None:
        self._lowercase = job.lowercase

    def __call__(self, batch: DocumentBatch) -> int:
        counter = WordCounter(self._lowercase)
        counter.add(batch)
        return pc.sum(counter.words()["count"]).as_py() or 0


def partition_count(splits: int, sizes: RunSizes) -> int:
    """Into how many partitions the words of so many splits are dealt."""
    return PARTITIONS << max(0, -(-splits // sizes.partition_splits) - 1).bit_length()


class MergeGroup(beam.DoFn):  # type: ignore[misc]
    """Number of a group of files -> SpillIndex of a file with their words, summed."""

    def __init__(self, job: VocabJob, level: int) -> None:
        self._job = job
        self._name = f"counted-{level}"

    def process(self, group: int, stage: Stage) -> Iterator[Any]:
        make = partial(self._merge, group, stage)
        yield from self._job.exchange.outputs(f"merge-{self._name}", group, make)

    def _merge(self, group: int, stage: Stage) -> Iterator[Any]:
        size = self._job.sizes.merged_files
        members = stage.files.some(group * size, (group + 1) * size)
        words = self._merged(members, stage.buckets)
        yield from self._job.exchange.send(self._name, (group,), stage.buckets, words)

    def _merged(self, members: SpillFiles, partitions: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        parts = min(partitions, 1 + int(members.sizes.sum()) // _MERGED_BYTES)
        for first, last in pairwise(partitions * part // parts for part in range(parts + 1)):
            words = merged_words(members.batches(first, last, WORD_SCHEMA))
            yield from partitioned(words, partitions)


class MergePartition(beam.DoFn):  # type: ignore[misc]
    """(partition, packets) -> its words, summed, in a file with no more than may be needed."""

    def __init__(self, job: VocabJob) -> None:
        self._job = job

    def process(self, element: tuple[int, Iterable[Packet]], stage: Stage) -> Iterator[Any]:
        partition, packets = element
        make = partial(self._merge, partition, stage, packets)
        yield from beside(remembered(self._job.work_dir, "merge", partition, make))

    def _merge(self, partition: int, stage: Stage, packets: Iterable[Packet]) -> Iterator[Any]:
        found = stage.files.batches(partition, partition + 1, WORD_SCHEMA)
        words = merged_words(chain(found, unpacked(packets, WORD_SCHEMA)))
        kept = words.slice(0, kept_words(self._job.partitions))
        batches = [(0, batch) for batch in kept.combine_chunks().to_batches()]
        index = write_spill(self._job.folder("merged"), (partition,), 1, batches)
        sums = Counter(words=pc.sum(words["count"]).as_py() or 0, distinct_words=words.num_rows)
        yield index
        yield Report(sums, words=[index.path] if batches else [])


def kept_words(partitions: int) -> int:
    """Of each partition's words the most frequent that may be among ``MAX_WORDS`` of all.

    Words go to partitions by a hash, so that each has about its share of the frequent ones.
    """
    share = MAX_WORDS / partitions
    return int(share + 8 * share**0.5) + 1


def build_graph(pipeline: Any, job: VocabJob, splits: Splits) -> Any:
    """Adds the whole graph to a pipeline; gives the collection with the path of its report.

    Args:
        pipeline: Beam's.
        job: what the steps need to know.
        splits: of the inputs.
    """
    spread = spread_splits(pipeline, splits, job.work_dir)
    reports, sides = before_reading(
        spread, job.work_dir, job.read, job.clean, partial(WordSizes, job)
    )
    counting = spread | "Count" >> beam.ParDo(CountSplit(job), **sides).with_outputs(
        "report", "blocks", main="spills"
    )
    stage = summed(counting.spills, job.folder("counted"), "counted")
    if job.shuffles:
        parts = _sent(counting.blocks, job.partitions)
    else:
        stage = _merged_in_groups(pipeline, stage, job, len(splits))
        numbers = _spread(pipeline, "Partitions", job.partitions)
        parts = numbers | "WithoutPackets" >> beam.Map(without_packets)
    merging = beam.ParDo(MergePartition(job), stage=beam.pvalue.AsSingleton(stage))
    merged = parts | "Merge" >> merging.with_outputs("report", main="spills")
    return gather((*reports, counting.report, merged.report), job.work_dir)


def _spread(pipeline: Any, name: str, count: int) -> Any:
    numbers = pipeline | name >> beam.Create(range(count), reshuffle=False)
    return numbers | f"Spread{name}" >> beam.Reshuffle()


def _merged_in_groups(pipeline: Any, stage: Any, job: VocabJob, count: int) -> Any:
    """Adds steps that merge the files of a stage until they are few."""
    level = 0
    while count > job.sizes.merged_files:
        level, count = level + 1, -(-count // job.sizes.merged_files)
        merging = beam.ParDo(MergeGroup(job, level), stage=beam.pvalue.AsSingleton(stage))
        spills = _spread(pipeline, f"Groups{level}", count) | f"MergeGroups{level}" >> merging
        stage = summed(spills, job.folder(f"counted-{level}"), f"counted-{level}")
    return stage


def _sent(blocks: Any, partitions: int) -> Any:
    """Adds the steps that bring the words of a partition together, merged on their way."""
    return (
        blocks
        | "Partitioned" >> beam.FlatMap(_partitioned, partitions)
        | "MergeOnTheWay" >> beam.CombinePerKey(MergeWords())
        | "Packets" >> beam.MapTuple(_as_packets)
    )


def _partitioned(block: tuple[Any, bytes], partitions: int) -> Iterator[tuple[int, bytes]]:
    words = pa.ipc.read_record_batch(pa.py_buffer(block[1]), WORD_SCHEMA)
    for partition, part in partitioned(pa.Table.from_batches([words]), partitions):
        yield partition, bytes(part.serialize())


def _as_packets(partition: int, words: bytes) -> tuple[int, list[Packet]]:
    return partition, [((), 0, 1, words)]


class MergeWords(beam.CombineFn):  # type: ignore[misc]
    """Messages with words -> one with all of them, summed."""

    def create_accumulator(self) -> list[bytes]:
        return []

    def add_input(self, mutable_accumulator: list[bytes], element: bytes) -> list[bytes]:
        mutable_accumulator.append(element)
        full = len(mutable_accumulator) > _HELD_MESSAGES
        return self.compact(mutable_accumulator) if full else mutable_accumulator

    def merge_accumulators(self, accumulators: Iterable[list[bytes]]) -> list[bytes]:
        return self.compact([message for part in accumulators for message in part])

    def compact(self, accumulator: list[bytes]) -> list[bytes]:
        return [_merged_message(accumulator)] if len(accumulator) > 1 else accumulator

    def extract_output(self, accumulator: list[bytes]) -> bytes:
        return _merged_message(accumulator)


def _merged_message(messages: Iterable[bytes]) -> bytes:
    read = (pa.ipc.read_record_batch(pa.py_buffer(data), WORD_SCHEMA) for data in messages)
    (batch,) = merged_words(read).combine_chunks().to_batches()
    return bytes(batch.serialize())


def read_words(report: Report) -> tuple[Any, NDArray[np.int64]]:
    """The counted words of a finished run: an Arrow string array, and counts int64[n].

    Of more than ``MAX_WORDS`` those are left out, and counted as dropped, that are as rare as the
    next one would be: how many partitions there were does not show.
    """
    tables = (pa.Table.from_batches([read_only_bucket(p, WORD_SCHEMA)]) for p in report.words)
    words, counts = total_words([WORD_SCHEMA.empty_table(), *tables])
    if len(words) > MAX_WORDS:
        place = len(words) - MAX_WORDS - 1
        is_frequent = counts > np.partition(counts, place)[place]
        words, counts = words.filter(pa.array(is_frequent)), counts[is_frequent]
    report.drops["rare_word"] += report.sums["distinct_words"] - len(words)
    report.drops = +report.drops
    return words, counts
