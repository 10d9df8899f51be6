"""Holds a folder for one run alone."""

from __future__ import annotations

import errno
import os
import time

from bertprep.stores.schemes import is_remote
from pipelines.folders.patience import PATIENCE

_LOOK_SECONDS = 0.05


def hold(folder: str, patience_seconds: float = PATIENCE.lock) -> int | None:
    """A descriptor of a folder that no other process holds; it is free again once that is closed.

    None where there are no such locks: in remote folders, and on file systems that have none.

    Raises:
        BlockingIOError: if another process holds it, and goes on to for ``patience_seconds``.
        FileNotFoundError: if that process took the folder away when it let go of it; there may be
            another one in its place.
    """
    if is_remote(folder):
        return None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        is_held = _lock(descriptor, patience_seconds)
        found = os.stat(folder)
        if not os.path.samestat(found, os.fstat(descriptor)):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), folder)
    except BaseException:
        os.close(descriptor)
        raise
    if is_held:
        return descriptor
    os.close(descriptor)
    return None


def _lock(descriptor: int, patience_seconds: float) -> bool:
    """Whether there are locks here; BlockingIOError as ``hold``."""
    import fcntl

    give_up = time.monotonic() + patience_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > give_up:
                raise
            time.sleep(_LOOK_SECONDS)
        except OSError:
            return False
