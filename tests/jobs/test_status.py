"""How far a run is, told from what it left in its folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.errors import InputError
from pipelines.folders import files, lease
from pipelines.folders.workspace import Workspace
from pipelines.jobs.status import end, status
from tests.beam.test_workspace_kills import identity
from tests.beam.test_workspace_kills import run as run_here

JOB = {"id": "job-7", "runner": "PrismRunner", "page": "http://there", "end": "cancel job-7 there"}


def lines(text: str) -> dict[str, str]:
    return {line[:13].strip(): line[13:] for line in text.splitlines()}


def test_a_job_is_told_of_until_it_is_ended(tmp_path: Path) -> None:
    with Workspace(str(tmp_path), overwrite=False, outlived=True) as workspace:
        workspace.identify(identity(2), changed=0.0)
        workspace.detach(JOB)
    work = workspace.work_dir
    for name in ("prepare-000000", "prepare-000001"):
        files.write_bytes(files.join(work, "done", name), b"")
    files.write_bytes(files.join(work, "progress", "a.json"), b'{"examples": 7, "written": 3}')
    found = lines(status(str(tmp_path)))
    assert found["job"] == "job-7 (PrismRunner)"
    assert (found["page"], found["to end it"]) == ("http://there", "cancel job-7 there")
    assert found["state"] == "at work, or about to begin"
    assert found["done"] == "2 of step prepare"
    assert found["so far"].startswith("written 3 of 7 examples")
    assert "--resume goes on with it" in end(str(tmp_path))
    assert not files.exists(files.join(work, lease.LEASE))
    assert lines(status(str(tmp_path)))["state"].startswith("ended before its time")


def test_a_result_is_told_of(tmp_path: Path) -> None:
    run_here(tmp_path, 1)
    assert lines(status(str(tmp_path))) == {"result": "complete: 2 shards, 2 rows"}
    with pytest.raises(InputError, match="no work of a run that could go on"):
        end(str(tmp_path))


def test_where_there_is_nothing_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither the work of a run nor the result of one"):
        status(str(tmp_path))
