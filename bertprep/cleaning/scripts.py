"""Of which scripts the letters of a text are."""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.errors import UsageError


def code_points(text: str) -> NDArray[np.uint32]:
    """uint32[n]: those of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def script_share(text: str, scripts: str) -> float:
    """The share of a text's letters that are of a script, or of one of several between commas."""
    points = code_points(text)
    every = int(letters()[points].sum())
    return int(letters_of(scripts)[points].sum()) / every if every else 0.0


@cache
def letters() -> NDArray[np.bool_]:
    """bool[0x110000]: which code points are letters."""
    return np.fromiter((chr(i).isalpha() for i in range(sys.maxunicode + 1)), np.bool_)


@cache
def letters_of(scripts: str) -> NDArray[np.bool_]:
    """bool[0x110000]: which code points are letters of scripts, by their names between commas.

    Raises:
        UsageError: if there is no such script.
    """
    among = "".join(rf"\p{{Script={name.strip()}}}" for name in scripts.split(","))
    try:
        pattern = regex.compile(f"[{among}]", regex.VERSION1)
    except regex.error:
        raise UsageError(
            "--script must be a script by its name in Unicode, such as Latin, Cyrillic or Han, or "
            f"several between commas; got {scripts!r}"
        ) from None
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    found = np.zeros(sys.maxunicode + 1, np.bool_)
    found[[match.start() for match in pattern.finditer(every)]] = True
    return found & letters()
