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
from contextlib import suppress
from pathlib import Path

import pytest

from tests.beam import prism
from tests.beam.prism import Engine
from tests.commands import ended, run_bertprep, start, start_bertprep, without_notes

RECORD, WORK = "run.json", ".bertprep-work"
SECONDS = 150


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    prism.skip_without_prism()
    with prism.running(tmp_path_factory.mktemp("prism")) as running:
        yield running


@pytest.fixture(scope="module")
def text(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files enough for several splits."""
    folder = tmp_path_factory.mktemp("text")
    for number in range(4):
        texts = (text.replace("\n\n", "\n") for text in prose[number::4] * 3)
        (folder / f"{number}.txt").write_text("\n\n".join(texts), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def making(text: Path, vocab_dir: Path) -> list[object]:
    """A command of several steps of each kind."""
    return ["shard", text, "--vocab", vocab_dir, "--dupe-factor", 2, "--num-shards", 8]


@pytest.fixture(scope="module")
def undisturbed(making: list[object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("local") / "out"
    done = run_bertprep(*making, "--workers", 1, "--output", output)
    assert done.returncode == 0, done.stderr
    return output


def contents(folder: Path) -> dict[str, bytes]:
    """All files, but for the one that tells when the run was."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != RECORD]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def begun(*command: object) -> subprocess.Popen[str]:
    return start([sys.executable, "-m", "pipelines.cli", *command])


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
            assert run_bertprep(*jobs[name], "--workers", 1, "--output", here).returncode == 0
        done = run_bertprep(*jobs[name], "--output", there, *engine.options)
        assert done.returncode == 0, done.stderr
        assert contents(there) == contents(here), name


def test_a_killed_worker_ends_the_run_in_one_line_and_it_is_resumed(
    engine: Engine, making: list[object], undisturbed: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    command = [*making, "--output", output, *engine.options]
    process, before = begun(*command), engine.workers()
    eventually(lambda: len(steps(output)) > 1, process)
    for worker in engine.workers() - before:
        os.kill(worker, signal.SIGKILL)
    failed = ended(process)
    assert failed.returncode == 1
    (line,) = without_notes(failed.stderr)
    assert line.startswith("bertprep: error: the job failed: ")
    assert line.endswith("; the same command with --resume goes on from what is done")
    resumed = run_bertprep(*command, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert contents(output) == contents(undisturbed)


def test_an_interrupted_command_cancels_its_job(
    engine: Engine, making: list[object], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    process = begun(*making, "--output", output, *engine.options)
    eventually(lambda: len(steps(output)) > 1, process)
    process.send_signal(signal.SIGINT)
    done = ended(process)
    assert done.returncode == 130
    said = "\n".join(without_notes(done.stderr))
    assert "cancelling the job job-" in said
    assert "has ended; the same command with --resume goes on" in said


def test_a_job_whose_command_was_killed_commits_by_itself(
    engine: Engine, making: list[object], undisturbed: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    process = begun(*making, "--output", output, *engine.options)
    eventually(lambda: len(steps(output)) > 1, process)
    process.kill()
    process.communicate()
    eventually((output / "manifest.json").exists)
    told = run_bertprep("status", output)
    assert "complete: 8 shards" in told.stdout
    again = run_bertprep(*making, "--output", output, "--resume", "--workers", 1)
    assert "is complete: a run of the same inputs and options wrote it" in again.stdout
    assert contents(output) == contents(undisturbed)


def test_a_job_that_is_not_waited_for_leaves_its_result_alone(
    engine: Engine, making: list[object], undisturbed: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    left = start_bertprep(*making, "--output", output, "--no-wait", *engine.options)
    assert left.returncode == 0, left.stderr
    assert left.stdout.startswith("job          job-")
    assert engine.endpoint in left.stdout
    if not (output / "manifest.json").exists():
        refused = run_bertprep(*making, "--output", output, "--overwrite", *engine.options)
        assert "is writing to" in refused.stderr or (output / "manifest.json").exists()
    eventually((output / "manifest.json").exists)
    eventually(lambda: not (output / WORK).exists())
    assert contents(output) == contents(undisturbed)


@pytest.fixture(scope="module")
def of_another_seed(making: list[object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("seed") / "out"
    assert run_bertprep(*making, "--seed", 7, "--workers", 1, "--output", output).returncode == 0
    return output


@pytest.mark.parametrize("moment", [*range(9), None])
def test_a_job_left_over_from_any_moment_changes_nothing(
    engine: Engine,
    making: list[object],
    of_another_seed: Path,
    tmp_path: Path,
    moment: int | None,
) -> None:
    """Its workers stand still there, and go on in the middle of another run, or after its end."""
    output = tmp_path / "out"
    command = [*making, "--output", output, *engine.options]
    before = engine.workers()
    process = begun(*command)

    def has_come() -> bool:
        if moment is None:  # in the commit
            return any(output.glob(f"{WORK}/run-*/final/*"))
        return len(steps(output)) >= moment if moment else bool(engine.workers() - before)

    eventually(has_come, process)
    frozen = engine.workers() - before
    for worker in frozen:
        os.kill(worker, signal.SIGSTOP)
    process.kill()
    process.communicate()
    (old,) = output.glob(f"{WORK}/run-*")
    other = begun(*command, "--overwrite", "--seed", 7)
    if moment is not None and moment % 2 == 0:
        eventually(lambda: not old.exists() and len(steps(output)) > 2, other)
        thaw(frozen)
    done = ended(other)
    assert done.returncode == 0, done.stderr
    thaw(frozen)
    eventually(lambda: not engine.workers() & frozen)
    verified = run_bertprep("verify", output)
    assert "all as written" in verified.stdout
    assert contents(output) == contents(of_another_seed)


def thaw(workers: set[int]) -> None:
    for worker in workers:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGCONT)
