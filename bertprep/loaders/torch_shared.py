"""Numbers that a dataset and the workers of its loaders share, and no other process.

Who sends a dataset to other processes makes either a loader's workers, which read for it, or ranks,
copies and files, each of which goes its own way.  Only the former see the same memory.
"""

from __future__ import annotations

import multiprocessing
import os
import weakref
from typing import Any

import torch

from bertprep.loaders.torch_wrappers import loader_pass


class SharedNumbers:
    """Integers that a process and the workers of its loaders see alike.

    A copy has numbers of its own: one that is pickled, copied, or in a process that was forked and
    is no worker.

    Args:
        count: how many; all are 0.

    Attributes:
        values: int64[count].
    """

    def __init__(self, count: int) -> None:
        self.values = torch.zeros(count, dtype=torch.int64)
        self._share()

    def _share(self) -> None:
        if not self.values.is_shared():  # type: ignore[no-untyped-call]
            self.values.share_memory_()  # type: ignore[no-untyped-call]
        _ALL.add(self)

    def part(self) -> None:
        """Leaves them to the others that share them, and goes on with the same values."""
        self.values = self.values.clone()
        self._share()

    def __getstate__(self) -> dict[str, Any]:
        is_for_worker = loader_pass() is not None
        # No tensor in the other case: a copy's memory would be gone before it is received.
        return {"values": self.values if is_for_worker else self.values.tolist()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.values = torch.as_tensor(state["values"])
        self._share()


_ALL: weakref.WeakSet[SharedNumbers] = weakref.WeakSet()


def _part_from_parent() -> None:
    if loader_pass() is None:
        for numbers in list(_ALL):
            numbers.part()


os.register_at_fork(after_in_child=_part_from_parent)


class PassNames:
    """Names of the passes that this process begins: numbers, which no other pass has."""

    def __init__(self) -> None:
        self._own = 0, 0  # this process, and the passes it has begun

    def here(self) -> int:
        """The name of a pass that this process alone reads; below -1."""
        return -1 - self._begun()

    def of_worker(self, worker: int) -> int:
        """The name of a pass that the workers of a loader share, each of which asks once; above 0.

        Processes are counted by the one that starts them, which starts all of a pass together.
        """
        identity: tuple[int, ...] = multiprocessing.current_process()._identity
        first = identity[-1] - worker if identity else 0
        return first << 32 | self._begun()

    def _begun(self) -> int:
        process, begun = self._own
        begun = begun + 1 if process == os.getpid() else 1
        self._own = os.getpid(), begun
        return begun


class Notes:
    """Notes of the last passes: two numbers for each, found by the name of the pass.

    Args:
        numbers: where they are kept.
        first: from which of these on; the first tells how many were written.
        count: how many are kept.
    """

    def __init__(self, numbers: SharedNumbers, first: int, count: int) -> None:
        self._numbers, self._first, self._count = numbers, first, count

    @staticmethod
    def size(count: int) -> int:
        """How many integers they take."""
        return 1 + 3 * count

    def write(self, name: int, first: int, second: int) -> None:
        """A note; its name comes last, so that nobody reads one that is not complete.

        Args:
            name: the pass's, not 0.
            first: a number of 64 bits.
            second: another.
        """
        values = self._numbers.values
        place = self._first + 1 + 3 * (int(values[self._first]) % self._count)
        values[place] = 0
        values[place + 1], values[place + 2] = first, second
        values[place] = name
        values[self._first] += 1

    def read(self) -> dict[int, tuple[int, int]]:
        """All that are kept, by name."""
        kept = self._numbers.values[self._first + 1 : self._first + 1 + 3 * self._count]
        notes: list[Any] = kept.view(self._count, 3).tolist()
        return {name: (first, second) for name, first, second in notes if name}

    def clear(self) -> None:
        """Forgets them all."""
        self._numbers.values[self._first : self._first + 1 + 3 * self._count] = 0
