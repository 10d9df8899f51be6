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
from types import TracebackType

from pipelines import files

_NOTE_SECONDS = 0.3
_TERMINAL_SECONDS = 0.5
_LOG_SECONDS = 30.0
_LEAST_FOR_ESTIMATE = 0.02


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
        """Writes the sums whole or not at all."""
        self._next = time.monotonic() + _NOTE_SECONDS
        if self._path:
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
        while not self._stop.wait(_TERMINAL_SECONDS if self._terminal else _LOG_SECONDS):
            line = describe(read_notes(self._folder), self._total, time.monotonic() - self._started)
            sys.stderr.write(f"\r\x1b[K{line}" if self._terminal else f"{line}\n")
            sys.stderr.flush()


def describe(notes: Mapping[str, int], total_bytes: int, seconds: float) -> str:
    """One line: bytes read of total, examples written, rate, time left."""
    read, written, made = (notes.get(k, 0) for k in ("bytes_read", "written", "examples"))
    parts = [f"read {megabytes(min(read, total_bytes))} of {megabytes(total_bytes)} MB"]
    if made:
        parts.append(f"written {written:,} of {made:,} examples")
    if seconds > 0:
        parts.append(f"{megabytes(read / seconds)} MB/s" if not made else f"{seconds:.0f} s")
    done = written / made if made else read / total_bytes if total_bytes else 0
    if not made and _LEAST_FOR_ESTIMATE < done < 1:
        parts.append(f"{duration(seconds * (1 - done) / done)} left to read")
    return ", ".join(parts)


def megabytes(count: float) -> str:
    return f"{count / 1e6:,.1f}"


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
