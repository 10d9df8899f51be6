"""Runs a command in a process of its own, and passes on what it says.

So nothing of a run is in the caller's process: no Beam, no signal handler, no thread, no memory.  A
notebook and a script without a guard on ``__main__`` are then as good a place as a terminal.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from bertprep import errors
from bertprep.calls.bar import Bar
from bertprep.calls.keywords import as_keywords
from bertprep.errors import BertprepError

MARK = "\x1e"  # begins each line that is said to a program
_MAIN = "from bertprep.__main__ import main_for_program; main_for_program()"
_PATIENCE_SECONDS = 60.0
_LAST_LINES = 5

log = logging.getLogger("bertprep")


def run(arguments: Sequence[str], progress: bool) -> Heard:
    """Runs ``bertprep`` with these arguments to its end; what it said.

    Notes and warnings go to the log ``bertprep``; the progress is a bar of tqdm.

    Raises:
        BertprepError: the one that the command ended with.
        KeyboardInterrupt: if the caller is interrupted; the command has cleaned up by then.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", _MAIN, *arguments],
        env=_environment(),
        stdin=None if "-" in arguments else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    heard = Heard(progress)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            heard.line(line)
        code = process.wait()
    except BaseException:
        _end(process)
        raise
    finally:
        heard.close()
        if process.stdout is not None:
            process.stdout.close()
    if code:
        raise heard.failure(code)
    return heard


def _end(process: subprocess.Popen[str]) -> None:
    """Ends the command, which puts in order what it leaves; not at once, as it may take a while."""
    with suppress(OSError):
        process.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        process.communicate(timeout=_PATIENCE_SECONDS)
    process.kill()
    process.wait()


def _environment() -> dict[str, str]:
    """It is to import what this process does, not what is in the folder it starts in."""
    path = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
    more = {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8"}
    return {**os.environ, **more}


class Heard:
    """The messages of a command so far.

    Attributes:
        results: what came of it, in words.
        figures: the same and more, as JSON has it.
    """

    def __init__(self, progress: bool) -> None:
        self.results: list[str] = []
        self.figures: dict[str, Any] = {}
        self._bar = Bar(progress)
        self._error: BertprepError | None = None
        self._other: list[str] = []

    def line(self, line: str) -> None:
        if not line.startswith(MARK):
            text = line.rstrip()
            self._other = [*self._other, text][-_LAST_LINES:]
            log.warning("%s", text)
            return
        event: Mapping[str, Any] = json.loads(line.removeprefix(MARK))
        if "note" in event:
            log.info("%s", event["note"])
        elif "detail" in event:
            log.debug("%s", event["detail"])
        elif "warning" in event:
            log.warning("%s", as_keywords(event["warning"]))
        elif "result" in event:
            self.results.append(event["result"])
            self.figures = event["figures"] or {}
        elif "error" in event:
            kind = getattr(errors, event["kind"], BertprepError)
            self._error = kind(as_keywords(event["error"]))
        elif "progress" in event:
            self._bar.show(event["progress"])

    def failure(self, code: int) -> BertprepError:
        if self._error:
            return self._error
        end = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        last = f": {' '.join(self._other)}" if self._other else ""
        return BertprepError(f"the process of the run {end}{last}")

    def close(self) -> None:
        self._bar.close()
