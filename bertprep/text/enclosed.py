"""What stands behind a stop or around it: notes, quotes after a space, titles.

These need a look at the text, which the kinds of characters alone do not settle; it is taken only
where such marks are.
"""

from __future__ import annotations

import re

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.text.kinds import Kind, Kinds, Mask

__all__ = ["with_notes", "with_quotes", "within_titles"]

Offsets = NDArray[np.int64]

_NOTES = regex.compile(
    r"(?:[ \u00a0]?\[(?:\d{1,3}|[a-z]|[a-z]{2,5}\.? \d{1,3})\])+(?=\s|\Z)"
    r"|[¹²³⁰⁴-⁹]{1,3}(?=\s|\Z)|[ ]?\p{Nd}{1,4} ?॥"
)
_BEFORE_NOTE = regex.compile(r"[ \u00a0]?[\[¹²³⁰⁴-⁹]|(?<=॥) ?\p{Nd}")
_DOUBLE = re.compile(r"\"|＂|''|,,|``")
_SPACED = regex.compile(r"[ \u00a0](?:\"|'')(?=\s|\Z)")
# By their closing marks, which a text is quicker searched for than the opening ones.
_TITLES = {"》": re.compile(r"《[^《》\n]{0,100}》"), "〉": re.compile(r"〈[^〈〉\n]{0,100}〉")}


def with_notes(text: str, kinds: Kinds, ends: Offsets) -> Offsets:
    """Move the ends of sentences past footnote marks, "end. [3]" or "end.²", and "॥ 4 ॥"."""
    behind = kinds.take(ends + (kinds[ends] == Kind.SPACE), mode="clip")
    ends = ends.copy()
    for at in np.flatnonzero((behind == Kind.OPENER) | (behind == Kind.DIGIT)).tolist():
        end = int(ends[at])
        if _BEFORE_NOTE.match(text, end) and (notes := _NOTES.match(text, end)):
            ends[at] = notes.end()
    return ends


def with_quotes(
    text: str, kinds: Kinds, breaks: Offsets, ends: Offsets, strength: Kinds
) -> Offsets:
    """Move the ends of sentences past a quote that closes behind a space, or before one that opens.

    The second where the stop needs no space: 他走了。"再见" has an opening quote behind the stop.
    """
    ends = ends.copy()
    after = kinds.take(ends + 1, mode="clip")
    spaced = (kinds[ends] == Kind.SPACE) & (after == Kind.QUOTE)
    glued = (
        (strength >= Kind.WIDE_DOT) & (kinds[ends - 1] == Kind.QUOTE) & (kinds[ends] > Kind.BREAK)
    )
    asked = np.flatnonzero(spaced | glued)
    asked = np.array([n for n in asked.tolist() if _asks(text, int(ends[n]), bool(spaced[n]))], int)
    if not len(asked):
        return ends
    places = ends[asked] + np.where(spaced[asked], 1, -1)
    opened = _opened(text, breaks, places)
    for at in asked[spaced[asked] & opened].tolist():
        ends[at] += 3 if text[ends[at] + 1] == "'" else 2
    ends[asked[glued[asked] & ~opened]] -= 1
    return ends


def _asks(text: str, end: int, spaced: bool) -> bool:
    return bool(_SPACED.match(text, end)) if spaced else text[end - 1] in '"＂'


def _opened(text: str, breaks: Offsets, places: Offsets) -> Mask:
    """Whether a double quote is open before each of these places, ascending, in its line."""
    lines = np.searchsorted(breaks, places)
    firsts = np.where(lines > 0, breaks[lines - 1] + 1, 0)
    found = np.zeros(len(places), bool)
    line, is_open, end = -1, False, 0
    for number, (place, first) in enumerate(zip(places.tolist(), firsts.tolist(), strict=True)):
        if first != line:
            line, is_open, end = first, False, first
        for quote in _DOUBLE.finditer(text, end, place):
            is_open = _opens(text, quote.start(), quote.end(), is_open)
        found[number], end = is_open, max(end, place)
    return found


def _opens(text: str, start: int, end: int, is_open: bool) -> bool:
    """Whether a quote is open behind this mark: by the spaces around it, else in turn."""
    if text[start:end] in (",,", "``"):
        return True
    before, after = text[start - 1 : start], text[end : end + 1]
    spaced, leads = not before or before.isspace() or before in "([", bool(after.strip())
    if spaced != (not leads):
        return spaced
    return not is_open


def within_titles(text: str, firsts: Offsets, ends: Offsets) -> Mask:
    """Which stops stand within 《 》, which hold a title, or end with it."""
    within = np.zeros(len(ends), bool)
    found = [
        m.span() for mark, title in _TITLES.items() if mark in text for m in title.finditer(text)
    ]
    spans = np.array(sorted(found), np.int64).reshape(-1, 2)
    if not len(spans):
        return within
    title = np.searchsorted(spans[:, 0], firsts) - 1
    inside: Mask = (title >= 0) & (firsts < spans[title, 1])
    return inside
