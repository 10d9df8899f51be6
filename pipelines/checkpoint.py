"""A finished step leaves what it gave in the work folder, so that a later run need not redo it.

What steps give is small (indexes of files, counts); the files themselves were whole before.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from typing import Any

from pipelines import files

CHECKPOINT_FOLDER = "done"


def remembered(work_dir: str, step: str, number: int, make: Callable[[], Iterable[Any]]) -> Any:
    """What ``make`` gives for element ``number`` of a step: made once, then read back."""
    path = files.join(work_dir, CHECKPOINT_FOLDER, f"{step}-{number:06}")
    if files.exists(path):
        return pickle.loads(files.read_bytes(path))
    outputs = list(make())
    files.write_bytes(path, pickle.dumps(outputs))
    return outputs
