"""Whole numbers that a caller gives: Python's, numpy's and 0-d tensors alike, and nothing else."""

from __future__ import annotations

from operator import index
from typing import Any

from bertprep.errors import UsageError


def whole_number(name: str, value: Any, least: int) -> int:
    """The value as an int.

    Args:
        name: what a message calls it.
        value: as the caller gave it.
        least: the lowest that is allowed.

    Raises:
        UsageError: for another type (a string of the environment, a float, a bool), or if it is
            below ``least``.
    """
    try:
        number = least - 1 if isinstance(value, bool) else index(value)
    except TypeError:
        number = least - 1
    if number < least:
        raise UsageError(f"{name} must be an integer >= {least}; got {value!r}")
    return number


def checked_seed(value: Any) -> int:
    """A seed as an int.

    Raises:
        UsageError: for another type, and for one that 64 bits do not hold.
    """
    try:
        seed = index(value)
    except TypeError:
        raise UsageError(f"seed must be an integer; got {value!r}") from None
    if not -(2**63) <= seed < 2**63:
        raise UsageError(f"seed must fit a 64-bit integer; got {seed}")
    return seed
