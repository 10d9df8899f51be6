"""The first stage of ``bertprep shard`` and all of ``bertprep prepare``: raw text to token ids.

It is done here, or ``bertprep prepare`` did it before (see ``prepared_corpus``); what it gives is
the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import apache_beam as beam
import numpy as np

from bertprep.common.drops import REASONS, Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.files import Split
from bertprep.corpus.holdout import Chooser
from bertprep.corpus.mixture import DOCUMENTS, TAKEN, Mixer
from bertprep.corpus.oddities import is_passed_by, oddities
from bertprep.corpus.repeats import RepeatCounter
from bertprep.corpus.shared_texts import Smallest, add_hashes, hashes_of
from bertprep.corpus.splits import Splits
from bertprep.errors import InputError
from bertprep.text.chinese_words import Words
from bertprep.text.prepare import Prepared as PreparedBatch
from bertprep.text.prepare import Preparer
from bertprep.text.prepared_columns import bucketed, merged, prepared_schema
from bertprep.text.range_counts import Tally
from bertprep.text.segment import Segmenter
from bertprep.text.sentence_lengths import count_lengths
from bertprep.text.tokenize import BatchTokenizer
from bertprep.text.unknown_words import UnknownWords, marks_among
from pipelines.folders import files
from pipelines.graphs.copies import Found
from pipelines.graphs.job import PrepareJob
from pipelines.graphs.mixture import before_reading
from pipelines.graphs.pools import Prepared, pools_of
from pipelines.graphs.prepared_files import MergePool, WriteIndex
from pipelines.graphs.reading import Reading
from pipelines.steps.document_places import PlacesFile, noted
from pipelines.steps.dropped_file import DroppedFile
from pipelines.steps.exchange import counted
from pipelines.steps.progress_notes import ProgressNotes
from pipelines.steps.report import Report, beside, gather, keyed
from pipelines.steps.splits import spread_splits


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
        """The step's outputs for one split.

        Args:
            element: number and split.
            passes: how often each input of a mixture is taken; None without one.
            found: where copies are noted; empty if none were looked for.
        """
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


def check_text(documents: int, drops: Mapping[str, int]) -> None:
    """Raises InputError where there is no document."""
    if documents == 0:
        left_out = [f"{count:,} {REASONS[reason]}" for reason, count in drops.items()]
        why = f"left out: {', '.join(left_out)}" if left_out else "every document is empty"
        raise InputError(f"the inputs hold no text at all; {why}")


def prepare(pipeline: Any, job: PrepareJob, splits: Splits) -> Prepared:
    """Adds the steps that read the files.

    Args:
        pipeline: Beam's.
        job: what the steps need to know.
        splits: of the inputs.
    """
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


def build_graph(pipeline: Any, job: PrepareJob, splits: Splits) -> Any:
    """Adds the whole graph of ``bertprep prepare``: the stage, files of pools, their index.

    Args:
        pipeline: Beam's.
        job: what the steps need to know.
        splits: of the inputs.

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
