"""How long a run waits for another one's folders."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """In seconds; tests have less of it.

    Attributes:
        lock: for another process to let go of a folder: worker processes of a run that was killed
            hold what it held until they notice.
        beat: between two signs of life of who holds an output in a store.
        dead: without one, which is its end; a request may be slow, or two.
    """

    lock: float = 2.0
    beat: float = 10.0
    dead: float = 35.0


PATIENCE = Patience()
