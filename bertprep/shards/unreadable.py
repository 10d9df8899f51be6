"""How a damaged shard shows: what is raised where it is read, and how that is told."""

from __future__ import annotations

import pyarrow as pa

from bertprep.errors import one_line

# What pyarrow raises for a damaged file, depending on what is damaged.
UNREADABLE = (pa.ArrowException, OSError, ValueError, MemoryError, KeyError, OverflowError)


def brief(text: object) -> str:
    """A library's message of an error, on one line."""
    return one_line(text)[:300]
