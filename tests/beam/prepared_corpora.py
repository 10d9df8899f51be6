"""Prepared corpora."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


def ran(done: Done) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


def error_of(done: Done, code: int) -> str:
    """The one line of an error; before it at most what is read."""
    *before, line = done.stderr.splitlines()
    assert [text for text in before if not text.startswith("reading ")] == []
    assert (done.returncode, done.stdout) == (code, ""), line
    assert line.startswith("bertprep: error: ")
    return line.removeprefix("bertprep: error: ")
