"""How far a run is, shown while Beam runs."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping
from types import TracebackType

from bertprep.common.units import duration, size
from pipelines.steps.notes import read_notes

_TERMINAL_SECONDS = 0.5
_LOG_SECONDS = 30.0
_LEAST_FOR_ESTIMATE = 0.02
_USUAL_COLUMNS = 80


class ProgressLine:
    """Shows the notes on standard error: a line renewed in place on a terminal, else a rare one."""

    def __init__(self, folder: str, total_bytes: int) -> None:
        self._folder = folder
        self._total = total_bytes
        self._started = time.monotonic()
        self._terminal = sys.stderr.isatty()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> ProgressLine:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        if self._terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _run(self) -> None:
        stage, began, seen = "", self._started, self._started
        while not self._stop.wait(_TERMINAL_SECONDS if self._terminal else _LOG_SECONDS):
            notes = read_notes(self._folder)
            if stage != stage_of(notes):
                stage, began = stage_of(notes), seen
            seen = time.monotonic()
            self._show(describe(notes, self._total, seen - began))

    def _show(self, line: str) -> None:
        if self._terminal:  # a line that wraps could not be renewed in place
            line = f"\r\x1b[K{line[: _columns() - 1]}"
        sys.stderr.write(line if self._terminal else f"{line}\n")
        sys.stderr.flush()


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_COLUMNS
    except OSError:
        return _USUAL_COLUMNS


def stage_of(notes: Mapping[str, int]) -> str:
    """What the run is at: ``read``, ``make`` (examples) or ``write``."""
    return "write" if notes.get("written") else "make" if notes.get("examples") else "read"


def describe(notes: Mapping[str, int], total_bytes: int, seconds: float) -> str:
    """One line: bytes read of total, examples written, rate, time left (of its stage).

    ``seconds`` have passed since the stage began.  Where there is nothing to read, nothing is said
    of it.
    """
    read, written, made = (notes.get(k, 0) for k in ("bytes_read", "written", "examples"))
    stage = stage_of(notes)
    if stage == "read" and not total_bytes:
        return "made 0 examples"
    if stage == "read":
        read = min(read, total_bytes)
        line = f"read {size(read)} of {size(total_bytes)}"
        rate = f"{size(read / seconds)}/s" if seconds else ""
        return ", ".join(filter(None, (line, rate, _left(read, total_bytes, seconds, "read"))))
    line = f"read {size(total_bytes)}, " if total_bytes else ""
    if stage == "make":
        return f"{line}made {made:,} examples"
    line += f"written {written:,} of {made:,} examples"
    rate = f"{written / seconds:,.0f}/s" if seconds else ""
    return ", ".join(filter(None, (line, rate, _left(written, made, seconds, "write"))))


def _left(done: int, total: int, seconds: float, what: str) -> str:
    share = done / total if total else 0
    if not _LEAST_FOR_ESTIMATE < share < 1:
        return ""
    return f"{duration(seconds * (1 - share) / share)} left to {what}"
