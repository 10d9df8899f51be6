"""A job that has nothing left to do, or that goes on by itself, says so, and has succeeded."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from pipelines.folders.already_complete import Complete
from pipelines.messages.say import show_result

P = ParamSpec("P")


class LeftRunning(Exception):  # noqa: N818 - no error
    """The command has nothing left to do, and its job goes on; its text says where."""


def unless_complete(job: Callable[P, None]) -> Callable[P, None]:
    """The same job, which ends well where its output is there already, or will be without it."""

    @wraps(job)
    def wrapped(*args: P.args, **options: P.kwargs) -> None:
        try:
            job(*args, **options)
        except (Complete, LeftRunning) as found:
            show_result(str(found))

    return wrapped
