"""How far a step is: each worker notes it in a small file, and the command adds the files up."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections import Counter
from contextlib import suppress

from bertprep.stores.schemes import is_remote
from pipelines.folders import files, lease
from pipelines.steps import metrics

_NOTE_SECONDS = 0.3
# In a store each note is a request; they also show that a run lives.
_REMOTE_NOTE_SECONDS = 20.0


class ProgressNotes:
    """A worker's own sums, written to a file of its own now and then, and counted for Beam."""

    def __init__(self, folder: str) -> None:
        self._path = files.join(folder, f"{uuid.uuid4().hex}.json")
        self._is_remote = is_remote(folder)
        if not self._is_remote:
            os.makedirs(folder, exist_ok=True)
        self._sums: Counter[str] = Counter()
        self._next = 0.0
        if lease.is_own(os.path.dirname(folder)):
            self.flush()  # a worker has begun

    def add(self, what: str, amount: int) -> None:
        """Adds to a sum, and notes it if the last note is not quite new."""
        self._sums[what] += amount
        metrics.count(what, amount)
        if time.monotonic() >= self._next:
            self._write()

    def flush(self) -> None:
        """Notes the sums at the end of a piece of work; in a store only now and then."""
        if not self._is_remote or time.monotonic() >= self._next:
            self._write()

    def _write(self) -> None:
        """Writes the sums whole or not at all: what fails for want of room says so better."""
        seconds = _REMOTE_NOTE_SECONDS if self._is_remote else _NOTE_SECONDS
        self._next = time.monotonic() + seconds
        with suppress(OSError):
            if self._is_remote:
                files.write_bytes(self._path, json.dumps(self._sums).encode())
                return
            with open(self._path + ".new", "w") as stream:
                json.dump(self._sums, stream)
            os.replace(self._path + ".new", self._path)


def read_notes(folder: str) -> Counter[str]:
    """The sums of all workers so far."""
    total: Counter[str] = Counter()
    for name in files.names_in(folder):
        if name.endswith(".json"):
            try:
                total.update(json.loads(files.read_bytes(files.join(folder, name))))
            except (OSError, ValueError):
                continue
    return total
