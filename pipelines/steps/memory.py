"""Memory between the elements of a step."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Lets go of what is free between pieces of memory in use: over many steps it adds up.

    Without it, runs of 200 MB of text in two processes had 458 MB at their peak instead of 427, and
    took no less time.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
