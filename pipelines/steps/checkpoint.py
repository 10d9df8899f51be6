"""A finished step leaves what it gave in the work folder, so that a later run need not redo it.

What steps give is small (indexes of files, counts); the files themselves were whole before.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from typing import Any

from pipelines.folders import files
from pipelines.folders.workspace import CHECKPOINT_FOLDER
from pipelines.steps import memory


def remembered(work_dir: str, step: str, number: int, make: Callable[[], Iterable[Any]]) -> Any:
    """What ``make`` gives for element ``number`` of a step: made once, then read back.

    It is made again where a power cut spoiled it, or any of the files it tells of: an output may
    have ``files``, a dict of paths to bytes.
    """
    path = files.join(work_dir, CHECKPOINT_FOLDER, f"{step}-{number:06}")
    outputs = _read(path) if files.exists(path) else None
    if outputs is None:
        outputs = list(make())
        memory.give_back()
        files.write_bytes(path, pickle.dumps(outputs))
    return outputs


def _read(path: str) -> list[Any] | None:
    """What a step gave, or None if that is not there whole."""
    try:
        outputs: list[Any] = pickle.loads(files.read_bytes(path))
    except Exception:  # of what is not a pickle, or not all of one, any may come
        return None
    return outputs if all(map(_is_whole, outputs)) else None


def _is_whole(output: Any) -> bool:
    listed: dict[str, int] = getattr(output, "files", {})
    try:
        return all(files.size_and_time(path)[0] == size for path, size in listed.items())
    except OSError:
        return False
