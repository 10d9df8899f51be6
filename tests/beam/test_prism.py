"""Whole jobs on Prism: the local bytes, and no harm from whatever is left running.

Workers come from a pool in another folder and have only what was staged.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.beam import prism
from tests.beam.prism import Engine
from tests.beam.prism_jobs import IN_THE_MIDDLE, begun, eventually, local, steps, thaw
from tests.commands import ended, without_notes
from tests.finished import contents


@pytest.mark.parametrize("names", [["vocab"], ["prepare", "of prepared"], ["shard"], ["clean"]])
def test_whole_jobs_give_the_local_bytes(
    engine: Engine,
    prism_text: Path,
    making: list[object],
    undisturbed: Path,
    tmp_path: Path,
    names: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(prism_text.parent)  # where the workers of the pool are not
    jobs = {
        "vocab": ["vocab", prism_text, "--vocab-size", 2000],
        "prepare": ["prepare", *making[1:4]],
        "of prepared": ["shard", tmp_path / "here prepare", *making[4:]],
        "shard": making,
        "clean": ["clean", prism_text, "--duplicates", "lines", "--near-duplicates", "0.6"],
    }
    for name in names:
        here, there = tmp_path / f"here {name}", tmp_path / f"there {name}"
        if name == "shard":
            here = undisturbed
        else:
            assert local(*jobs[name], "--workers", 1, "--output", here).returncode == 0
        job = [prism_text.name if word == prism_text else word for word in jobs[name]]
        done = local(*job, "--output", there, *engine.options)
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
