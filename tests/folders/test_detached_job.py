"""A job that was left to itself keeps others out while it lives, and no longer."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bertprep.errors import OutputError
from pipelines.folders.detached_job import PROGRESS_FOLDER, is_alive
from pipelines.folders.workspace import Workspace
from tests.beam.test_workspace_kills import identity, result
from tests.beam.test_workspace_kills import run as run_here
from tests.finished import contents

JOB = {"id": "job-7", "runner": "PrismRunner", "page": "http://there", "end": "cancel job-7 there"}


def detached(output: Path) -> str:
    with Workspace(str(output), overwrite=False, outlived=True) as workspace:
        workspace.identify(identity(2), changed=0.0)
        workspace.detach(JOB)
    return workspace.work_dir


@pytest.mark.parametrize("how", ["overwrite", "resume"])
def test_a_job_that_lives_keeps_others_out(tmp_path: Path, how: str) -> None:
    work = Path(detached(tmp_path))
    assert is_alive(str(work))  # about to begin
    with pytest.raises(OutputError, match=r"the job job-7 is writing to .*cancel job-7 there"):
        run_here(tmp_path, 2, **{how: True})
    (work / PROGRESS_FOLDER).mkdir()
    note = work / PROGRESS_FOLDER / "a.json"
    note.write_text("{}")
    assert is_alive(str(work))
    long_ago = time.time() - 1000
    os.utime(note, (long_ago, long_ago))
    assert not is_alive(str(work))
    run_here(tmp_path, 2, **{how: True})
    assert contents(tmp_path) == result(2)


def test_a_job_that_never_began_is_given_up_in_the_end(tmp_path: Path) -> None:
    work = Path(detached(tmp_path))
    long_ago = time.time() - 1000
    os.utime(work / "lease", (long_ago, long_ago))
    assert not is_alive(str(work))
