"""How far a run is, or its end: one of the two is asked for."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from pipelines.command.status import status
from pipelines.jobs import status as job


def test_the_end_is_asked_for_only_if_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "status", lambda folder, work: f"status of {folder} in {work}")
    monkeypatch.setattr(job, "end", lambda folder, work: f"end of {folder} in {work}")
    runner = CliRunner()
    assert runner.invoke(status, ["out"]).output == "status of out in None\n"
    work = ["--work-dir", "work"]
    assert runner.invoke(status, ["out", *work]).output == "status of out in work\n"
    assert runner.invoke(status, ["out", *work, "--end"]).output == "end of out in work\n"
