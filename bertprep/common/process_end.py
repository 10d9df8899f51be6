"""The end of a process that has done its work."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def leaving_at_once() -> Iterator[None]:
    """A process that ends within does so once all has been said, shown and put away.

    Python would go on to take apart what was imported.  That is half of a short run, and it may
    never end: threads are stopped then wherever they are, and one of gRPC's may hold a lock that
    what is taken apart waits for.  To be entered first of all, as what is registered with `atexit`
    later is done before.
    """
    ended: list[SystemExit] = []
    atexit.register(_leave, ended)
    try:
        yield
    except SystemExit as end:
        ended.append(end)
        raise


def _leave(ended: list[SystemExit]) -> None:
    code = (ended[0].code or 0) if ended else ""
    if not isinstance(code, int):
        return  # an error that Python shows, or a message
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        return  # closed, or there is no room: Python has a code for that
    os._exit(code)
