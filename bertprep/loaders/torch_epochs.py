"""Which epoch a pass through a stream reads, where the loader around it does not say.

A loader that starts workers for each pass never tells the dataset in its own process.  So the
workers of a pass agree among themselves, in memory that all of them share with that process: the
first takes the epoch that is next and leaves a note of it for the others.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from typing import Any, NamedTuple

import torch

from bertprep.errors import UsageError
from bertprep.loaders.torch_tensors import shared_zeros

# Notes that are kept: of passes that run at the same time, and of workers that start late.
_NOTES = 16
_PATIENCE = 120.0  # seconds; a first worker that died ends its loader before
_WAIT = 0.002
# Where the numbers stand: the next epoch and step, whether anything said so, whether a loader keeps
# them at the batch that comes next, notes written; then the notes: which pass, its epoch and step.
_NEXT, _IS_NAMED, _IS_FOLLOWED, _WRITTEN, _FIRST = slice(0, 2), 2, 3, 4, 5


class Start(NamedTuple):
    """Where a pass begins."""

    epoch: int
    step: int


class Passes:
    """The passes through a stream, of all processes that hold it.

    Args:
        are_alike: each pass begins at the first batch of epoch 0, as a validation's do.
    """

    def __init__(self, are_alike: bool = False) -> None:
        self._are_alike = are_alike
        self._shared = shared_zeros(_FIRST + 3 * _NOTES, torch.int64)
        self._shared[_IS_FOLLOWED] = 1
        self._own = 0, 0  # this process, and the passes it has begun

    @property
    def next(self) -> Start:
        """Where the next pass begins."""
        epoch, step = self._shared[_NEXT].tolist()
        return Start(epoch, step)

    @property
    def is_named(self) -> bool:
        """Whether the epoch was said (``set_epoch``, a state), or came after another."""
        return bool(self._shared[_IS_NAMED])

    @property
    def is_followed(self) -> bool:
        """Whether ``next`` is the batch after the one in hand, as of a pass that is seen."""
        return bool(self._shared[_IS_FOLLOWED])

    def go_to(self, epoch: int, step: int) -> None:
        """Says where the next pass begins."""
        self.move(epoch, step)
        self._shared[_IS_NAMED] = self._shared[_IS_FOLLOWED] = 1

    def move(self, epoch: int, step: int) -> None:
        """Keeps the place while a pass is followed."""
        self._shared[_NEXT] = torch.tensor((epoch, step))

    def begin(self, *, is_followed: bool = False) -> Start:
        """Begins a pass in the process that asks for it; the next one is of the next epoch."""
        start = self.next
        if self._are_alike and not (start.step and self.is_named):
            start = Start(0, 0)
        self._shared[_IS_NAMED] = int(not self._are_alike)
        self._shared[_IS_FOLLOWED] = int(is_followed)
        if is_followed:
            self.move(*start)
        else:
            self.move(0 if self._are_alike else start.epoch + 1, 0)
        return start

    def join(self, worker: int) -> Start:
        """Begins a pass in a worker process, or joins the one that its first worker began.

        Raises:
            UsageError: if that has left no note.
        """
        name = self._name(worker)
        if worker == 0:
            start = self.begin()
            self._write(name, start)
            return start
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            found = self._read(name)
            if found:
                return found
            time.sleep(_WAIT)
        raise UsageError(
            f"a loader's worker {worker} found no epoch from worker 0 in {_PATIENCE:.0f} s: give "
            "the dataset to bertprep.torch.DataLoader, which tells its workers"
        )

    def _name(self, worker: int) -> int:
        """A number of the pass that its workers know, and no other's do.

        Processes are counted by the one that starts them, which starts all of a pass together.
        """
        process, begun = self._own
        begun = begun + 1 if process == os.getpid() else 1
        self._own = os.getpid(), begun
        identity: tuple[int, ...] = multiprocessing.current_process()._identity
        first = identity[-1] - worker if identity else 0
        return first << 32 | begun

    def _write(self, name: int, start: Start) -> None:
        """A note; its name comes last, so that nobody reads one that is not complete."""
        place = _FIRST + 3 * (int(self._shared[_WRITTEN]) % _NOTES)
        self._shared[place] = -1
        self._shared[place + 1 : place + 3] = torch.tensor(start)
        self._shared[place] = name
        self._shared[_WRITTEN] += 1

    def _read(self, name: int) -> Start | None:
        notes = self._shared[_FIRST:].view(_NOTES, 3).tolist()
        return next((Start(epoch, step) for own, epoch, step in notes if own == name), None)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        # Pickled for a file or a copy: memory of its own.
        if not self._shared.is_shared():  # type: ignore[no-untyped-call]
            self._shared.share_memory_()  # type: ignore[no-untyped-call]
