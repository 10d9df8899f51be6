"""Marks behind a stop or around it: notes, pictures, quotes after a space, titles.

These need a look at the text, which the kinds of characters alone do not settle; it is taken only
where such marks are.
"""

from __future__ import annotations

import re

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.text.punctuation import Kind, Kinds, Mask, group

__all__ = ["with_notes", "with_quotes", "within_titles"]

Offsets = NDArray[np.int64]

_NOTES = regex.compile(
    r"(?:[ \u00a0]?\[(?:\d{1,3}|[a-z]|[a-z]{2,5}\.? \d{1,3})\])+(?=\s|\Z)"
    r"|[¹²³⁰⁴-⁹]{1,3}(?=\s|\Z)|[ ]?\p{Nd}{1,4} ?॥"
)
_BEFORE_NOTE = regex.compile(r"[ \u00a0]?[\[¹²³⁰⁴-⁹]|(?<=॥) ?\p{Nd}")
# Faces, hands, hearts, flags, animals, ...; but nothing that points or labels, such as 👉 and 📞.
_PICTURE = (
    r"[[\U0001F300-\U0001FAFF\u2600-\u26FF\u2728\u2744\u2763\u2764\u2B50\U0001F1E6-\U0001F1FF]"
    r"--[\U0001F446-\U0001F449\U0001F4B0-\U0001F4FF\U0001F534-\U0001F53D\u260E\u2611]]"
)
_PICTURES = regex.compile(rf"(?V1)(?:[ \u00a0]?{_PICTURE}[\u200D\uFE0F]*)++(?=\s)")
_OPENS_WITH_PICTURE = regex.compile(r"\W?\p{So}")
_MAY_CLOSE = group(Kind.QUOTE, Kind.OPENER, Kind.CLOSER)
_BEHIND_CLOSED = group(Kind.SPACE, Kind.BREAK, Kind.QUOTE)
_QUOTES = '"＂'
# The set in front is what a text is searched for quickly.
_DOUBLE = re.compile(r"""["＂„“”,'`](?:(?<=["＂„“”])|(?<=')'|(?<=,),|(?<=`)`)""")
_SPACED = regex.compile(r"[ \u00a0](?:[\"“”]|'')(?=\s|\Z)")
# By their closing marks, which a text is quicker searched for than the opening ones.
_TITLES = {"》": re.compile(r"《[^《》\n]{0,100}》"), "〉": re.compile(r"〈[^〈〉\n]{0,100}〉")}


def with_notes(text: str, kinds: Kinds, breaks: Offsets, ends: Offsets) -> Offsets:
    """Move the ends of sentences past footnote marks, "end. [3]" or "end.²", and "॥ 4 ॥".

    And past pictures with more behind them: "So nice! 😍 It was".

    Args:
        text: documents, joined.
        kinds: uint8[len(text) + 1], the kinds of its characters.
        breaks: int64[k], ascending: where its lines end.
        ends: int64[n], the offsets behind sentences.

    Returns:
        int64[n].
    """
    behind = kinds.take(ends + (kinds[ends] == Kind.SPACE), mode="clip")
    ends = ends.copy()
    asked = np.flatnonzero((behind == Kind.OPENER) | (behind == Kind.DIGIT))
    for at, end in zip(asked.tolist(), ends[asked].tolist(), strict=True):
        if _BEFORE_NOTE.match(text, end) and (notes := _NOTES.match(text, end)):
            ends[at] = notes.end()
    if len(asked := np.flatnonzero(behind == Kind.SYMBOL)):
        _past_pictures(text, breaks, ends, asked)
    return ends


def _past_pictures(text: str, breaks: Offsets, ends: Offsets, asked: Offsets) -> None:
    """Not in lines that begin with a picture, where each may begin an item."""
    lines = np.searchsorted(breaks, ends[asked])
    firsts = np.where(lines > 0, breaks[lines - 1] + 1, 0)
    for at, end, first in zip(asked.tolist(), ends[asked].tolist(), firsts.tolist(), strict=True):
        pictures = _PICTURES.match(text, end)
        if pictures and not _OPENS_WITH_PICTURE.match(text, first):
            ends[at] = pictures.end()


def with_quotes(
    text: str, kinds: Kinds, breaks: Offsets, ends: Offsets, strength: Kinds
) -> Offsets:
    """Move the ends of sentences past a quote that closes behind a space, or before one that opens.

    Two apostrophes between spaces close, as `` or ,, would open.  The second is where the stop
    needs no space: 他走了。"再见" has an opening quote behind the stop.

    Args:
        text: documents, joined.
        kinds: uint8[len(text) + 1], the kinds of its characters.
        breaks: int64[k], ascending: where its lines end.
        ends: int64[n], ascending: the offsets behind sentences.
        strength: uint8[n], the strongest kind of stop before each.

    Returns:
        int64[n].
    """
    ends = ends.copy()
    after, behind = (kinds.take(ends + step, mode="clip") for step in (1, 2))
    spaced = (kinds[ends] == Kind.SPACE) & _MAY_CLOSE[after] & _BEHIND_CLOSED[behind]
    glued = (
        (strength >= Kind.WIDE_DOT) & (kinds[ends - 1] == Kind.QUOTE) & (kinds[ends] > Kind.BREAK)
    )
    asked = np.flatnonzero(spaced | glued)
    asked = asked[_asks(text, ends[asked], spaced[asked])]
    if not len(asked):
        return ends
    places = ends[asked] + np.where(spaced[asked], 1, -1)
    opened = _opened(text, kinds, breaks, places)
    closes = opened | (spaced[asked] & [text[end + 1] == "'" for end in ends[asked].tolist()])
    for at in asked[spaced[asked] & closes].tolist():
        ends[at] += 3 if text[ends[at] + 1] == "'" else 2
    ends[asked[glued[asked] & ~opened]] -= 1
    return ends


def _asks(text: str, ends: Offsets, spaced: Mask) -> Mask:
    """Whether double quotes stand there: behind a space and before one, or last of what ends."""
    found = [
        bool(_SPACED.match(text, end)) if behind else text[end - 1] in _QUOTES
        for end, behind in zip(ends.tolist(), spaced.tolist(), strict=True)
    ]
    return np.array(found, bool)


def _opened(text: str, kinds: Kinds, breaks: Offsets, places: Offsets) -> Mask:
    """Whether a double quote is open before each of these places, ascending, in its line.

    A mark opens or closes by the white space around it, else in turn with the one before it.
    """
    lines = np.searchsorted(breaks, places)
    firsts = np.where(lines > 0, breaks[lines - 1] + 1, 0)
    seen = np.maximum(firsts, np.append(0, places[:-1]))
    parts = zip(seen.tolist(), places.tolist(), strict=True)
    found = [m.span() for first, place in parts for m in _DOUBLE.finditer(text, first, place)]
    quotes, behind = np.array(found, np.int64).reshape(-1, 2).T
    before = kinds[quotes - 1]
    spaced = before <= Kind.BREAK
    bracketed = np.flatnonzero(before == Kind.OPENER)
    spaced[bracketed] = [text[at - 1] in "([" for at in quotes[bracketed].tolist()]
    leads = kinds[behind] > Kind.BREAK
    opens = np.array([text[at] in ",`„" for at in quotes.tolist()], bool)
    certain = opens | (spaced == leads)
    return _open_before(quotes, certain, opens | spaced, firsts, places)


def _open_before(
    quotes: Offsets, certain: Mask, opens: Mask, firsts: Offsets, places: Offsets
) -> Mask:
    """Whether the last of the quotes between ``firsts`` and ``places`` opened, if there is any.

    Those not ``certain`` take turns: what they do depends on the last certain one of the line, or
    the line's beginning, and on how many stand behind it.
    """
    begin, number = np.searchsorted(quotes, firsts), np.searchsorted(quotes, places)
    latest = np.maximum.accumulate(np.where(certain, np.arange(len(quotes)), -1))
    last = np.append(latest, -1)[number - 1]  # of no quotes, the -1
    known = (number > begin) & (last >= begin)
    turns = np.where(known, number - 1 - last, number - begin)
    state: Mask = (known & np.append(opens, False)[last]) ^ (turns % 2 == 1)
    return state


def within_titles(text: str, kinds: Kinds, firsts: Offsets) -> Mask:
    """bool[n]: which stops stand within 《 》, which hold a title, or end with it.

    Args:
        text: documents, joined.
        kinds: uint8[len(text) + 1], the kinds of its characters.
        firsts: int64[n], the offsets of the stops, of some in a row the first.
    """
    within = np.zeros(len(firsts), bool)
    if not (kinds == Kind.WIDE_OPENER).any():
        return within
    found = [
        m.span() for mark, title in _TITLES.items() if mark in text for m in title.finditer(text)
    ]
    spans = np.array(sorted(found), np.int64).reshape(-1, 2)
    if not len(spans):
        return within
    title = np.searchsorted(spans[:, 0], firsts) - 1
    inside: Mask = (title >= 0) & (firsts < spans[title, 1])
    return inside
