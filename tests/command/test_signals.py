"""Signals end the command, with a code of their own, whatever its threads do."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys, threading, time
from pipelines.command import process, signals
signals._SECONDS_TO_END = 0.1
def command():
    {before}
    os.kill(os.getpid(), signal.{name})
    time.sleep(600)
process.run(command, sys.argv[1:])
"""


def ended_by(name: str, before: str = "pass") -> tuple[int, str]:
    program = PROGRAM.format(name=name, before=before)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    return done.returncode, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SIGINT", "interrupted"),
        ("SIGTERM", "terminated"),
        ("SIGHUP", "terminated: the terminal hung up"),
    ],
)
def test_a_signal_is_told_in_a_line_and_by_the_code(name: str, said: str) -> None:
    if not hasattr(signal, name):
        pytest.skip(f"there is no {name}")
    code = 128 + getattr(signal, name)
    assert ended_by(name) == (code, f"bertprep: error: {said}\n")


@pytest.mark.slow
def test_a_thread_that_nobody_stops_does_not_outlive_a_signal() -> None:
    """As Beam's, when the signal comes between its start and what would stop it."""
    before = "threading.Thread(target=time.sleep, args=(600,)).start()"
    assert ended_by("SIGTERM", before) == (143, "bertprep: error: terminated\n")
