"""The tests' own tools: a command that hangs is ended, and shows where it and its workers are."""

from __future__ import annotations

import sys

import pytest

from tests.commands import run, without_progress

HANGING = """
import subprocess, sys, time
def wait_for_the_worker():
    code = "import time\\ndef work_for_long(): time.sleep(1000)\\nwork_for_long()"
    subprocess.run([sys.executable, "-c", code])
wait_for_the_worker()
"""


@pytest.mark.slow
def test_a_command_that_hangs_shows_the_stacks_of_all_its_processes() -> None:
    with pytest.raises(pytest.fail.Exception) as failed:
        run([sys.executable, "-c", HANGING], seconds=3)
    assert "had not ended after 3 s" in str(failed.value)
    assert "in wait_for_the_worker" in str(failed.value)
    assert "in work_for_long" in str(failed.value)


@pytest.mark.slow
def test_a_command_that_ends_gives_its_output_and_code() -> None:
    done = run([sys.executable, "-c", "import sys; print('out'); sys.exit('err')"])
    assert (done.stdout, done.stderr, done.returncode) == ("out\n", "err\n", 1)


def test_progress_is_left_out_and_nothing_else() -> None:
    said = (
        "reading a.txt: text\n"
        "stage 1 of 3, reading: 12%, 0:10 elapsed, 1:20 left\n"
        "counting words: 100%\nlearning pieces: 40%, 0:03 left\n"
        "warning: made of nothing\n"
    )
    assert without_progress(said) == "reading a.txt: text\nwarning: made of nothing\n"
