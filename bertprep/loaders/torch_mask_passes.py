"""Which reading of its rows a pass is, for masks that are new each time and the same when resumed.

A pass reads rows of one epoch, and has a number in it: how many passes came before.  Epoch, number
and row give the masks, and not what was read before: a run that is resumed has not read it.
"""

from __future__ import annotations

import weakref
from typing import Any, NamedTuple

from torch.utils import data

from bertprep.loaders.torch_shared import Notes, PassNames, SharedNumbers
from bertprep.loaders.torch_wrappers import (
    check_skipped_rows,
    draws_again,
    epoch_of_sampler,
    fetcher_of_rows,
    loader_pass,
)

# Notes that are kept: of passes that run at the same time.
_NOTES = 16
# Where the numbers stand: the epoch, whether anything said so, the last one of a sampler, the
# number of the next pass at least; then the notes of the epoch and number of passes.
_EPOCH, _IS_TOLD, _OF_SAMPLER, _LEAST, _FIRST = 0, 1, 2, 3, 4


class Reading(NamedTuple):
    """A pass, as masks depend on it.

    Attributes:
        epoch, number: which epoch, and which pass in it.
        draws_again: its sampler draws rows with replacement, and each draw is a new one.
    """

    epoch: int
    number: int
    draws_again: bool


class Readings:
    """The passes over rows, of all processes that read them."""

    def __init__(self) -> None:
        self._numbers = SharedNumbers(_FIRST + Notes.size(_NOTES))
        self._notes = Notes(self._numbers, _FIRST, _NOTES)
        self._names = PassNames()
        self._numbers.values[_OF_SAMPLER] = -1
        self._forget()

    def _forget(self) -> None:
        """Forgets the facts that this process alone knows."""
        self._readings: weakref.WeakKeyDictionary[Any, Reading] = weakref.WeakKeyDictionary()
        self._last: Reading | None = None
        self._asked: weakref.ref[Any] | None = None
        self._loaded: tuple[int, int, weakref.ref[Any] | None] | None = None
        self._draws_again = False

    @property
    def epoch(self) -> int:
        """The present epoch."""
        return int(self._numbers.values[_EPOCH])

    def state(self) -> tuple[int, int]:
        """The epoch and number of the pass whose state is asked for, else of the last or next."""
        fetcher = getattr(loader_pass(), "_dataset_fetcher", None)
        found = self._last if fetcher is None else self._readings.get(fetcher)
        if found is None or found.epoch != self.epoch:
            return self.epoch, self._next_number(self.epoch, self._notes.read())
        return found.epoch, found.number

    def set_epoch(self, epoch: int) -> None:
        """The next pass is the first of this epoch."""
        self._numbers.values[_IS_TOLD] = 1
        self._go_to(epoch)

    def _go_to(self, epoch: int, least: int = 0) -> None:
        self._numbers.values[_EPOCH], self._numbers.values[_LEAST] = epoch, least
        self._notes.clear()
        self._loaded = None

    def load(self, epoch: int, number: int) -> None:
        """Goes on in this pass, if it is a loader's that is restored; else behind it."""
        self.set_epoch(epoch)
        self._numbers.values[_LEAST] = number + 1
        asking = loader_pass()
        is_restored = asking is not None or data.get_worker_info() is not None
        if is_restored:
            self._loaded = epoch, number, None if asking is None else weakref.ref(asking)

    def current(self) -> Reading | None:
        """The pass that reads now; None outside of torch's loaders."""
        fetcher = fetcher_of_rows()
        if fetcher is None:
            return None
        if fetcher not in self._readings:
            self._readings[fetcher] = self._begun()
        self._last = self._readings[fetcher]
        return self._last

    def _begun(self) -> Reading:
        self.follow_sampler()
        info = data.get_worker_info()
        name = self._names.here() if info is None else self._names.of_worker(info.id)
        notes = self._notes.read()
        epoch, number = notes.get(name, (self.epoch, -1))
        if number < 0:
            restored = self._restored(epoch)
            number = self._next_number(epoch, notes) if restored is None else restored
            self._notes.write(name, epoch, number)
        return Reading(epoch, number, self._draws_again)

    def _next_number(self, epoch: int, notes: dict[int, tuple[int, int]]) -> int:
        """The same for all workers of a pass, as none counts its own note."""
        before = (number for of_epoch, number in notes.values() if of_epoch == epoch)
        return max(int(self._numbers.values[_LEAST]), 1 + max(before, default=-1))

    def _restored(self, epoch: int) -> int | None:
        """The number of the pass that loaded a state and reads now, or None."""
        loaded, self._loaded = self._loaded, None
        if loaded is None or loaded[0] != epoch:
            return None
        _, number, asked = loaded
        return number if asked is None or asked() is loader_pass() else None

    def follow_sampler(self) -> None:
        """Goes to the epoch that the sampler came to, if that was the last word.

        A pass is asked once, at its beginning: some samplers move on before its last batch is read.
        """
        asking = loader_pass()
        if asking is None or (self._asked is not None and self._asked() is asking):
            return
        self._asked = weakref.ref(asking)
        check_skipped_rows(asking)
        self._draws_again = draws_again(asking)
        epoch, last = epoch_of_sampler(asking), int(self._numbers.values[_OF_SAMPLER])
        if epoch is None or epoch == last:
            return
        is_told = last < 0 and self._numbers.values[_IS_TOLD]
        if epoch != self.epoch and not is_told:
            self._go_to(epoch)
        # Last, as workers that find it here go by the epoch.
        self._numbers.values[_OF_SAMPLER] = epoch

    def __getstate__(self) -> dict[str, Any]:
        self.follow_sampler()  # a worker that is no fork does not see who started it
        return {
            "_numbers": self._numbers,
            "_notes": self._notes,
            "_names": self._names,
            "_draws_again": self._draws_again,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._forget()
        self.__dict__.update(state)
