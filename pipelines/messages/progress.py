"""How far a run is: workers note it in small files, the command shows it while Beam runs."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType

from pipelines.folders import files

_NOTE_SECONDS = 0.3
_TERMINAL_SECONDS = 0.5
_LOG_SECONDS = 30.0
_LEAST_FOR_ESTIMATE = 0.02
_USUAL_COLUMNS = 80


class ProgressNotes:
    """A worker's own sums, written to a file of its own now and then; nothing on remote folders."""

    def __init__(self, folder: str) -> None:
        self._path = None
        if not files.is_remote(folder):
            os.makedirs(folder, exist_ok=True)
            self._path = os.path.join(folder, f"{uuid.uuid4().hex}.json")
        self._sums: Counter[str] = Counter()
        self._next = 0.0

    def add(self, what: str, amount: int) -> None:
        self._sums[what] += amount
        if self._path and time.monotonic() >= self._next:
            self.flush()

    def flush(self) -> None:
        """Writes the sums whole or not at all: what fails for want of room says so better."""
        self._next = time.monotonic() + _NOTE_SECONDS
        if self._path:
            with suppress(OSError):
                with open(self._path + ".new", "w") as stream:
                    json.dump(self._sums, stream)
                os.replace(self._path + ".new", self._path)


def read_notes(folder: str) -> Counter[str]:
    """The sums of all workers so far."""
    total: Counter[str] = Counter()
    for name in files.names_in(folder) if not files.is_remote(folder) else []:
        if name.endswith(".json"):
            try:
                total.update(json.loads(files.read_bytes(os.path.join(folder, name))))
            except (OSError, ValueError):
                continue
    return total


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


def size(count: float) -> str:
    """Bytes for people: 340 bytes, 1.2 kB, 12,345.6 MB."""
    if count < 1e3:
        return f"{count:.0f} byte{'' if round(count) == 1 else 's'}"
    return f"{count / 1e3:.1f} kB" if count < 1e6 else f"{count / 1e6:,.1f} MB"


def duration(seconds: float) -> str:
    """Seconds for people: 0:07, 12:34, 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def plural(count: int, noun: str) -> str:
    """A count with its noun: 1 file, 1,234 files."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
