"""A process that leaves at once does all that Python would do but for taking itself apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from bertprep.common.process_end import leaving_at_once
class Held:
    def __del__(self): print("taken apart")
with leaving_at_once():
    import atexit, threading, time
    held = Held()
    atexit.register(print, "put away")
    threading.Thread(target=lambda: (time.sleep(0.1), print("the thread's last word"))).start()
    {end}
"""


def ended(end: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM.format(end=end)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.parametrize(("end", "code"), [("sys.exit(3)", 3), ("sys.exit()", 0)])
def test_all_is_said_and_put_away_and_nothing_taken_apart(end: str, code: int) -> None:
    done = ended(f"print('said', end=''); {end}")
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout == "saidthe thread's last word\nput away\n"


@pytest.mark.slow
@pytest.mark.parametrize("end", ["sys.exit('a message')", "raise ValueError('a message')", "pass"])
def test_any_other_end_is_pythons(end: str) -> None:
    done = ended(end)
    assert done.returncode == (end != "pass")
    assert ("a message" in done.stderr) == (end != "pass")
    assert done.stdout.endswith("taken apart\n")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_where_nothing_can_be_said_it_is_no_success() -> None:
    command = [sys.executable, "-c", PROGRAM.format(end="print('said'); sys.exit()")]
    with Path("/dev/full").open("w") as full:
        assert subprocess.run(command, stdout=full, stderr=subprocess.DEVNULL).returncode
