"""Sentences of Thai, which has no stops, by a model of others: pythainlp's crfcut.

It reads the spaces between clauses, which the rules leave alone, and is some hundred times slower
than they are. Only sentences with Thai in them are given to it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.errors import UsageError

__all__ = ["CutThai", "load_thai", "thai_ends"]

CutThai = Callable[[str], list[str]]
Offsets = NDArray[np.int64]

_THAI = regex.compile(r"\p{Thai}{2}")
# So that its memory and time stay small for text of one line.
_PARTS = regex.compile(r"(?s).{1,2000}(?:\s+|\Z)|.{1,2000}")


def load_thai() -> CutThai:
    """The function from a text to its sentences, which joined are the text.

    Raises:
        UsageError: if it is not installed.
    """
    try:
        from pythainlp.tokenize.crfcut import segment
    except ImportError:
        raise UsageError(
            "--sentences thai needs pythainlp and python-crfsuite; install them by: "
            "pip install 'bertprep[thai]'"
        ) from None
    cut: CutThai = segment
    return cut


def thai_ends(text: str, starts: Offsets, ends: Offsets, cut: CutThai) -> list[int]:
    """Offsets at which sentences of Thai end within these.

    Args:
        text: documents, joined.
        starts: int64[n], where sentences start that hold Thai or not.
        ends: int64[n], where they end.
        cut: a text to its sentences, which joined are the text.

    >>> cut = lambda text: [text[:3], text[3:]]
    >>> thai_ends("So. กข คง", np.array([0, 4]), np.array([3, 9]), cut)
    [7]
    """
    found: list[int] = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if not _THAI.search(text, start, end):
            continue
        for part in _PARTS.finditer(text, start, end):
            sizes = map(len, cut(part[0]))
            found.extend(part.start() + size for size in accumulate(sizes))
    return [at for at in found if 0 < at < len(text)]
