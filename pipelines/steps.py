"""What the working steps of both graphs share: a result is remembered, progress is noted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import apache_beam as beam

from pipelines.checkpoint import remembered
from pipelines.progress import ProgressNotes


class Step(beam.DoFn):  # type: ignore[misc]
    """(number, task) -> what ``make`` gives for it, now or in the run that this one resumes.

    ``name`` and number tell the results apart; ``make`` may note its progress in ``_notes``.
    """

    name: ClassVar[str]

    def __init__(self, job: Any) -> None:
        self._job = job

    def setup(self) -> None:
        self._notes = ProgressNotes(self._job.folder("progress"))

    def process(self, element: tuple[int, Any]) -> Iterator[Any]:
        number, task = element
        yield from remembered(
            self._job.work_dir, self.name, number, lambda: self.make(number, task)
        )

    def make(self, number: int, task: Any) -> Iterator[Any]:
        raise NotImplementedError
