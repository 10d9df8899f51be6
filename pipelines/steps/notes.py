"""How far a step is: each worker notes it in a small file, and the command adds the files up."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections import Counter
from contextlib import suppress

from pipelines.folders import files

_NOTE_SECONDS = 0.3


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
        """Adds to a sum, and notes it if the last note is not quite new."""
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
