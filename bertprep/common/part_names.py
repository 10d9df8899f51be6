"""Names of files that are one together: each says which of them it is, and how many there are."""

from __future__ import annotations


def part_name(stem: str, number: int, count: int) -> str:
    """The name of a part, without an ending.

    >>> part_name("shard", 3, 16)
    'shard-00003-of-00016'

    Args:
        stem: what all the names begin with.
        number: of the part, from 0.
        count: of all parts.
    """
    return f"{stem}-{number:05}-of-{count:05}"


def part_pattern(stem: str) -> str:
    """A regular expression for all such names."""
    return rf"{stem}-\d{{5,}}-of-\d{{5,}}"
