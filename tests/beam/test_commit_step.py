"""A job on an engine commits by itself, and one that is left over changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.beam.prism import Engine
from tests.beam.prism_jobs import IN_THE_MIDDLE, WORK, begun, eventually, local, thaw
from tests.commands import ended, run_bertprep
from tests.finished import contents
from tests.warm import WarmRun


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
    left = local(*making, "--output", output, "--no-wait", *engine.options)
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


# While what is committed gets its final names, of which the manifest's comes last; behind each
# shard of the job's only step, and before it; before any work, for which Prism waits a minute.
MOMENTS = [
    *(f"commit-{n}" for n in (6, 4, 2, 1)),
    *(f"step-write-after-{n}" for n in (4, 3, 2, 1)),
    *("step-write-1", "start-1"),
]


# Two tell most: files are half committed; and nothing is done yet, so that all may still be done.
REPRESENTATIVES = ("commit-4", "step-write-1")


@pytest.mark.parametrize(
    ("moments", "midway"),
    [
        pytest.param(REPRESENTATIVES[:1], True, id="midway"),
        pytest.param(REPRESENTATIVES[1:], False, id="at the end"),
        # A job for each moment, and a run that outlives them all.
        pytest.param(MOMENTS[1::2], True, id="many midway", marks=pytest.mark.exhaustive),
        pytest.param(MOMENTS[::2], False, id="many at the end", marks=pytest.mark.exhaustive),
    ],
)
def test_jobs_left_over_from_any_moment_change_nothing(
    engine: Engine,
    making: list[object],
    of_another_seed: Path,
    tmp_path: Path,
    moments: Sequence[str],
    midway: bool,
) -> None:
    """Each takes the place of the one before, and the last run that of them all.

    Their workers stand still at their moments, and go on in the middle of that run, or at its end.
    """
    output, frozen, seen = tmp_path / "out", set[int](), set[str]()
    command = [*making, "--output", output, *engine.options, "--overwrite"]

    def left(*more: object) -> WarmRun:
        process = begun(*command, *more)
        eventually(lambda: bool(engine.stopped() - frozen), process)
        (own,) = (path.name for path in output.glob(f"{WORK}/run-*"))
        assert own not in seen
        seen.add(own)
        return process

    for moment in moments:
        process = left("--job_name", f"stop-{moment}")
        process.kill()
        process.communicate()
        frozen |= engine.stopped()
    if midway:
        going_on = left("--seed", 7, *IN_THE_MIDDLE)
        in_the_middle = engine.stopped() - frozen
        thaw(frozen)
        engine.let_end(frozen)
        thaw(in_the_middle)
        done = ended(going_on)
    else:
        done = local(*command, "--seed", 7)
        thaw(frozen)
        engine.let_end(frozen)
    assert done.returncode == 0, done.stderr
    verified = run_bertprep("verify", output)
    assert "all as written" in verified.stdout
    assert contents(output) == contents(of_another_seed)
