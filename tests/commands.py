"""Commands as a user starts them, but that they end in time, or show what they were at."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pipelines.steps.sizes import RunSizes
from tests.sized import as_text
from tests.warm import WarmRun, WarmStarts

SECONDS = 150  # that no command should come near, however busy the machine is
_STACKS = "BERTPREP_TEST_STACKS"
_ROOT = Path(__file__).parents[1]
# Beside a busy neighbour a run takes longer than the 30 s after which it tells how far it is.
_PROGRESS = re.compile(
    r"^(?:stage \d of \d, [a-z ]+|counting words|learning pieces): \d+%.*\n", re.M
)


def start(
    command: Sequence[object], env: Mapping[str, str] | None = None, **kwargs: Any
) -> subprocess.Popen[str]:
    """Starts a command whose output is kept, and which can be asked for its stacks."""
    env = _asking_for_stacks(env)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = subprocess.Popen(list(map(str, command)), env=env, **{**pipes, **kwargs})
    started.stacks = Path(env[_STACKS])  # type: ignore[attr-defined]
    return started


def _asking_for_stacks(env: Mapping[str, str] | None) -> dict[str, str]:
    """An environment in which a Python process shows its stacks, in a new file, when asked."""
    env = dict(os.environ if env is None else env)
    handle, env[_STACKS] = tempfile.mkstemp(prefix="stacks-", suffix=".txt")
    os.close(handle)
    paths = (env.get("PYTHONPATH"), str(Path(__file__).with_name("stacks")))
    env["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return env


def ended(
    command: subprocess.Popen[str] | WarmRun, seconds: float = SECONDS
) -> subprocess.CompletedProcess[str]:
    """The command once it has ended; if it does not in time, the test fails with its stacks."""
    stacks: Path = command.stacks  # type: ignore[attr-defined]
    try:
        out, err = command.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        shown = _show_stacks(command.pid, stacks)
        out, err = command.communicate()
        pytest.fail(f"{command.args} had not ended after {seconds} s; {err}\n{shown}")
    finally:
        stacks.unlink(missing_ok=True)
    return subprocess.CompletedProcess(
        command.args, command.returncode, out, err and without_progress(err)
    )


def run(
    command: Sequence[object], seconds: float = SECONDS, **kwargs: Any
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end; its output and exit code come back, but for its progress."""
    return ended(start(command, **kwargs), seconds)


def command_of(*args: object, sizes: RunSizes | None = None) -> list[object]:
    """The line that starts ``bertprep``; with sizes of its steps that no user chooses."""
    program = ["tests.sized", as_text(sizes)] if sizes else ["pipelines.cli"]
    return [sys.executable, "-m", *program, *args]


def start_bertprep(
    *args: object, sizes: RunSizes | None = None, **kwargs: Any
) -> subprocess.CompletedProcess[str]:
    """Runs ``bertprep`` as a user would, in a process started anew."""
    if sizes:  # the program of that is among the tests
        env = kwargs.pop("env", None) or os.environ
        path = os.pathsep.join(filter(None, (env.get("PYTHONPATH"), str(_ROOT))))
        kwargs["env"] = {**env, "PYTHONPATH": path}
    return run(command_of(*args, sizes=sizes), **kwargs)


_warm: list[WarmStarts] = []  # one, once it is needed


def run_bertprep(
    *args: object, env: Mapping[str, str] | None = None, sizes: RunSizes | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs ``bertprep`` in a process of its own, a second quicker: forked from one with Beam.

    Such a fork would start workers of its own in another way than a user's command does.
    """
    words = list(map(str, args))
    workers = words[-words[::-1].index("--workers")] if "--workers" in words else "1"
    if sys.platform != "linux" or workers != "1":
        return start_bertprep(*args, env=env, sizes=sizes)
    return ended(begin_bertprep(*args, env=env, sizes=sizes))


def begin_bertprep(
    *args: object, env: Mapping[str, str] | None = None, sizes: RunSizes | None = None
) -> Any:
    """Begins such a run: as `subprocess.Popen`; no other one may begin before it has ended."""
    if not _warm:
        _warm.append(WarmStarts())
    env = _asking_for_stacks(env)
    run = _warm[0].begin(list(map(str, args)), env, sizes)
    run.stacks = Path(env[_STACKS])
    return run


def without_progress(text: str) -> str:
    """The lines of standard error, but for how far the command was."""
    return _PROGRESS.sub("", text)


def _show_stacks(pid: int, stacks: Path) -> str:
    """Asks a command and its workers for their stacks, and ends them."""
    shown = []
    pids = [pid, *_descendants(pid)]
    for each in pids:
        before = stacks.stat().st_size
        _send(each, signal.SIGUSR2)
        time.sleep(0.5)
        shown.append(f"process {each}:\n{stacks.read_text()[before:]}")
    for each in pids:
        _send(each, signal.SIGKILL)
    return "\n".join(shown)


def _send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _descendants(pid: int) -> Iterator[int]:
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            yield child
            yield from _descendants(child)


def without_notes(stderr: str) -> list[str]:
    """The lines of a run but for those that say what it reads, and warn."""
    return [line for line in stderr.splitlines() if not line.startswith(("reading ", "warning: "))]
