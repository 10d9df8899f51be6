"""Commands with a time limit; one that does not keep it says what it and its workers are at."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_DUMP_SECONDS = 2.0


def run_within(
    seconds: float, command: Sequence[object], **settings: object
) -> subprocess.CompletedProcess[str]:
    """Runs a command in a process group of its own, and gives what it printed.

    Raises:
        AssertionError: once the seconds have passed, with the stacks of all Python processes of the
            group; it is killed.
    """
    environment = {**os.environ, **settings.pop("env", {})}  # type: ignore[dict-item]
    hook = str(Path(__file__).parent / "stacks")
    path = [hook, *filter(None, [environment.get("PYTHONPATH")])]
    with tempfile.TemporaryDirectory() as stacks:
        environment |= {"STACKS": stacks, "PYTHONPATH": os.pathsep.join(path)}
        with subprocess.Popen(
            list(map(str, command)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
            **settings,  # type: ignore[call-overload]
        ) as process:
            try:
                out, err = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                told = _stacks(process.pid, Path(stacks))
                os.killpg(process.pid, signal.SIGKILL)
                out, err = process.communicate()
                raise AssertionError(
                    f"still there after {seconds} s\n{told}\nprinted: {out}\n{err}"
                ) from None
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _stacks(group: int, folder: Path) -> str:
    """What every process of the group is at, by its own account."""
    os.killpg(group, signal.SIGUSR1)
    time.sleep(_DUMP_SECONDS)
    return "\n".join(f"{path.stem}:\n{path.read_text()}" for path in sorted(folder.iterdir()))
