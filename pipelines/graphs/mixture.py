"""The steps of a mixture: what there is of each input, and so how often each is taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import apache_beam as beam

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.files import Split
from bertprep.corpus.mixture import READ, is_mixture, passes_of
from bertprep.options import ReadOptions
from pipelines.folders import files
from pipelines.graphs.copies import Found, find_copies
from pipelines.graphs.job import CleanJob
from pipelines.graphs.reading import Reading
from pipelines.steps.checkpoint import remembered
from pipelines.steps.progress_notes import ProgressNotes
from pipelines.steps.report import Report

# Makes what tells the size of a batch: how many tokens, or words, it has.
Measuring = Callable[[], Callable[[DocumentBatch], int]]


class MeasureSplit(beam.DoFn):  # type: ignore[misc]
    """(number, split) -> Report of how much text of its input it has."""

    def __init__(
        self, work_dir: str, read: ReadOptions, clean: CleanJob | None, measuring: Measuring
    ) -> None:
        self._work_dir, self._measuring = work_dir, measuring
        self._read, self._clean = read, clean

    def setup(self) -> None:
        self._size_of = self._measuring()
        self._reading = Reading(self._read, self._clean)
        self._notes = ProgressNotes(files.join(self._work_dir, "progress"))

    def process(self, element: tuple[int, Split], found: Found = ()) -> Iterator[Any]:
        make = partial(self._measure, *element, found)
        yield from remembered(self._work_dir, "measure", element[0], make)

    def _measure(self, number: int, split: Split, found: Found) -> Iterator[Report]:
        size = 0
        # What is left out is told by the step that takes the rest.
        for batch in self._reading.batches(number, split, Drops(), found):
            size += self._size_of(batch)
            self._notes.add("bytes_measured", len(batch.text))
        self._notes.flush()
        yield Report(sums=Counter({READ + split[0].file.input: size}))


def _added(counts: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def _passes(read: ReadOptions, sums: Counter[str]) -> dict[str, float]:
    return passes_of({name.removeprefix(READ): size for name, size in sums.items()}, read)


def before_reading(
    splits: Any, work_dir: str, read: ReadOptions, clean: CleanJob | None, measuring: Measuring
) -> tuple[list[Any], dict[str, Any]]:
    """Adds the steps that come before documents are taken: copies are found, inputs measured.

    Args:
        splits: a collection of (number, split).
        work_dir: the work folder.
        read: how the inputs are read and mixed.
        clean: how they are cleaned; None if they are not.
        measuring: makes what tells the size of a batch; called where the step runs.

    Returns:
        The reports of the steps, and the side inputs of the step that reads, by name.
    """
    reports: list[Any] = []
    sides: dict[str, Any] = {}
    if clean and clean.options.compares:
        told, sides["found"] = find_copies(splits, clean)
        reports.append(told)
    if is_mixture(read):
        measuring_split = MeasureSplit(work_dir, read, clean, measuring)
        measured = splits | "Measure" >> beam.ParDo(measuring_split, **sides)
        sides["passes"] = _passes_of(measured, read)
        reports.append(measured)
    return reports, sides


def _passes_of(reports: Any, read: ReadOptions) -> Any:
    """Adds the steps that say how often each input is taken, as a side input."""
    passes = (
        reports
        | "Sizes" >> beam.Map(lambda report: report.sums)
        | "AddUpSizes" >> beam.CombineGlobally(_added)
        | "Passes" >> beam.Map(partial(_passes, read))
    )
    return beam.pvalue.AsSingleton(passes)
