"""Holds a folder for one run alone."""

from __future__ import annotations

import os

from pipelines import files


def hold(folder: str) -> int | None:
    """A descriptor of a folder that no other process holds; it is free again once that is closed.

    None where there are no such locks: in remote folders, and on file systems that have none.

    Raises:
        BlockingIOError: if another process holds it.
    """
    if files.is_remote(folder):
        return None
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            raise
        return None
    return descriptor
