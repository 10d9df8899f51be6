"""Prepared corpora."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

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


def write_text(folder: Path, prose: list[str]) -> None:
    """Text of three files, a broken line in one of them."""
    folder.mkdir()
    for n in range(3):
        text = "\n".join(json.dumps({"text": text}) for text in prose[n : 36 + n : 3])
        (folder / f"{n}.jsonl").write_text(text + "\n" + "{broken\n" * (n == 1))
