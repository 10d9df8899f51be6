"""The kinds of characters that the rules for sentences tell apart, looked up in a table."""

from __future__ import annotations

from enum import Enum
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

__all__ = [
    "ARMENIAN",
    "ASSIGNED",
    "GREEK",
    "Kind",
    "Kinds",
    "Mask",
    "group",
    "kind_table",
    "kinds_and_marks",
    "kinds_of",
]

# Small letters.
GREEK, ARMENIAN = range(ord("α"), ord("ώ") + 1), range(ord("ա"), ord("ֆ") + 1)
_FLAG = 128

Kinds = NDArray[np.uint8]
Mask = NDArray[np.bool_]


class Kind(np.uint8, Enum):
    """The kind of a character, for the rules; the order lets one comparison select a group.

    Of the type the tables hold: numpy compares a table with an IntEnum as int64, thirty times
    slower.
    """

    SPACE = 0
    BREAK = 1  # line break; up to here: white space
    OTHER = 2
    LOWER = 3
    UPPER = 4
    CASELESS = 5
    WIDE = 6  # written without spaces: Han, kana
    PARTICLE = 7  # kana that go on after a Japanese quotation
    ACCENT = 8
    DIGIT = 9
    SYMBOL = 10
    DASH = 11
    COMMA = 12
    INVERTED = 13  # ¿ and ¡
    OPENER = 14
    WIDE_OPENER = 15
    CLOSER = 16  # from here on: what may follow the first stop and still belong to it
    QUOTE = 17  # opens or closes
    DOT = 18  # from here on: stops
    ELLIPSIS = 19
    MARK = 20
    WIDE_DOT = 21  # from here on: stops that need no space after them
    WIDE_MARK = 22


# Later lines override earlier ones.
_PATTERNS = (
    (Kind.LOWER, r"\p{Ll}"),
    (Kind.UPPER, r"[\p{Lu}\p{Lt}]"),
    (Kind.CASELESS, r"[\p{Lo}\p{Lm}\u10d0-\u10ff]"),  # Georgian, which has capitals for titles only
    (Kind.LOWER, r"[ªº]"),
    (Kind.WIDE, r"[\p{Han}\p{Hiragana}\p{Katakana}]"),
    (Kind.PARTICLE, r"[とっのはがをにもでへや]"),
    (Kind.ACCENT, r"\p{M}"),
    (Kind.DIGIT, r"\p{N}"),
    (Kind.SYMBOL, r"[\p{Sc}\p{So}•‣⁃·*#@§¶†‡]"),
    (Kind.OTHER, r"№"),  # more often in a sentence than at its head
    (Kind.DASH, r"\p{Pd}"),
    (Kind.INVERTED, r"[¿¡]"),
    (Kind.OPENER, r"[\p{Ps}\p{Pi}„‚`]"),
    (Kind.CLOSER, r"[\p{Pe}\p{Pf}]"),
    (Kind.WIDE_OPENER, r"[「『（《〈【〔［｛〖｢]"),
    (Kind.QUOTE, r"""["'’＂]"""),
    (Kind.WIDE_DOT, r"\p{STerm}"),  # the scripts' own: । ॥ ۔ ؟ ። ။ ។ ։
    (Kind.COMMA, r"[,;:，、：；､၊]"),
    (Kind.MARK, r"[?!‼⁇⁈⁉།༎]"),
    (Kind.ELLIPSIS, r"[…‥]"),
    (Kind.DOT, r"\."),
    (Kind.MARK, r"．"),
    (Kind.WIDE_DOT, r"[。｡]"),
    (Kind.WIDE_MARK, r"[！？]"),
    (Kind.SPACE, r"[\s\x1c-\x1f]"),
    (Kind.BREAK, r"[\n\r\v\f\x85\u2028\u2029]"),
)

# The planes that hold characters; to look at the rest, too, would take a worker longer to start.
ASSIGNED = (range(0x40000), range(0xE0000, 0xE1000))

# Blocks of ideographs, of letters without case, and of what no pattern has: most are such.
_BLOCK = 256
_ALIKE = regex.compile(
    r"(?P<WIDE>[\p{Han}&&\p{Lo}]+)|(?P<CASELESS>[\p{Lo}--[\p{Han}\p{Hiragana}\p{Katakana}ªº]]+)"
    r"|[\p{Cn}\p{Co}\p{Cs}]+",
    regex.VERSION1,
)


def group(*kinds: Kind) -> Mask:
    """Which kinds are of a group: bool[kinds]."""
    mask = np.zeros(len(Kind), bool)
    mask[list(kinds)] = True
    return mask


CASED = group(Kind.LOWER, Kind.UPPER)
CLOSING = group(Kind.QUOTE, Kind.CLOSER)


@cache
def kind_table() -> Kinds:
    """uint8[0x110000]: the kind of each code point."""
    table = np.full(0x110000, Kind.OTHER, np.uint8)
    mixed: list[int] = []
    for codes in ASSIGNED:
        for start in range(codes.start, codes.stop, _BLOCK):
            block = range(start, start + _BLOCK)
            alike = _ALIKE.fullmatch("".join(map(chr, block)))
            if alike is None:
                mixed += block
            elif alike.lastgroup:
                table[start : start + _BLOCK] = Kind[alike.lastgroup]
    table[mixed] = kinds_by_patterns("".join(map(chr, mixed)))
    return table


def kinds_by_patterns(characters: str) -> Kinds:
    """uint8[n]: kinds of characters by ``_PATTERNS``, all of which are tried on all of them."""
    kinds = np.full(len(characters), Kind.OTHER, np.uint8)
    for kind, pattern in _PATTERNS:
        for match in regex.finditer(f"{pattern}+", characters):
            kinds[match.start() : match.end()] = kind
    return kinds


@cache
def _table_with_flags() -> Kinds:
    """The same with a flag on the small letters of scripts whose marks mean something else."""
    table = kind_table().copy()
    for letters in (GREEK, ARMENIAN):
        table[letters.start : letters.stop] |= _FLAG
    return table


def kinds_of(text: str, at_once: int = 1 << 15) -> Kinds:
    """uint8[len(text) + 1]: the kind of each character, and one line break more.

    That is also the kind at offset -1.

    Args:
        text: documents, joined.
        at_once: characters to look up: what that takes, twelve bytes for each, is to stay in a
            core's cache.
    """
    return kinds_and_marks(text, at_once)[0]


def kinds_and_marks(text: str, at_once: int = 1 << 15) -> tuple[Kinds, NDArray[np.int64]]:
    """The kinds, and int64[n]: where commas and stops stand behind small Greek or Armenian letters.

    A closing bracket may be between; ``at_once`` as for `kinds_of`.
    """
    kinds = np.full(len(text) + 1, Kind.BREAK, np.uint8)
    table = _table_with_flags()
    for start in range(0, len(text), at_once):
        part = text[start : start + at_once].encode("utf-32-le", "surrogatepass")
        codes = np.frombuffer(part, np.uint32)
        # mode "raise" would buffer the output
        table.take(codes, out=kinds[start : start + len(codes)], mode="clip")
    letters = np.flatnonzero(kinds >= _FLAG)
    if not len(letters):
        return kinds, letters
    kinds &= _FLAG - 1
    after = letters + 1
    after += kinds[after] == Kind.CLOSER
    behind = kinds.take(after, mode="clip")
    return kinds, after[(behind == Kind.COMMA) | (behind == Kind.DOT)]
