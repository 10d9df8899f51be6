"""Hard-wrapped text as paragraphs: a line break within one is none of a sentence's ends."""

from __future__ import annotations

import re

_BLANK = re.compile(r"\n[ \t]*\n\s*")
# Of the longest lines' length, what a line has at the least that goes on in the next one.
_FULL_SHARE, _FULL_LEAST = 0.6, 40


def unwrapped(text: str) -> str:
    """The text with each paragraph in a line, but for verse and tables, whose lines are short.

    >>> unwrapped("A line of a book that is full and goes on in\\nthe next.\\n\\nVerse,\\nverse.")
    'A line of a book that is full and goes on in the next.\\n\\nVerse,\\nverse.'
    """
    lines = text.split("\n")
    lengths = sorted(len(line) for line in lines if line.strip()) or [0]
    full = max(_FULL_LEAST, _FULL_SHARE * lengths[int(0.9 * (len(lengths) - 1))])
    return "\n\n".join(_joined(part, full) for part in _BLANK.split(text.strip("\n")))


def _joined(paragraph: str, full: float) -> str:
    lines = [line.strip() for line in paragraph.split("\n")]
    inner = lines[:-1]
    if not inner or sum(len(line) >= full for line in inner) < len(inner) / 2:
        return "\n".join(lines)
    return " ".join(lines)
