"""Fields with their names: blocks of them before each document, or nothing but them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_FIELD = re.compile(rb"([A-Za-z][\w/ .-]{0,24}?):(?:\s|$)(.*)")
# What programs call fields; people begin their names of parts with a capital.
_OF_MACHINES = re.compile(rb"[a-z][\w/.-]*")
_ADDRESS = re.compile(rb"\s*(?:https?|ftp)://\S+")
_CRAWLED = re.compile(
    rb"(?:url|uri|doc-?id|docno|doi|file-?name|content-(?:type|length)|isbn|pmid|permalink)$", re.I
)
_OF_MAIL = (b"from", b"subject", b"date")
_CARD = re.compile(rb"(?:BEGIN|END):V[A-Z]+$")
_FEWEST, _FEWEST_KEYS = 3, 3
_RECORD_SHARE, _SAME_NEXT = 0.55, 0.8
_REGISTER_SHARE, _WORDS_OF_VALUE = 0.9, 4


def field_blocks(part: Part) -> Finding | None:
    """Addresses, dates and such before each document; or cards, or records of fields."""
    if part.data.count(b":") < _FEWEST:
        return None
    lines = part.filled
    if sum(bool(_CARD.match(line)) for line in lines) >= 2 * _FEWEST:
        advice = "leave it out by --exclude"
        what = "holds cards or dates of a calendar (vCard, iCalendar), not prose"
        return Finding("cards", what, advice)
    fields = [_FIELD.match(line) for line in lines]
    counts = Counter(field[1] for field in fields if field)
    frequent = {key for key, n in counts.items() if n >= max(_FEWEST, 0.02 * len(lines))}
    found = [(f[1], f[2]) if f and f[1] in frequent else (b"", line)
             for f, line in zip(fields, lines, strict=True)]  # fmt: skip
    return _records(found) or _blocks(found, counts)


def _records(found: Sequence[tuple[bytes, bytes]]) -> Finding | None:
    """Mostly fields, and each has the same one behind it, as nobody speaks in turns."""
    keys = [key for key, _ in found if key and _OF_MACHINES.fullmatch(key)]
    if len(set(keys)) < _FEWEST_KEYS or len(keys) < _RECORD_SHARE * len(found):
        keys = [key for key, _ in found if key] if _are_short(found) else []
    if not keys:
        return None
    follow = Counter(pairwise(keys))
    usual = sum(max(n for (a, _), n in follow.items() if a == key) for key in set(keys[:-1]))
    if usual < _SAME_NEXT * (len(keys) - 1):
        return None
    return _finding("records", f"is records of fields ({_named(Counter(keys))})", Counter(keys))


def _are_short(found: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether nearly all lines are fields, and their values no sentences: a register's."""
    values = [value.strip() for key, value in found if key]
    keys = {key for key, _ in found if key}
    if len(keys) <= _FEWEST_KEYS or len(values) < _REGISTER_SHARE * len(found):
        return False
    words = sum(value.count(b" ") + 1 for value in values)
    stopped = sum(value.endswith((b".", b"?", b"!")) for value in values)
    return words <= _WORDS_OF_VALUE * len(values) and stopped <= 0.1 * len(values)


def _blocks(found: Sequence[tuple[bytes, bytes]], counts: Counter[bytes]) -> Finding | None:
    """Fields that a crawler or a mail program puts before a text."""
    addressed = Counter(key for key, value in found if key and _ADDRESS.match(value))
    telling = {key for key, n in addressed.items() if n >= 0.8 * counts[key]}
    telling |= {key for key, _ in found if key and _CRAWLED.match(key)}
    names = {key.lower() for key, _ in found if key}
    if not telling and not names.issuperset(_OF_MAIL):
        return None
    keys = Counter(key for key, _ in found if key)
    return _finding("fields", f"has fields before its texts ({_named(keys)})", keys)


def _named(keys: Counter[bytes]) -> str:
    return ", ".join(f"{key.decode()}:" for key, _ in keys.most_common(4))


def _finding(kind: str, what: str, keys: Counter[bytes]) -> Finding:
    pattern = "|".join(re.escape(key.decode()) for key, _ in keys.most_common(8))
    advice = (
        "their names are taken as text; strip them first, as with "
        f"sed -E '/^({pattern}):/d', or cut out the one of text"
    )
    return Finding(kind, what, advice, is_warning=True)
