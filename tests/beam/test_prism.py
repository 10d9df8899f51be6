"""Whole jobs on Prism: the local bytes, and no harm from whatever is left running.

Workers come from a pool in another folder and have only what was staged.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bertprep.corpus.sizes import ReadSizes
from pipelines.steps.sizes import RunSizes
from tests.beam import prism
from tests.beam.prism import Engine
from tests.commands import (
    SECONDS,
    command_of,
    ended,
    run_bertprep,
    start,
    start_bertprep,
    without_notes,
)

RECORD, WORK = "run.json", ".bertprep-work"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    prism.skip_without_prism()
    with prism.running(tmp_path_factory.mktemp("prism")) as running:
        yield running


# For little text to be several splits, pools and packets.
SIZES = RunSizes(
    ReadSizes(least_split=30_000),
    bucket_tokens=5_000,
    pool_tokens=20_000,
    pool_documents=4,
    packet_bytes=20_000,
)


@pytest.fixture(scope="module")
def text(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of several splits."""
    folder = tmp_path_factory.mktemp("text")
    for number in range(4):
        texts = (text.replace("\n\n", "\n") for text in prose[number:20:4])
        (folder / f"{number}.txt").write_text("\n\n".join(texts), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def making(text: Path, vocab_dir: Path) -> list[object]:
    """A command of several steps of each kind."""
    return ["shard", text, "--vocab", vocab_dir, "--dupe-factor", 2, "--num-shards", 4]


@pytest.fixture(scope="module")
def undisturbed(making: list[object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("local") / "out"
    done = local(*making, "--workers", 1, "--output", output)
    assert done.returncode == 0, done.stderr
    return output


local = partial(run_bertprep, sizes=SIZES)
# The worker of such a job stands still behind its second shard.
IN_THE_MIDDLE = ("--job_name", "stop-step-write-after-2")


def contents(folder: Path) -> dict[str, bytes]:
    """All files, but for the one that tells when the run was."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != RECORD]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def begun(*command: object) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return start(command_of(*command, sizes=SIZES), env)


def eventually(happens: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    give_up = time.monotonic() + SECONDS
    while not happens():
        assert time.monotonic() < give_up, "it never came to that"
        if process is not None and process.poll() is not None:
            pytest.fail(f"the command ended before that: {process.communicate()}")
        time.sleep(0.02)


def steps(output: Path) -> list[str]:
    """The steps that are done."""
    return [path.name for path in output.glob(f"{WORK}/run-*/done/*") if path.suffix != ".part"]


@pytest.mark.parametrize("names", [["vocab"], ["prepare", "of prepared"], ["shard"], ["clean"]])
def test_whole_jobs_give_the_local_bytes(
    engine: Engine,
    text: Path,
    making: list[object],
    undisturbed: Path,
    tmp_path: Path,
    names: list[str],
) -> None:
    jobs = {
        "vocab": ["vocab", text, "--vocab-size", 2000],
        "prepare": ["prepare", *making[1:4]],
        "of prepared": ["shard", tmp_path / "here prepare", *making[4:]],
        "shard": making,
        "clean": ["clean", text, "--duplicates", "lines", "--near-duplicates", "0.6"],
    }
    for name in names:
        here, there = tmp_path / f"here {name}", tmp_path / f"there {name}"
        if name == "shard":
            here = undisturbed
        else:
            assert local(*jobs[name], "--workers", 1, "--output", here).returncode == 0
        done = local(*jobs[name], "--output", there, *engine.options)
        assert done.returncode == 0, done.stderr
        assert contents(there) == contents(here), name


def test_a_killed_worker_ends_the_run_in_one_line_and_it_is_resumed(
    engine: Engine, making: list[object], undisturbed: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    command = [*making, "--output", output, *engine.options]
    process = begun(*command, *IN_THE_MIDDLE)
    eventually(lambda: bool(engine.stopped()), process)
    assert 0 < len(steps(output)) < 8  # of steps at work side by side, the second may end first
    prism.send(signal.SIGKILL, engine.stopped())
    failed = ended(process)
    assert failed.returncode == 1
    (line,) = without_notes(failed.stderr)
    assert line.startswith("bertprep: error: the job failed: ")
    assert line.endswith("; the same command with --resume goes on from what is done")
    resumed = local(*command, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert contents(output) == contents(undisturbed)


def test_an_interrupted_command_cancels_its_job(
    engine: Engine, making: list[object], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    process = begun(*making, "--output", output, *engine.options, *IN_THE_MIDDLE)
    eventually(lambda: bool(engine.stopped()), process)
    process.send_signal(signal.SIGINT)
    done = ended(process)
    thaw(engine.stopped())
    assert done.returncode == 130
    said = "\n".join(without_notes(done.stderr))
    assert "cancelling the job job-" in said
    assert "has ended; the same command with --resume goes on" in said


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


def thaw(workers: set[int]) -> None:
    prism.send(signal.SIGCONT, workers)
