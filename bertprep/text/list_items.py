"""Items of a list that stand in one line: "1. The first 2. The second", "a) So b) Or so".

Only where the line begins with an item do the next ones count, and each has to be the next number
or letter, written as the first one and with a capital behind it. The paragraphs of a law are found
behind their title, too: "Scope (1) This Directive applies. (2) It ends.".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.text.punctuation import Kind, Kinds, group

__all__ = ["Items", "first_paragraphs", "items_of"]

Offsets = NDArray[np.int64]

_HEAD = regex.compile(r"([•‣\u2043] ?)?(?:(\d{1,3})|([a-y]))(\.\)|[.)])(?= *\p{Lu})")
_LONGEST_PARAGRAPH = 10_000  # characters
_SECOND_PARAGRAPH = regex.compile(r" \(2\) +\p{Lu}")
_CAPITAL = regex.compile(r" +\p{Lu}")
_MAY_BEGIN = group(Kind.DIGIT, Kind.SYMBOL, Kind.LOWER)
_MAY_FOLLOW = group(Kind.DIGIT, Kind.DOT, Kind.CLOSER, Kind.SPACE)


class Items(NamedTuple):
    """Items in lines.

    Attributes:
        starts: int64[n], ascending: the offsets at which they begin, but for a line's first.
        mark_ends: int64[m], ascending: those at which their marks end.
    """

    starts: Offsets
    mark_ends: Offsets


def items_of(
    text: str, kinds: Kinds, lines: Offsets, ordinals: Callable[[Offsets], list[bool]]
) -> Items:
    """The items within lines.

    Args:
        text: the text.
        kinds: uint8[len(text) + 1], the kinds of its characters.
        lines: int64[n], ascending: where its lines end.
        ordinals: whether a number with a full stop may be an ordinal at each of some offsets,
            int64[m]; then it is no item's.

    >>> from bertprep.text.punctuation import kinds_of
    >>> text = "1) The first 2) The second"
    >>> items_of(text, kinds_of(text), np.array([len(text)]), lambda at: [False]).starts.tolist()
    [12]
    """
    heads = np.concatenate([[0], lines[:-1] + 1])
    asked = _MAY_BEGIN[kinds[heads]] & _MAY_FOLLOW[kinds.take(heads + 1, mode="clip")]
    spans = zip(heads[asked].tolist(), lines[asked].tolist(), strict=True)
    found = [(head, last, m) for head, last in spans if (m := _HEAD.match(text, head, last))]
    said_in_order = ordinals(np.array([head for head, _, _ in found], np.int64))
    starts: list[int] = []
    ends: list[int] = []
    for (_, last, first), ordinal in zip(found, said_in_order, strict=True):
        if ordinal and first[4] == "." and first[2] and not first[1]:
            continue
        marks = list(_next_marks(text, first, last))
        starts.extend(start for start, _ in marks)
        ends.extend(end for _, end in marks)
        if first[1] or marks:
            ends.append(first.end())
    return Items(np.array(sorted(starts), np.int64), np.array(sorted(ends), np.int64))


def first_paragraphs(text: str, kinds: Kinds, lines: Offsets, ends: Offsets) -> list[int]:
    """Where the space before (1) is, if a sentence of its line ends before (2).

    Args:
        text: the text.
        kinds: uint8[len(text) + 1], the kinds of its characters.
        lines: int64[n], ascending: where its lines end.
        ends: int64[n], where stops and what closes with them end.

    >>> from bertprep.text.punctuation import kinds_of
    >>> text = "Scope (1) It applies. (2) It ends."
    >>> first_paragraphs(text, kinds_of(text), np.array([len(text)]), np.array([21, 34]))
    [5]
    """
    found: set[int] = set()
    brackets = np.flatnonzero(kinds.take(ends + 1, mode="clip") == Kind.OPENER)
    for end in ends[brackets].tolist():
        if not _SECOND_PARAGRAPH.match(text, end):
            continue
        line = int(np.searchsorted(lines, end))
        first = max(int(lines[line - 1]) if line else 0, end - _LONGEST_PARAGRAPH)
        at = text.rfind(" (1) ", first, end)
        if at >= 0 and _CAPITAL.match(text, at + 4):
            found.add(at)
    return sorted(found)


def _next_marks(text: str, first: regex.Match[str], last: int) -> Iterator[tuple[int, int]]:
    """Where the marks behind a line's first one begin, with the space before it, and end."""
    bullet, number, letter, stop = first.groups()
    end = first.end()
    while True:
        if number:
            number = following = str(int(number) + 1)
        else:
            letter = following = chr(ord(letter) + 1)
        mark = f" {bullet or ''}{following}{stop}"
        start = text.find(mark, end, last)
        end = start + len(mark)
        if start < 0 or following > "z" or not _CAPITAL.match(text, end, last):
            return
        yield start, end
