"""A prepared corpus in files: its pools and their index are written, and a later run loads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

import apache_beam as beam
import numpy as np

from bertprep.common.digests import DigestingStream, digest_of, new_digest
from bertprep.errors import InputError
from bertprep.shards.manifest_types import ListedFile
from bertprep.shards.names import PREPARED_INDEX
from bertprep.text.prepared_columns import bucketed, prepared_schema
from bertprep.text.range_counts import Tally, count_copies
from pipelines.folders import files
from pipelines.folders.finished_folder import listed
from pipelines.graphs.job import PrepareJob
from pipelines.graphs.pools import Pool, PoolPlan, Prepared, bucket_count
from pipelines.steps.checkpoint import remembered
from pipelines.steps.document_places import copy_table
from pipelines.steps.packets import Packet
from pipelines.steps.progress_notes import ProgressNotes
from pipelines.steps.report import Report, beside
from pipelines.steps.spill import SpillIndex, read_index, write_index, write_spill

PREPARED_STEM = "prepared"


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
        buckets, sha256 = bucket_count(pool.corpus_tokens, self._job.sizes), new_digest()
        rows = bucketed(documents, buckets)
        index = write_spill(self._job.folder(PREPARED_STEM), (pool.number,), buckets, rows, sha256)
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
        path = files.join(self._job.folder(PREPARED_STEM), PREPARED_INDEX)
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

    Raises:
        InputError: if the index is damaged.
    """

    def __init__(
        self, index_digest: str, report: Report, tables: Sequence[ListedFile], copies: str
    ) -> None:
        self._digest = index_digest
        self._report = report
        self._tables, self._copies = tables, copies

    def process(self, folder: str) -> Iterator[Any]:
        path = files.join(folder, PREPARED_INDEX)
        data = files.read_bytes(path)
        if digest_of(data) != self._digest:
            raise InputError(
                f"{path} is damaged: it has another SHA-256 than its manifest says; restore it "
                "from a copy, or prepare the inputs anew"
            )
        copied = (copy_table(folder, table, self._copies) for table in self._tables)
        yield from beside(chain(read_index(data, folder, PREPARED_STEM), [self._report], copied))


def load_prepared(
    pipeline: Any,
    folder: str,
    index_digest: str,
    report: Report,
    tables: Sequence[ListedFile] = (),
    copies: str = "",
) -> Prepared:
    """Adds the step that takes what an earlier run prepared instead.

    Args:
        pipeline: Beam's.
        folder: the corpus that was prepared.
        index_digest: SHA-256 of its index, in hexadecimal.
        report: what its manifest says.
        tables: those of the documents' places to copy.
        copies: the folder that the copies go to.
    """
    loaded = (
        pipeline
        | "Folder" >> beam.Create([folder])
        | "Load"
        >> beam.ParDo(LoadPrepared(index_digest, report, tables, copies)).with_outputs(
            "report", main="spills"
        )
    )
    return Prepared(loaded.spills, loaded.report, None, folder, PREPARED_STEM)
