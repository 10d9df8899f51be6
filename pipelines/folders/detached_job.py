"""A job that goes on without the command that began it: whether it does, and how to end it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bertprep.errors import OutputError
from pipelines.folders import files, lease

PROGRESS_FOLDER = "progress"
# Workers write their notes several times in that; a job may wait for machines longer.
_SILENT_SECONDS = 120
_STARTING_SECONDS = 900


def check_alone(root: str, note: Mapping[str, Any], output: str) -> None:
    """Raises OutputError if a job goes on in a work folder.

    Args:
        root: the work folder.
        note: what a run noted of itself there; {} for nothing.
        output: the folder it writes to, as it is shown.
    """
    job = note.get("job")
    if isinstance(job, dict) and is_alive(files.join(root, str(note.get("run")))):
        raise OutputError(
            f"the job {job.get('id')} is writing to {output}: wait for its end, which `bertprep "
            f"status {output}` tells, or end it: {job.get('end')}"
        )


def is_alive(work_dir: str) -> bool:
    """Whether the steps of a run noted anything of late, or may be about to begin."""
    last = files.newest(files.join(work_dir, PROGRESS_FOLDER))
    if last:
        return time.time() - last < _SILENT_SECONDS
    path = files.join(work_dir, lease.LEASE)
    granted = files.size_and_time(path)[1] if files.exists(path) else 0.0
    return time.time() - granted < _STARTING_SECONDS
