"""A job that has nothing left to do says so, and has succeeded."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from pipelines.folders.complete import Complete
from pipelines.messages.result import show_result

P = ParamSpec("P")


def unless_complete(job: Callable[P, None]) -> Callable[P, None]:
    """The same job, which ends well where its output is there already."""

    @wraps(job)
    def wrapped(*args: P.args, **options: P.kwargs) -> None:
        try:
            job(*args, **options)
        except Complete as found:
            show_result(str(found))

    return wrapped
