"""Holds a folder for one run alone."""

from __future__ import annotations

import os
import time

from pipelines.folders import files

# Worker processes of a run that was killed hold what it held until they notice.
_PATIENCE_SECONDS = 2.0
_LOOK_SECONDS = 0.05


def hold(folder: str) -> int | None:
    """A descriptor of a folder that no other process holds; it is free again once that is closed.

    None where there are no such locks: in remote folders, and on file systems that have none.

    Raises:
        BlockingIOError: if another process holds it, and goes on to for two seconds.
    """
    if files.is_remote(folder):
        return None
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > give_up:
                os.close(descriptor)
                raise
            time.sleep(_LOOK_SECONDS)
        except OSError:
            os.close(descriptor)
            return None
