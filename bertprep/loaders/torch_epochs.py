"""Which epoch a pass through a stream reads, where the loader around it does not say.

A loader that starts workers for each pass never tells the dataset in its own process.  So the
workers of a pass agree among themselves, in memory that all of them share with that process: the
first takes the epoch that is next and leaves a note of it for the others.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import torch
from torch import Tensor

from bertprep.errors import UsageError
from bertprep.loaders.torch_shared import Notes, PassNames, SharedNumbers

# Notes that are kept: of passes that run at the same time, and of workers that start late.
_NOTES = 16
_PATIENCE = 120.0  # seconds; a first worker that died ends its loader before
_WAIT = 0.002
# Where the numbers stand: the next epoch and step, whether anything said so, whether a loader keeps
# them at the batch that comes next; then the notes of the epoch and step that passes began at.
_NEXT, _IS_NAMED, _IS_FOLLOWED, _FIRST = slice(0, 2), 2, 3, 4


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
        self._numbers = SharedNumbers(_FIRST + Notes.size(_NOTES))
        self._notes = Notes(self._numbers, _FIRST, _NOTES)
        self._names = PassNames()
        self._shared[_IS_FOLLOWED] = 1

    @property
    def _shared(self) -> Tensor:
        return self._numbers.values

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
        name = self._names.of_worker(worker)
        if worker == 0:
            start = self.begin()
            self._notes.write(name, *start)
            return start
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            found = self._notes.read().get(name)
            if found:
                return Start(*found)
            time.sleep(_WAIT)
        raise UsageError(
            f"a loader's worker {worker} found no epoch from worker 0 in {_PATIENCE:.0f} s: give "
            "the dataset to bertprep.torch.DataLoader, which tells its workers"
        )
