"""The graph behind ``bertprep clean``: mend and sift each split, find copies, leave them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import apache_beam as beam

from bertprep.cleaning.clean import json_lines
from bertprep.common.digests import DigestingStream
from bertprep.common.drops import Drops
from bertprep.corpus.splits import Splits
from bertprep.shards.cleaned import text_name
from bertprep.shards.manifest_types import ListedFile
from pipelines.folders import files
from pipelines.graphs.copies import Found, find_copies
from pipelines.graphs.job import CleanJob
from pipelines.graphs.reading import kept_drafts
from pipelines.steps.checkpoint import remembered
from pipelines.steps.report import Report, gather
from pipelines.steps.splits import spread_splits


class WriteSplit(beam.DoFn):  # type: ignore[misc]
    """Number of a split -> report of its texts without its copies, and without near copies."""

    def __init__(self, job: CleanJob) -> None:
        self._job = job

    def process(self, number: int, found: Found) -> Iterator[Any]:
        make = partial(self._write, number, found)
        yield from remembered(self._job.work_dir, "write", number, make)

    def _write(self, number: int, found: Found) -> Iterator[Report]:
        name = text_name(number, self._job.splits)
        path = files.join(self._job.folder("texts"), name)
        sums: Counter[str] = Counter(kept_documents=0, kept_bytes=0)
        with ExitStack() as stack:
            dropped = stack.enter_context(self._job.dropped("copied", number))
            drops = Drops(dropped.writer)
            output = None
            for batch in kept_drafts(self._job, number, drops, found):
                if not output:
                    output = DigestingStream(stack.enter_context(files.create_whole(path)))
                output.write(json_lines(batch))
                sums["kept_documents"] += len(batch.starts)
                sums["kept_bytes"] += int((batch.ends - batch.starts).sum())
        written = dict(dropped.written)
        report = Report(sums, drops.counts, drops.samples, written, dropped=list(written))
        if output:
            report.files[path] = output.hexdigest()
            report.prepared = [ListedFile(name, output.size, output.hexdigest())]
        yield report


def build_graph(pipeline: Any, job: CleanJob, splits: Splits) -> Any:
    """Adds the whole graph to a pipeline.

    Args:
        pipeline: Beam's.
        job: what the steps need to know.
        splits: of the inputs.

    Returns:
        The collection with the path of the report.
    """
    spread = spread_splits(pipeline, splits, job.work_dir)
    reports, found = find_copies(spread, job)
    written = (
        pipeline
        | "Numbers" >> beam.Create(range(job.splits), reshuffle=False)
        | "SpreadNumbers" >> beam.Reshuffle()
        | "Write" >> beam.ParDo(WriteSplit(job), found=found)
    )
    return gather((reports, written), job.work_dir)
