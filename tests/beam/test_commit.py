"""A job on an engine commits by itself, and one that is left over changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beam.prism import Engine
from tests.beam.prism_jobs import (
    IN_THE_MIDDLE,
    SIZES,
    WORK,
    begun,
    contents,
    eventually,
    local,
    thaw,
)
from tests.commands import ended, run_bertprep, start_bertprep


def test_a_job_whose_command_was_killed_commits_by_itself(
    engine: Engine, making: list[object], undisturbed: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    process = begun(*making, "--output", output, *engine.options, *IN_THE_MIDDLE)
    eventually(lambda: bool(engine.stopped()), process)
    process.kill()
    process.communicate()
    thaw(engine.stopped())
    eventually((output / "manifest.json").exists)
    told = run_bertprep("status", output)
    assert "complete: 4 shards" in told.stdout
    again = local(*making, "--output", output, "--resume", "--workers", 1)
    assert "is complete: a run of the same inputs and options wrote it" in again.stdout
    assert contents(output) == contents(undisturbed)


def test_a_job_that_is_not_waited_for_leaves_its_result_alone(
    engine: Engine, making: list[object], undisturbed: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    left = start_bertprep(*making, "--output", output, "--no-wait", *engine.options, sizes=SIZES)
    assert left.returncode == 0, left.stderr
    assert left.stdout.startswith("job          job-")
    assert engine.endpoint in left.stdout
    if not (output / "manifest.json").exists():
        refused = local(*making, "--output", output, "--overwrite", *engine.options)
        assert "is writing to" in refused.stderr or (output / "manifest.json").exists()
    eventually((output / "manifest.json").exists)
    eventually(lambda: not (output / WORK).exists())
    assert contents(output) == contents(undisturbed)


@pytest.fixture(scope="module")
def of_another_seed(making: list[object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("seed") / "out"
    assert local(*making, "--seed", 7, "--workers", 1, "--output", output).returncode == 0
    return output


MOMENTS = ["start-1", "step-write-1", *(f"step-write-after-{n}" for n in range(1, 4)), "commit-1"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_job_left_over_from_any_moment_changes_nothing(
    engine: Engine, making: list[object], of_another_seed: Path, tmp_path: Path, moment: str
) -> None:
    """Its workers stand still there, and go on in the middle of another run, or after its end."""
    output = tmp_path / "out"
    command = [*making, "--output", output, *engine.options]
    process = begun(*command, "--job_name", f"stop-{moment}")
    eventually(lambda: bool(engine.stopped()), process)
    frozen = engine.stopped()
    process.kill()
    process.communicate()
    (old,) = output.glob(f"{WORK}/run-*")
    other = [*command, "--overwrite", "--seed", 7]
    if MOMENTS.index(moment) % 2:
        done = local(*other)
        assert not old.exists()
    else:
        going_on = begun(*other, *IN_THE_MIDDLE)
        eventually(lambda: bool(engine.stopped() - frozen), going_on)
        in_the_middle = engine.stopped() - frozen
        assert not old.exists()
        thaw(frozen)
        engine.let_end(frozen)
        thaw(in_the_middle)
        done = ended(going_on)
    assert done.returncode == 0, done.stderr
    thaw(frozen)
    engine.let_end(frozen)
    verified = run_bertprep("verify", output)
    assert "all as written" in verified.stdout
    assert contents(output) == contents(of_another_seed)
