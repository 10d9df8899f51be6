"""The last step of a graph whose command may be gone by then: the result gets its final names."""

from __future__ import annotations

from collections.abc import Iterator

import apache_beam as beam

from pipelines.folders import files, lease
from pipelines.folders.remote_commit import CommitPlace, commit_forward
from pipelines.steps.report import read_report
from pipelines.steps.result import Finish
from pipelines.steps.strict import refuse_warnings


class CommitRun(beam.DoFn):  # type: ignore[misc]
    """Path of the report -> nothing; the result is in the output folder then.

    Args:
        place: what to move, and where to.
        finish: makes the result of what was reported.
        strict: whether a warning is an error.
        detached: whether no command waits for it, to remove the work folder.

    Raises:
        InputError: for such a warning.
        OutputError: if the run was ended, or another one took its output over.
    """

    def __init__(self, place: CommitPlace, finish: Finish, strict: bool, detached: bool) -> None:
        self._place, self._finish = place, finish
        self._strict, self._detached = strict, detached

    def process(self, report_path: str) -> Iterator[str]:
        place = self._place
        lease.check(place.work_dir, place.token)
        finished = self._finish(read_report(place.work_dir))
        refuse_warnings(finished.warnings, self._strict, place.target, told=False)
        outcome = {"warnings": [*finished.warnings], "doubts": [*finished.doubts]}
        commit_forward(place, finished.files, finished.contents, outcome, finished.below)
        files.remove(place.root if self._detached else place.work_dir)
        yield place.target
