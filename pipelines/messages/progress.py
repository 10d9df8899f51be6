"""How far a run is, shown while it is at work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType

from pipelines.messages.audience import voice
from pipelines.messages.stages import Stage, current, state_of
from pipelines.steps.progress_notes import read_notes


class ProgressLine:
    """Shows the notes of a run's steps: a line renewed in place on a terminal, else a rare one.

    Args:
        folder: where the steps note how far they are.
        stages: what they are at, one after the other.
        counts: what else knows of their counts, such as another runner.
    """

    def __init__(
        self,
        folder: str,
        stages: Sequence[Stage],
        counts: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self._folder, self._stages, self._counts = folder, stages, counts
        self._voice = voice()
        self._started = time.monotonic()
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
        self._voice.progress(None)

    def _run(self) -> None:
        stage, began, seen = 0, self._started, self._started
        while not self._stop.wait(self._voice.seconds):
            notes = furthest(read_notes(self._folder), self._counts())
            if stage != current(self._stages, notes):
                stage, began = current(self._stages, notes), seen
            seen = time.monotonic()
            state = state_of(self._stages, notes, seen - self._started, seen - began)
            self._voice.progress(state)


def furthest(notes: Mapping[str, int], others: Mapping[str, int]) -> dict[str, int]:
    """Of two counts of the same the larger one: either may come late."""
    return {name: max(notes.get(name, 0), others.get(name, 0)) for name in {*notes, *others}}


class Counted:
    """How far a loop in this process is."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages, self._voice = stages, voice()
        self._notes: dict[str, int] = {}
        self._started = time.monotonic()
        self._next = self._started + self._voice.seconds

    def add(self, what: str, amount: int) -> None:
        """Counts, and shows it now and then."""
        self._notes[what] = self._notes.get(what, 0) + amount
        self._show()

    def reach(self, what: str, done: int, total: int) -> None:
        """The same where the counts are kept elsewhere; they are of one stage.

        Args:
            what: is counted.
            done: how many so far.
            total: how many there will be.
        """
        self._notes[what] = done
        self._stages = [self._stages[0]._replace(total=total)]
        self._show()

    def _show(self) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + self._voice.seconds
            self._voice.progress(state_of(self._stages, self._notes, now - self._started))

    def pause(self) -> None:
        """Takes the line away, for others to be written."""
        self._voice.progress(None)


@contextmanager
def counted(stages: Sequence[Stage]) -> Iterator[Counted]:
    """Within, a loop's counts are shown as a run's are."""
    shown = Counted(stages)
    try:
        yield shown
    finally:
        shown.pause()
