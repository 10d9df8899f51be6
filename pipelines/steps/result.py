"""The result of a run's steps, before anything of it has its final name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pipelines.steps.report import Report


@dataclass(frozen=True)
class Finished:
    """The result of a run.

    Attributes:
        manifest: what it is.
        files: paths of what steps wrote, in the work folder.
        contents: of the other files by name, the manifest's among them.
        warnings: what the user is to be warned of.
        doubts: those of them that the summary shows, too.
        below: the folder in the output that the files go to.
    """

    manifest: Any
    files: Sequence[str]
    contents: Mapping[str, bytes]
    warnings: Sequence[str] = ()
    doubts: Sequence[str] = ()
    below: str = ""


class Finish(Protocol):
    """Makes the result of what the steps reported; a worker may have to."""

    def __call__(self, report: Report) -> Finished: ...


@dataclass(frozen=True)
class Recorded:
    """Finishes a run, with the record of it beside the files it writes."""

    finish: Finish
    record: Mapping[str, bytes]

    def __call__(self, report: Report) -> Finished:
        finished = self.finish(report)
        return replace(finished, contents={**finished.contents, **self.record})
