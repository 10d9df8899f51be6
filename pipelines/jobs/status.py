"""``bertprep status``: how far the run is that writes a folder, whoever is doing it, or nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bertprep.errors import InputError
from bertprep.shards.names import MANIFEST_NAME
from pipelines.folders import files, lease
from pipelines.folders.detached_job import PROGRESS_FOLDER, is_alive
from pipelines.folders.finished_folder import read_manifest
from pipelines.folders.run_note import read_note
from pipelines.folders.work_names import CHECKPOINT_FOLDER, WORK_FOLDER
from pipelines.messages.stages import in_counts
from pipelines.steps.progress_notes import read_notes

_NAME_COLUMNS = 13


def status(folder: str, work_dir: str | None = None) -> str:
    """The state of the run that writes a folder.

    Args:
        folder: its --output.
        work_dir: its --work-dir.

    Raises:
        InputError: if there is no sign of a run.
    """
    root = files.join(work_dir or folder, WORK_FOLDER)
    names = files.names_in(root)
    is_finished = MANIFEST_NAME in files.names_in(folder)
    if not names and not is_finished:
        raise InputError(
            f"{folder} holds neither the work of a run nor the result of one; name its --output, "
            "and its --work-dir if it has one"
        )
    lines = [*_of_work(root)] if names else []
    if is_finished:
        lines.append(("result", f"complete: {_describe_result(folder)}"))
    return "\n".join(f"{name:<{_NAME_COLUMNS}}{value}" for name, value in lines)


def end(folder: str, work_dir: str | None = None) -> str:
    """Has the job end that writes a folder: its steps stop when they next look for their lease.

    Raises:
        InputError: if there is none.
    """
    root = files.join(work_dir or folder, WORK_FOLDER)
    runs = [name for name in files.names_in(root) if lease.is_run_name(name)]
    if not runs:
        raise InputError(f"{folder} holds no work of a run that could go on by itself")
    for run in runs:
        lease.revoke(files.join(root, run))
    return f"the run in {folder} was told to end; --resume goes on with it, --overwrite starts anew"


def _of_work(root: str) -> Iterator[tuple[str, str]]:
    note = read_note(root)
    run = str(note.get("run") or "")
    work = files.join(root, run) if run else root
    job = note.get("job")
    if isinstance(job, dict):
        yield "job", f"{job.get('id')} ({job.get('runner')})"
        yield "page", str(job.get("page"))
        yield "to end it", str(job.get("end"))
    yield "state", _state(work, run)
    for step, count in sorted(_done(work).items()):
        yield "done", f"{count:,} of step {step}"
    notes = read_notes(files.join(work, PROGRESS_FOLDER))
    if notes:
        yield "so far", in_counts(notes, int(note.get("bytes") or 0))


def _state(work: str, run: str) -> str:
    if run and not files.exists(files.join(work, lease.LEASE)):
        return "ended before its time; the same command with --resume goes on from what is done"
    if is_alive(work):
        return "at work, or about to begin"
    return "silent for minutes: broken off, or waiting for workers"


def _done(work: str) -> Counter[str]:
    names = files.names_in(files.join(work, CHECKPOINT_FOLDER))
    return Counter(name.rpartition("-")[0] for name in names if name.rpartition("-")[2].isdecimal())


def _describe_result(folder: str) -> str:
    manifest: Any = read_manifest(folder)
    kind = type(manifest).__name__.removesuffix("Manifest").lower()
    shards = getattr(manifest, "shards", ())
    if shards:
        return f"{len(shards):,} shards, {sum(file.rows or 0 for file in shards):,} rows"
    return {"vocab": "a vocabulary", "prepared": "a prepared corpus"}.get(kind, kind)
