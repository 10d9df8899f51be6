"""Small files that are prose for certain, told in microseconds: there may be a hundred thousand."""

from __future__ import annotations

import re

_MOST_BYTES, _FEWEST_BYTES, _MOST_LINES = 1 << 13, 200, 19
# Each shape of no prose shows by some of these signs, by lines that begin in its way, or by many
# lines; these bounds are far below what any needs, and what is above is looked at closely.
_SIGNS = b"<>{}[]|\\=#*_~^@%&/\t;$+`\x7f" + bytes(set(range(32)) - set(b"\t\n\r"))
_DIGITS, _VOWELS, _LOWER = b"0123456789", b"aeiou", bytes(range(97, 123))
_FOREIGN = bytes(range(128, 256))
_BEGINNING = re.compile(rb"^\s*(?:[!-(*+\-/0-9<-@\[-`{-~]|[\w .-]{2,25}:\s)", re.MULTILINE)
_STOP = re.compile(rb"[a-z)\"'][.?!][\"')]?\s")
# Behind a stop, as where words were moved.
_GOES_ON = re.compile(rb"[a-z]{3}[.!?] [a-z]")
_HEADER = re.compile(rb"[^\n.?!]*[,;][^\n.?!]*\n")
_BYTES_OF_A_SIGN, _BYTES_OF_A_DIGIT, _BYTES_OF_A_STOP = 200, 25, 600
_BYTES_OF_A_LINE = 60
_VOWELS_SHARE, _LOWER_SHARE, _FOREIGN_SHARE = 0.3, 0.6, 0.1
_BLANKS = 1 / 12, 1 / 4
_MOST_BEGINNINGS = 2


def is_plain(data: bytes) -> bool:
    """Whether bytes are sentences of words in Latin letters, and nothing stands out.

    Args:
        data: a whole file, or a stretch of one.

    Returns:
        False also where it takes a closer look to tell.
    """
    size = len(data)
    if not _FEWEST_BYTES <= size <= _MOST_BYTES:
        return False
    lines = data.count(b"\n") + 1
    if lines > _MOST_LINES or size < _BYTES_OF_A_LINE * lines:
        return False
    low, high = _BLANKS
    return (
        _count(data, _SIGNS) * _BYTES_OF_A_SIGN <= size
        and _count(data, _DIGITS) * _BYTES_OF_A_DIGIT <= size
        and _count(data, _FOREIGN) <= _FOREIGN_SHARE * size
        and low * size <= data.count(b" ") <= high * size
        and _LOWER_SHARE * size <= (lower := _count(data, _LOWER))
        and _count(data, _VOWELS) >= _VOWELS_SHARE * lower
        and not _BEGINNING.match(data)
        and len(_BEGINNING.findall(data)) <= _MOST_BEGINNINGS
        and not _HEADER.match(data)
        and (stops := len(_STOP.findall(data))) * _BYTES_OF_A_STOP >= size
        and 2 * len(_GOES_ON.findall(data)) <= stops
    )


def _count(data: bytes, some: bytes) -> int:
    return len(data) - len(data.translate(None, some))
