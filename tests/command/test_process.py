"""The command as a process: what it swallows, and what it shows."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import SECONDS, run

Run = Callable[..., "subprocess.CompletedProcess[str]"]

# An error where Python can only print it, while the command runs.
FORGOTTEN = """
import sys
from bertprep.errors import InputError
from pipelines.command import process
class Held:
    def __del__(self): raise ValueError("when it was forgotten")
def command():
    Held()
    {end}
process.run(command, sys.argv[1:])
"""


def forgotten(end: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = FORGOTTEN.format(end=end)
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.slow
def test_an_error_nobody_can_catch_is_shown_if_all_went_well() -> None:
    done = forgotten("return None")
    assert done.returncode == 0
    assert "ValueError: when it was forgotten" in done.stderr


@pytest.mark.slow
def test_after_a_failure_only_the_failure_is_told() -> None:
    done = forgotten("raise InputError('a.txt is bad')")
    assert (done.returncode, done.stderr) == (1, "bertprep: error: a.txt is bad\n")


@pytest.mark.slow
def test_a_maintainer_is_shown_both() -> None:
    done = forgotten("raise InputError('a.txt is bad')", "--debug")
    assert done.returncode == 1
    assert "ValueError: when it was forgotten" in done.stderr
    assert "Traceback (most recent call last)" in done.stderr
    assert done.stderr.endswith("bertprep: error: a.txt is bad\n")


@pytest.mark.slow
def test_a_bug_is_a_traceback() -> None:
    done = forgotten("raise KeyError('tokens')")
    assert done.returncode == 1
    assert "KeyError: 'tokens'" in done.stderr


@pytest.mark.parametrize("command", ["vocab", "prepare", "shard", "inspect", "verify"])
def test_every_command_takes_it(cli_in_process: Run, command: str) -> None:
    done = cli_in_process(command, "--debug", "--help")
    assert done.returncode == 0
    assert "--debug" in done.stdout


@pytest.mark.slow
def test_it_shows_what_the_workers_log(letters_vocab: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\xff\n")
    command = [sys.executable, "-m", "bertprep", "shard", "--debug", tmp_path / "bad.txt"]
    options = [
        "--vocab",
        letters_vocab,
        "--output",
        tmp_path / "out",
        "--workers",
        2,
        "--task",
        "none",
    ]
    done = run([*command, *options])
    assert done.returncode == 1
    assert "apache_beam" in done.stderr
    assert "Traceback (most recent call last)" in done.stderr
    assert "\nworker " in done.stderr
    assert "is not UTF-8" in done.stderr.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="needs SIGUSR1")
def test_a_command_that_stands_still_can_be_asked_where() -> None:
    program = FORGOTTEN.format(end="print('here', flush=True); import time; time.sleep(600)")
    command = [sys.executable, "-c", program, "--debug"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGUSR1)
        time.sleep(0.5)
        process.terminate()
        _, err = process.communicate(timeout=SECONDS)
    assert "in command" in err
    assert err.endswith("bertprep: error: terminated\n")
