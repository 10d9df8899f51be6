"""The record of a run, beside what it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.steps.result import Finish, Finished

if TYPE_CHECKING:
    from pipelines.steps.report import Report


@dataclass(frozen=True)
class Recorded:
    """Finishes a run, with the record of it beside the files it writes."""

    finish: Finish
    record: Mapping[str, bytes]

    def __call__(self, report: Report) -> Finished:
        finished = self.finish(report)
        return replace(finished, contents={**finished.contents, **self.record})
