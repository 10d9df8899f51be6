"""The time limit of commands that tests run."""

from __future__ import annotations

import sys

import pytest

from tests.timed import run_within

STANDS_STILL = """
import multiprocessing, time
def worker_that_waits(): time.sleep(60)
def command_that_waits(worker): worker.join()
worker = multiprocessing.get_context("fork").Process(target=worker_that_waits)
worker.start()
command_that_waits(worker)
"""


def test_a_command_that_stands_still_says_where_and_so_do_its_forks() -> None:
    with pytest.raises(AssertionError, match="still there after 1 s") as error:
        run_within(1, [sys.executable, "-c", STANDS_STILL])
    assert "in command_that_waits" in str(error.value)
    assert "in worker_that_waits" in str(error.value)


def test_what_a_command_that_ends_prints_comes_back() -> None:
    program = "import sys; print('out'); sys.exit('err')"
    done = run_within(60, [sys.executable, "-c", program])
    assert (done.stdout, done.stderr, done.returncode) == ("out\n", "err\n", 1)
