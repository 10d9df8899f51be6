"""A run goes on only as long as it holds the lease of its own work."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.errors import OutputError
from pipelines.folders import lease
from pipelines.steps.checkpoint import remembered
from pipelines.steps.report import Report


def own(tmp_path: Path) -> Path:
    return tmp_path / ".bertprep-work" / lease.new_run()


def test_no_two_runs_have_one_name() -> None:
    names = {lease.new_run() for _ in range(100)}
    assert len(names) == 100
    assert all(map(lease.is_run_name, names))
    assert not any(map(lease.is_run_name, ("done", "run-", "run-" + "g" * 32, None, 7)))


def test_a_lease_is_of_its_token_until_it_is_taken_away(tmp_path: Path) -> None:
    work = str(own(tmp_path))
    before, now = lease.grant(work), lease.grant(work)  # the run was resumed
    lease.check(work)
    lease.check(work, now)
    with pytest.raises(OutputError, match="another one took its output over; this job ends here"):
        lease.check(work, before)
    lease.revoke(work)
    for token in (None, now):
        with pytest.raises(OutputError):
            lease.check(work, token)


def test_work_without_a_name_needs_no_lease(tmp_path: Path) -> None:
    lease.check(str(tmp_path / ".bertprep-work"))


def test_a_step_of_a_run_that_was_ended_does_nothing(tmp_path: Path) -> None:
    work = own(tmp_path)
    lease.grant(str(work))
    remembered(str(work), "step", 1, lambda: [Report()])
    lease.revoke(str(work))
    with pytest.raises(OutputError):
        remembered(str(work), "step", 1, lambda: pytest.fail("it was made again"))


def test_what_a_step_wrote_too_late_goes_again(tmp_path: Path) -> None:
    """Its run was ended, and its folder removed, while it was at work."""
    work = own(tmp_path)
    lease.grant(str(work))

    def make() -> list[Report]:
        lease.revoke(str(work))
        (work / "shards").mkdir()
        (work / "shards" / "late").write_bytes(b"late")
        return [Report()]

    with pytest.raises(OutputError):
        remembered(str(work), "step", 1, make)
    assert not work.exists()
