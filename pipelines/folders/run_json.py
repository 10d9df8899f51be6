"""``run.json`` beside the manifest: who ran what and when, which the manifest does not say.

Two runs of the same inputs and options write the same bytes, but for this file.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bertprep import __version__
from bertprep.errors import InputError
from bertprep.shards.names import RUN_NAME
from pipelines.folders import files


class Record(NamedTuple):
    """A run.

    Attributes:
        command: its arguments as they were typed, with the name of the command first.
        directory: where it was started.
        started: when, in ISO 8601.
    """

    command: list[str]
    directory: str
    started: str


def record_now(command: Sequence[str]) -> dict[str, bytes]:
    """The file of a run of this command that starts now, by its name."""
    content = {
        "command": ["bertprep", *command],
        "directory": os.getcwd(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "bertprep": __version__,
        "python": platform.python_version(),
        "system": sys.platform,
    }
    return {RUN_NAME: (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()}


def read_record(folder: str) -> Record | None:
    """The record of the run in a finished folder; None if there is none.

    Raises:
        InputError: if the file is damaged.
    """
    path = files.join(folder, RUN_NAME)
    if RUN_NAME not in files.names_in(folder):
        return None
    try:
        content: Mapping[str, Any] = json.loads(files.read_regular(path))
        command, place, started = (content[name] for name in ("command", "directory", "started"))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(f"{path} is damaged, or not of bertprep; remove it") from None
    if not _are_texts(command) or not _are_texts([place, started]):
        raise InputError(f"{path} is damaged, or not of bertprep; remove it")
    return Record(list(command[1:]), place, started)


def _are_texts(values: Any) -> bool:
    return isinstance(values, Sequence) and all(isinstance(value, str) for value in values)
