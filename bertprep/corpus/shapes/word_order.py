"""Words in an order that no language has: turned round, shuffled, sorted within their lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

Rows = Sequence[Sequence[str]]

_STOP = re.compile(r"[a-z]{3}[.!?]")
_FEWEST_STOPS, _FEWEST_CAPITALS, _MISPLACED = 20, 20, 0.6
_USUAL = 3  # how much more often a word has a small letter than a capital
_FEWEST_DISTINCT, _FEWEST_TWICE, _WORDS_TWICE, _TWICE = 300, 8, 4, 0.6
_MOST_USUAL = 15
_FEWEST_WORDS_OF_LINE, _FEWEST_SORTED, _SORTED = 10, 15, 0.9


def disordered(part: Part) -> Finding | None:
    """Sentences whose words were moved; a warning."""
    rows = [line.split() for line in part.text.splitlines()]
    if _are_misplaced(rows):
        return _finding("capitals stand within its sentences and small letters behind their ends")
    if _are_sorted(rows):
        return _finding("the words of its lines are in alphabetical order")
    if _come_twice(rows):
        return _finding("the same word comes twice in a row as often as by chance")
    return None


def _are_misplaced(rows: Rows) -> bool:
    """Whether sentences go on in small letters, and common words have capitals elsewhere."""
    pairs = [pair for row in rows for pair in pairwise(row)]
    behind = [b for a, b in pairs if _STOP.fullmatch(a[-4:]) and b[:1].isalpha()]
    small = sum(word[:1].islower() for word in behind)
    if len(behind) < _FEWEST_STOPS or small < _MISPLACED * len(behind):
        return False
    counts = Counter(word.strip(".,;:!?") for row in rows for word in row)
    usual = {
        word
        for word, count in counts.items()
        if word.istitle() and counts[word.lower()] >= _USUAL * count
    }
    before = [a for a, b in pairs if b in usual]
    within = sum(a[-1:].isalpha() or a[-1:] == "," for a in before)
    return len(before) >= _FEWEST_CAPITALS and within >= _MISPLACED * len(before)


def _come_twice(rows: Rows) -> bool:
    """Whether pairs of equal words are as many as where each word is drawn by its frequency."""
    counts = Counter(word for row in rows for word in row)
    pairs = [pair for row in rows for pair in pairwise(row)]
    # People do say no, no, and horses clop clop; of and of they do not say.
    usual = dict([(word, n) for word, n in counts.most_common(_MOST_USUAL) if word.isalpha()])
    squares = sum(n * n for n in usual.values())
    expected = squares * len(pairs) / max(1, counts.total() ** 2)
    if sum(map(str.isalpha, counts)) < _FEWEST_DISTINCT or expected < _FEWEST_TWICE:
        return False
    twice = Counter(a for a, b in pairs if a == b and a in usual)
    # Not one word again and again, as a refrain has.
    return twice.total() >= _TWICE * expected and len(twice) >= _WORDS_TWICE


def _are_sorted(rows: Rows) -> bool:
    rows = [[word.lower() for word in row] for row in rows]
    rows = [row for row in rows if len(set(row)) >= _FEWEST_WORDS_OF_LINE]
    if len(rows) < _FEWEST_SORTED:
        return False
    ordered = [sum(a <= b for a, b in pairwise(row)) >= _SORTED * (len(row) - 1) for row in rows]
    return sum(ordered) >= _SORTED * len(rows)


def _finding(why: str) -> Finding:
    what = f"has its words in no order of a language: {why}"
    advice = "it is read as text; give it as it was before that, or leave it out by --exclude"
    return Finding("no order", what, advice, is_warning=True)
