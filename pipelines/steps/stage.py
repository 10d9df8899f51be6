"""The result of a stage, summed up for the next one to plan by: counts, and its files' places.

A sum is made in parts wherever the workers are, so that no one of them ever has all indexes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import numpy as np
from numpy.typing import NDArray

from bertprep.common.counts import Counts, added
from pipelines.steps.spill import SpillFiles, SpillIndex, spill_rows

_WAITING = 64


@dataclass(frozen=True)
class Stage:
    """A stage as a whole.

    Attributes:
        files: those of its rows, unless these went another way.
        buckets: into which they were dealt.
        counts: uint64[1 + k, n], the sum of what the stage counted.
    """

    files: SpillFiles
    buckets: int
    counts: Counts


class _Sum:
    """A part of a stage, summed up whenever as much waits as the sum holds: each is sorted seldom.

    With a pause of a fixed number, the sum, which grows with the corpus, would be sorted as often
    as the corpus is large.
    """

    def __init__(self) -> None:
        self.buckets = 0
        self.rows: list[NDArray[np.int64]] = []
        self.counts: list[Counts] = []
        self._held = self._waiting = 0  # columns of counts, in the sum and behind it

    def add(self, buckets: int, rows: Iterable[Any], counts: Iterable[Counts], how: Any) -> _Sum:
        self.buckets = max(self.buckets, buckets)
        self.rows += rows
        for part in counts:
            self.counts.append(part)
            self._waiting += 1 + part.shape[1]
        if len(self.counts) > _WAITING and self._waiting > self._held:
            self.compact(how)
        return self

    def compact(self, how: Any) -> _Sum:
        self.rows = [np.concatenate(self.rows)] if self.rows else []
        self.counts = [added(self.counts, how)] if self.counts else []
        self._held = sum(part.shape[1] for part in self.counts)
        self._waiting = 0
        return self


class SumUp(beam.CombineFn):  # type: ignore[misc]
    """The SpillIndexes of a stage -> the Stage.

    Args:
        folder: where its files are.
        stem: what their names begin with.
        how: for each of the k counts, the numpy function that joins two of them.
    """

    def __init__(self, folder: str, stem: str, how: Sequence[Any]) -> None:
        self._folder, self._stem, self._how = folder, stem, tuple(how)

    def create_accumulator(self) -> _Sum:
        return _Sum()

    def add_input(self, mutable_accumulator: _Sum, element: SpillIndex) -> _Sum:
        rows = spill_rows([element])
        return mutable_accumulator.add(element.buckets, [rows], [element.counts], self._how)

    def merge_accumulators(self, accumulators: Iterable[_Sum]) -> _Sum:
        whole = _Sum()
        for part in accumulators:
            whole.add(part.buckets, part.rows, part.counts, self._how)
        return whole

    def compact(self, accumulator: _Sum) -> _Sum:
        return accumulator.compact(self._how)

    def extract_output(self, accumulator: _Sum) -> Stage:
        whole = accumulator.compact(self._how)
        files = SpillFiles.of(self._folder, self._stem, np.concatenate(whole.rows))
        return Stage(files, whole.buckets, added(whole.counts, self._how))


def summed(spills: Any, folder: str, name: str) -> Any:
    """Adds the step from the SpillIndexes of a stage that counts nothing to the Stage.

    Args:
        spills: a PCollection of them.
        folder: where its files are.
        name: what their names begin with; the step is called by it.
    """
    summing = SumUp(folder, name, ())
    return spills | f"SumUp-{name}" >> beam.CombineGlobally(summing).without_defaults()
