"""Lines in alphabetical order: word lists, dictionaries, glossaries, indexes, sorted sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import STOPPED_BYTES, Finding

# Behind the word that an entry is about: a sign, blanks, its part of speech, or how it is said.
_ENTRY = re.compile(
    rb"[^\s,:;=/\[(|]+(?: [^\s,:;=/\[(|]+){0,3}?(?:,? ?[:;=/\[(|\t]|, |  +"
    rb"| (?:-|\xe2\x80[\x93\x94]) | (?:n|v|adj|adv|v\.t|v\.i|prep|pl)\. )"
)
_NUMBER = re.compile(rb"\d")
_FEWEST_LINES = 50
_FEWEST_CHANGES = 40
_IN_ORDER = 0.95
_ENTRIES, _SENTENCES, _CAPITALS = 0.6, 0.5, 0.9
_MOST_WORDS_OF_SENTENCES = 25  # longer lines are documents, which may well be sorted
_CODE_SHARE, _FEWEST_CODES = 0.1, 300


def alphabetical(part: Part) -> Finding | None:
    """Lines, or the first lines of blocks, that somebody sorted.

    Names and titles may be sorted and are text all the same.
    """
    for lines in (part.filled, _first_of_blocks(part), _not_indented(part)):
        if len(lines) >= _FEWEST_LINES and _are_sorted(lines):
            return _kind_of(lines)
    return None


def _first_of_blocks(part: Part) -> list[bytes]:
    before = [b"", *part.lines]
    return [b.strip() for a, b in pairwise(before) if b.strip() and not a.strip()]


def _not_indented(part: Part) -> list[bytes]:
    lines = [line for line in part.lines if line[:1].strip()]
    return lines if len(lines) < 0.8 * len(part.filled) else []


def _are_sorted(lines: Sequence[bytes]) -> bool:
    """Whether nearly all neighbours that differ are in order, which chance does not bring about."""
    some = lines[-_FEWEST_LINES:]  # the first may say what the list is
    return _in_order(some, _FEWEST_CHANGES // 2) and _in_order(lines, _FEWEST_CHANGES)


def _in_order(lines: Sequence[bytes], fewest: int) -> bool:
    # Numbers are in another order, and sections and verses have them.
    keys = [_NUMBER.split(line.lower(), 1)[0] for line in lines]
    keys = [key for key in keys if key[:1].isalpha() or key[:1] >= b"\x80"]
    changes = [a < b for a, b in pairwise(keys) if a != b]
    return len(changes) >= max(fewest, 0.6 * len(lines)) and sum(changes) >= _IN_ORDER * len(
        changes
    )


def _kind_of(lines: Sequence[bytes]) -> Finding | None:
    words = sum(line.count(b" ") + 1 for line in lines) / len(lines)
    if words < 1.2:
        capitals = sum(line.istitle() or line[:1] >= b"\x80" for line in lines)
        return None if capitals >= _CAPITALS * len(lines) else _finding("words")
    if sum(bool(_ENTRY.match(line)) for line in lines) >= _ENTRIES * len(lines) or _are_codes(
        lines
    ):
        return _finding("entries of a dictionary, an index or a glossary")
    stops = sum(bool(STOPPED_BYTES.search(line)) for line in lines)
    if stops >= _SENTENCES * len(lines) and words <= _MOST_WORDS_OF_SENTENCES:
        return _finding("sentences")
    return None


def _are_codes(lines: Sequence[bytes]) -> bool:
    """Whether all but the first words come from a small set, as sounds in a list of these do."""
    rest = [word for line in lines for word in line.split()[1:]]
    capitals = sum(word.upper() == word for word in rest)
    is_small = len(set(rest)) <= _CODE_SHARE * len(rest)
    return len(rest) >= _FEWEST_CODES and is_small and capitals >= _CAPITALS * len(rest)


def _finding(what: str) -> Finding:
    return Finding(
        f"sorted {what.split()[0]}",
        f"holds {what} in alphabetical order, not running text",
        "what stands together there does not belong together: leave it out by --exclude, or give "
        "the text as it was before it was sorted",
        is_warning=True,
    )
