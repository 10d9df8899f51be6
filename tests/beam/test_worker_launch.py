"""Workers that are started ahead."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.runner import beam_run, worker_launch
from tests.beam.broken_runs import FailBesideBusy, is_alive, needs_proc, raised, wait_until


@pytest.mark.parametrize("ahead", [0, 2])
def test_worker_processes_that_cannot_start_end_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ahead: int
) -> None:
    # Beam would wait for them for ever.
    monkeypatch.setattr(worker_launch.sys, "executable", shutil.which("false"))
    beam_run.start_workers([], ahead)
    expected = "a worker process ended with exit code 1: it left no message"
    assert str(raised(FailBesideBusy(tmp_path, None), 2)) == expected


STARTED_IN_VAIN = """
from pipelines.runner import worker_launch
from pipelines.runner import beam_run
beam_run.start_workers(["--runner=FlinkRunner"], 2)
beam_run.start_workers([], None)
beam_run.start_workers([], 1)
assert worker_launch._waiting == []
beam_run.start_workers([], 2)
print(*[process.pid for process in worker_launch._waiting], flush=True)
"""


@needs_proc
def test_worker_processes_started_ahead_end_with_a_run_that_does_not_begin() -> None:
    done = subprocess.run([sys.executable, "-c", STARTED_IN_VAIN], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 2
    wait_until(lambda: not any(map(is_alive, done.stdout.split())))
