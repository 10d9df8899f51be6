"""The steps of a mixture: what there is of each input, and so how often each is taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import apache_beam as beam

from bertprep.common.drops import Drops
from bertprep.corpus.files import Split
from bertprep.corpus.mixture import READ, passes_of
from bertprep.corpus.read import DocumentBatch
from bertprep.options import ReadOptions
from pipelines.folders import files
from pipelines.folders.inputs import read_unchanged
from pipelines.steps.checkpoint import remembered
from pipelines.steps.notes import ProgressNotes
from pipelines.steps.report import Report

# Makes what tells the size of a batch: how many tokens, or words, it has.
Measuring = Callable[[], Callable[[DocumentBatch], int]]


class MeasureSplit(beam.DoFn):  # type: ignore[misc]
    """(number, split) -> Report of how much text of its input it has."""

    def __init__(self, work_dir: str, read: ReadOptions, measuring: Measuring) -> None:
        self._work_dir, self._read, self._measuring = work_dir, read, measuring

    def setup(self) -> None:
        self._size_of = self._measuring()
        self._notes = ProgressNotes(files.join(self._work_dir, "progress"))

    def process(self, element: tuple[int, Split]) -> Iterator[Any]:
        number, split = element
        yield from remembered(self._work_dir, "measure", number, lambda: self._measure(split))

    def _measure(self, split: Split) -> Iterator[Report]:
        size = 0
        # What is left out is told by the step that takes the rest.
        for batch in read_unchanged(split, self._read, Drops()):
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


def measure(splits: Any, work_dir: str, read: ReadOptions, measuring: Measuring) -> tuple[Any, Any]:
    """Adds the steps that say how often each input is taken.

    Args:
        splits: a collection of (number, split).
        work_dir: the work folder.
        read: how the inputs are read and mixed.
        measuring: makes what tells the size of a batch; called where the step runs.

    Returns:
        The reports of the steps, and the passes, by input, as a side input.
    """
    reports = splits | "Measure" >> beam.ParDo(MeasureSplit(work_dir, read, measuring))
    passes = (
        reports
        | "Sizes" >> beam.Map(lambda report: report.sums)
        | "AddUpSizes" >> beam.CombineGlobally(_added)
        | "Passes" >> beam.Map(partial(_passes, read))
    )
    return reports, beam.pvalue.AsSingleton(passes)
