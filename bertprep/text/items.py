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

from bertprep.text.kinds import Kind, Kinds, group

__all__ = ["Items", "items_of"]

Offsets = NDArray[np.int64]

_HEAD = regex.compile(r"([•‣\u2043] ?)?(?:(\d{1,3})|([a-y]))(\.\)|[.)])(?= *\p{Lu})")
_FIRST_PARAGRAPH = "(1)"  # looked for several times quicker than with the space before it
_SECOND_PARAGRAPH = regex.compile(r"[.!?:;][\p{Pe}\p{Pf}\"']{0,2} \(2\) +\p{Lu}")
_CAPITAL = regex.compile(r" +\p{Lu}")
_MAY_BEGIN = group(Kind.DIGIT, Kind.SYMBOL, Kind.LOWER)
_MAY_FOLLOW = group(Kind.DIGIT, Kind.DOT, Kind.CLOSER, Kind.SPACE)


class Items(NamedTuple):
    """Offsets at which items begin, but for a line's first, and those at which their marks end."""

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
        ordinals: whether a number with a full stop may be an ordinal at each of some offsets; then
            it is no item's.

    >>> from bertprep.text.kinds import kinds_of
    >>> text = "1) The first 2) The second"
    >>> items_of(text, kinds_of(text), np.array([len(text)]), lambda at: [False]).starts.tolist()
    [12]
    """
    heads = np.concatenate([[0], lines[:-1] + 1])
    asked = _MAY_BEGIN[kinds[heads]] & _MAY_FOLLOW[kinds.take(heads + 1, mode="clip")]
    spans = zip(heads[asked].tolist(), lines[asked].tolist(), strict=True)
    found = [(head, last, m) for head, last in spans if (m := _HEAD.match(text, head, last))]
    said_in_order = ordinals(np.array([head for head, _, _ in found], np.int64))
    starts = list(_first_paragraphs(text, lines))
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


def _first_paragraphs(text: str, lines: Offsets) -> Iterator[int]:
    """Where the space before (1) is, if a sentence of its line ends before (2)."""
    at = text.find(_FIRST_PARAGRAPH)
    while at >= 0:
        line = int(lines[np.searchsorted(lines, at)])
        following = text.find(_FIRST_PARAGRAPH, at + 1)
        last = min(line, following) if following >= 0 else line
        capital = text[at - 1 : at] == " " and _CAPITAL.match(
            text, at + len(_FIRST_PARAGRAPH), last
        )
        if capital and _SECOND_PARAGRAPH.search(text, at, last):
            yield at - 1
        at = following


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
