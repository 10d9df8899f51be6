"""The rules of MassiveText, for documents of the web.

Rae et al., "Scaling Language Models: Methods, Analysis & Insights from Training Gopher" (2021),
section A.1.1 with table A1: the thresholds are theirs.  The rule on English stop words drops all
text of other languages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bertprep.cleaning.measures import Measures
from bertprep.cleaning.words import Ragged, ngrams

_MIN_WORDS, _MAX_WORDS = 50, 100_000
_MIN_WORD_LENGTH, _MAX_WORD_LENGTH = 3, 10
_MAX_SYMBOLS_A_WORD = 0.1
_MAX_BULLET_LINES = 0.9
_MAX_ELLIPSIS_LINES = 0.3
_MIN_ALPHABETIC_WORDS = 0.8
_STOP_WORDS = frozenset(("the", "be", "to", "of", "and", "that", "have", "with"))
_MIN_STOP_WORDS = 2
_BULLETS = ("•", "‣", "-", "*", "●")
_ELLIPSES = ("...", "…")
# For either kind of them alone the share is told.
_SYMBOLS = (re.compile(r"#"), re.compile(r"\.\.\.|…"))

# The most that repeated lines and paragraphs may be, of their number and of the characters.
_MAX_REPEATED_LINES, _MAX_REPEATED_PARAGRAPHS = 0.30, 0.30
_MAX_REPEATED_LINE_CHARACTERS, _MAX_REPEATED_PARAGRAPH_CHARACTERS = 0.20, 0.20
# Of the characters, in the most frequent n-gram of words, and in all that occur again.
_MAX_TOP = {2: 0.20, 3: 0.18, 4: 0.16}
_MAX_AGAIN = {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}


def broken_rule(document: Measures) -> str:
    """The name of the first rule that a document breaks; nothing if it keeps them all."""
    return _quality(document) or _repetition(document)


def _quality(document: Measures) -> str:
    words = document.words
    count = len(words)
    if not _MIN_WORDS <= count <= _MAX_WORDS:
        return "gopher_word_count"
    if not _MIN_WORD_LENGTH <= sum(map(len, words)) / count <= _MAX_WORD_LENGTH:
        return "gopher_word_length"
    if any(len(s.findall(document.text)) / count > _MAX_SYMBOLS_A_WORD for s in _SYMBOLS):
        return "gopher_symbols"
    lines = document.lines
    if sum(line.startswith(_BULLETS) for line in lines) / len(lines) > _MAX_BULLET_LINES:
        return "gopher_bullets"
    if sum(line.endswith(_ELLIPSES) for line in lines) / len(lines) > _MAX_ELLIPSIS_LINES:
        return "gopher_ellipses"
    alphabetic = sum(any(map(str.isalpha, word)) for word in words)
    if alphabetic / count < _MIN_ALPHABETIC_WORDS:
        return "gopher_alphabetic"
    if len(_STOP_WORDS.intersection(map(str.lower, words))) < _MIN_STOP_WORDS:
        return "gopher_stop_words"
    return ""


def _repetition(document: Measures) -> str:
    size = len(document.text)
    for parts, most, most_characters in (
        (document.lines, _MAX_REPEATED_LINES, _MAX_REPEATED_LINE_CHARACTERS),
        (document.paragraphs, _MAX_REPEATED_PARAGRAPHS, _MAX_REPEATED_PARAGRAPH_CHARACTERS),
    ):
        again = [part for part, n in Counter(parts).items() for _ in range(n - 1)]
        if len(again) / len(parts) > most or sum(map(len, again)) / size > most_characters:
            return "gopher_repeated_lines"
    repeats = Repeats(document.words)
    if any(repeats.top(n) > most * size for n, most in _MAX_TOP.items()):
        return "gopher_repeated_words"
    if any(repeats.again(n) > most * size for n, most in _MAX_AGAIN.items()):
        return "gopher_repeated_words"
    return ""


class Repeats:
    """How many characters of a text are in n-grams of words that occur more than once."""

    def __init__(self, words: Sequence[str]) -> None:
        numbers: dict[str, int] = {}
        found = [numbers.setdefault(word, len(numbers)) for word in words]
        self._words = Ragged(np.array(found, np.uint64), np.array([len(found)]))
        self._ends = np.append(0, np.cumsum(list(map(len, words))))

    def _ngrams(self, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """int64[m]: for each n-gram the place of the first that is equal; its characters."""
        grams = ngrams(self._words, n).numbers
        _, first, which = np.unique(grams, return_index=True, return_inverse=True)
        return first[which], self._ends[n:] - self._ends[:-n]

    def top(self, n: int) -> int:
        """Characters of the most frequent n-gram, all times it occurs; 0 if none does twice."""
        if len(self._words.numbers) <= n:
            return 0
        first, lengths = self._ngrams(n)
        counts = np.bincount(first)
        place = int(counts.argmax())
        return int(counts[place] * lengths[place]) if counts[place] > 1 else 0

    def again(self, n: int) -> int:
        """Characters in n-grams that occurred before, none counted twice."""
        if len(self._words.numbers) <= n:
            return 0
        first, lengths = self._ngrams(n)
        total = free = 0
        for place in np.flatnonzero(first < np.arange(len(first))).tolist():
            if place >= free:
                total += int(lengths[place])
                free = place + n
        return total
