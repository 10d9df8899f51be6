"""Marks that mean something else in some scripts, and emoticons: their kinds are settled here."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from bertprep.text.punctuation import ARMENIAN, GREEK, Kind, Kinds, group

__all__ = ["settle_by_script", "settle_emoticons"]

Offsets = NDArray[np.int64]

# Behind a letter of the script: the mark, and what it is there.
_BY_SCRIPT = (
    (GREEK, ";", Kind.MARK),
    (ARMENIAN, ":", Kind.MARK),
    (ARMENIAN, ".", Kind.COMMA),
)
_EMOTICON = re.compile(r"[:;]-?(?:[)(]{1,3}|D)(?=\s)")
_BEFORE_EYES = group(Kind.SPACE, Kind.BREAK, Kind.DOT, Kind.ELLIPSIS, Kind.MARK)
_BEHIND_EYES = group(Kind.OPENER, Kind.CLOSER, Kind.DASH, Kind.UPPER)


def settle_by_script(text: str, kinds: Kinds, marks: Offsets) -> None:
    """Greek ; asks; Armenian : ends a sentence, and the stop there is a colon.

    Args:
        text: documents, joined.
        kinds: uint8[len(text) + 1], the kinds of its characters; some are changed.
        marks: int64[n], where such marks stand behind letters of these scripts.
    """
    for at in marks.tolist():
        letter = ord(text[at - 2] if text[at - 1] in "»)" else text[at - 1])
        for letters, mark, kind in _BY_SCRIPT:
            if text[at] == mark and letter in letters:
                kinds[at] = kind


def settle_emoticons(text: str, kinds: Kinds) -> None:
    """:) ends a sentence as an exclamation mark does.

    Args:
        text: documents, joined.
        kinds: uint8[len(text) + 1], the kinds of its characters; some are changed.
    """
    if not (":" in text or ";" in text):
        return
    behind = kinds[1:]
    eyes = behind >= Kind.DASH
    eyes |= behind == Kind.UPPER
    eyes &= kinds[:-1] == Kind.COMMA
    at = np.flatnonzero(eyes)
    at = at[_BEFORE_EYES[kinds[at - 1]]]
    for eye in at[_BEHIND_EYES[kinds[at + 1]]].tolist():
        if emoticon := _EMOTICON.match(text, eye):
            kinds[eye : emoticon.end()] = Kind.MARK
