"""Runs that are harmed, and what a killed run leaves behind, kept of many moments of one run.

At each of its moments the command stands still while its output is copied: what is there then is
what is left of a command that is killed at that moment.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bertprep.corpus.sizes import ReadSizes
from pipelines.steps.sizes import RunSizes
from tests.commands import run_bertprep
from tests.finished import contents

SABOTAGE = Path(__file__).parent / "sabotage"
SIZES = RunSizes(ReadSizes(least_split=60_000))
END = "end"

Contents = dict[str, bytes]


def sabotaging(sabotage: str, **variables: object) -> dict[str, str]:
    """The environment in which a command has done to it what ``SABOTAGE`` documents."""
    path = os.pathsep.join([str(SABOTAGE), *sys.path])
    more = {name: str(value) for name, value in variables.items()}
    return {**os.environ, "PYTHONPATH": path, "SABOTAGE": sabotage, **more}


def sabotaged_run(
    sabotage: str, *args: object, **variables: object
) -> subprocess.CompletedProcess[str]:
    """The command in such an environment."""
    return run_bertprep(*args, env=sabotaging(sabotage, **variables), sizes=SIZES)


def killed_run(moment: str, *args: object) -> None:
    """A run whose process is killed at a moment, as ``commit 1``."""
    done = sabotaged_run(f"command {moment} kill", *args)
    assert done.returncode == -signal.SIGKILL, (moment, done.stderr)


class KeptMoments:
    """Copies of a folder as a command that is killed at one of these moments leaves it.

    Attributes:
        command: the run, with its output.
        output: its folder.
        ended: what was in it at the end.
    """

    def __init__(self, folder: Path, moments: Iterable[str], *args: object) -> None:
        self.output, self._kept = folder / "out", folder / "kept"
        self.command = [*args, "--output", self.output]
        self._kept.mkdir(parents=True)
        sabotage = ";".join(f"command {moment} keep" for moment in moments)
        done = sabotaged_run(sabotage, *self.command, KEEP=self.output, KEPT=self._kept)
        assert done.returncode == 0, done.stderr
        assert {path.name for path in self._kept.iterdir()} == set(moments)
        self.ended = contents(self.output)
        shutil.copytree(self.output, self._kept / END)

    def left(self, moment: str) -> Path:
        """The output as it was at a moment, or at the end, in its place."""
        shutil.rmtree(self.output)
        return Path(shutil.copytree(self._kept / moment, self.output))
