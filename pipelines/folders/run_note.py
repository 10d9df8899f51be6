"""The note of a run in its work folder: what run it is, so that it can be resumed."""

from __future__ import annotations

from typing import Any

from pipelines.folders import files, lease
from pipelines.folders.checked_json import read_sealed

RUN_NOTE = "run.json"


def read_note(root: str) -> dict[str, Any]:
    """The note of a run in its work folder; empty if a power cut spoiled it."""
    path = files.join(root, RUN_NOTE)
    try:
        note: dict[str, Any] = read_sealed(path) if files.exists(path) else {}
    except (ValueError, RecursionError):
        return {}
    return note if _is_note(note) else {}


def _is_note(note: Any) -> bool:
    """Whether a value is what a run notes of itself."""
    return (
        isinstance(note, dict)
        and isinstance(note.get("identity"), dict)
        and isinstance(note.get("output"), str)
        and isinstance(note.get("new_folders"), list)
        and all(isinstance(folder, str) for folder in note["new_folders"])
        and (not note.get("run") or lease.is_run_name(note["run"]))
    )
