"""Counts, bytes and seconds as people read them."""

from __future__ import annotations


def size(count: float) -> str:
    """Bytes for people: 340 bytes, 1.2 kB, 12,345.6 MB."""
    if count < 1e3:
        return f"{count:.0f} byte{'' if round(count) == 1 else 's'}"
    return f"{count / 1e3:.1f} kB" if count < 1e6 else f"{count / 1e6:,.1f} MB"


def percent(share: float, digits: int = 1) -> str:
    """A share as percent, which is 100% of all alone, and 0% of nothing alone.

    >>> percent(30506 / 30517), percent(1.0), percent(0.00001), percent(0.5, 0)
    ('99.9%', '100.0%', '<0.1%', '50%')
    """
    shown = f"{share:.{digits}%}"
    least = f"{10**-digits:.{digits}f}%"
    if 0 < share < 1 and shown == f"{0:.{digits}%}":
        return f"<{least}"
    return f"{100 - 10**-digits:.{digits}f}%" if share < 1 and shown == f"{1:.{digits}%}" else shown


def duration(seconds: float) -> str:
    """Seconds for people: 0:07, 12:30, 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def plural(count: int, noun: str) -> str:
    """A count with its noun: 1 file, 1,234 files."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
