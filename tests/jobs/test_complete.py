"""A job without anything left to do has succeeded."""

from __future__ import annotations

import pytest

from bertprep.errors import InputError
from pipelines.folders.already_complete import Complete
from pipelines.jobs.complete import LeftRunning, unless_complete


@pytest.mark.parametrize("kind", [Complete, LeftRunning])
def test_what_it_says_is_the_result(kind: type, capsys: pytest.CaptureFixture[str]) -> None:
    @unless_complete
    def job(folder: str, *, seed: int) -> None:
        raise kind(f"{folder} is complete, {seed}")

    job("out", seed=3)
    assert capsys.readouterr().out == "out is complete, 3\n"


def test_a_fault_stays_one() -> None:
    @unless_complete
    def job() -> None:
        raise InputError("bad")

    with pytest.raises(InputError):
        job()
