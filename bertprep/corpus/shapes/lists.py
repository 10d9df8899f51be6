"""Lists by what comes again in their lines: first words, codes, stems, syllables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import regex

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding, not_sentences, share_stopped

_FEWEST_LINES, _MOST_LINES = 40, 400
_AROUND = " \t.,;:!?()[]\"'"
# A keyword: neither a number nor the letter of an outline.
_KEYWORD = regex.compile(r"\P{L}?\p{L}{3,}\S*|[@#+*-]+")
_KEYWORDS, _INDENTED, _KEYWORDED, _FEW_STOPPED = 12, 0.5, 0.8, 0.02
# As of diseases, parts and flights; no ordinal, no decade, no name with a number.
_CODE = regex.compile(r"[A-Z]{1,4}[-.]?\d[\dA-Z./-]*|\d+[-.]?[A-Z]{1,3}\d[\dA-Z./-]*")
_CODED, _CODED_STOPPED = 0.95, 0.1
_SYLLABLES = regex.compile(r"\p{P}*\p{L}{1,6}(?:[\u00b7\u2027\u00ad=|~-]\p{L}{1,6})+\p{P}*")
_DIVIDED = 0.4
_STEM, _FORMS, _SAME_STEM = 3, 3, 0.8


def lists(part: Part) -> Finding | None:
    """Lines that are entries of a list; what is read all the same."""
    lines = part.filled_text[:_MOST_LINES]
    if len(lines) < _FEWEST_LINES:
        return None
    rows = [line.split() for line in lines]
    stopped = share_stopped(lines)
    return (
        _keyworded(lines, rows, stopped) or _coded(rows, stopped) or _divided(rows) or _forms(rows)
    )


def _keyworded(
    lines: Sequence[str], rows: Sequence[Sequence[str]], stopped: float
) -> Finding | None:
    """Indented lines that begin with one of a few words, as those of a language of commands."""
    if stopped > _FEW_STOPPED or sum(line[0].isspace() for line in lines) < _INDENTED * len(lines):
        return None
    first = Counter(row[0] for row in rows if _KEYWORD.fullmatch(row[0])).most_common(_KEYWORDS)
    share = sum(count for _, count in first) / len(rows)
    if share < _KEYWORDED:
        return None
    shown = ", ".join(word for word, _ in first[:4])
    return not_sentences("commands", f"begins {share:.0%} of its lines with {shown} and the like")


def _coded(rows: Sequence[Sequence[str]], stopped: float) -> Finding | None:
    """A code of its own before what each line names."""
    codes = {row[0] for row in rows if _CODE.fullmatch(row[0].rstrip(_AROUND))}
    if len(codes) < _CODED * len(rows) or stopped > _CODED_STOPPED:
        return None
    return not_sentences("a list", f"has a code before each line (such as {min(codes)})")


def _divided(rows: Sequence[Sequence[str]]) -> Finding | None:
    """Words in syllables, as for hyphenation."""
    count = sum(map(len, rows))
    divided = sum(bool(_SYLLABLES.fullmatch(token)) for row in rows for token in row)
    if divided < _DIVIDED * count:
        return None
    return not_sentences("syllables", f"divides {divided / count:.0%} of its words into syllables")


def _forms(rows: Sequence[Sequence[str]]) -> Finding | None:
    """The forms of a word a line."""
    found = [row for row in rows if len(row) >= _FORMS]
    same = sum(
        len({token.strip(_AROUND)[:_STEM].lower() for token in row}) == 1
        and len(set(row)) == len(row)
        for row in found
    )
    if same < _SAME_STEM * len(rows):
        return None
    return not_sentences(
        "a list", f"has the forms of one word in {same / len(rows):.0%} of its lines"
    )
