"""Which candidates make the vocabulary: those worth most to BERT's encoder.

A piece is worth the pieces it saves, in the words that were counted and in words that were not.
The second is what makes a vocabulary serve other text than it was learned on: a language has more
words than any corpus, and unseen ones are made of the parts of the seen. By the corpus alone, a
long word of its subject beats an ending that a hundred words share, because each of these has
by then a piece of its own. So every distinct word stands for some unseen words like it too: it is
encoded a second time as a word is that the pieces do not know, with none that is the whole or most
of it (the first piece may take half of it at most). (What is new in a text follows the types, not
the tokens: Goldwater, Griffiths and Johnson, "Interpolating between Types and Tokens", 2006.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.learning.longest_match import Encoded, LongestMatch, Words
from bertprep.vocabulary.settings import CONTINUING

Ints = NDArray[np.int64]

# How many unseen words a distinct word stands for. Measured with 8,000 pieces learned on 3 MB about
# one subject and tried on text about others: with none, up to 10% more pieces a word there than by
# merges alone; with 1, as many; with 2, one to three percent fewer in all languages; with 4, fewer
# still, but then text of the same subject takes about as many as by merges.
UNSEEN = 2
# An [UNK] is a word lost, and counts as so many further pieces: Japanese text then has no more of
# them than by the trainer of tokenizers, which keeps every character.
UNKNOWN = 4
# What part of the surplus is still there after each round of dropping. On 18 MB of English
# Wikipedia, 8,000 pieces, 1.263 pieces a word if it goes at once, 1.249 so, 1.248 in six rounds.
SURPLUS_LEFT = (1 / 2, 1 / 4, 1 / 8, 0.0)


class Corpus(NamedTuple):
    """The words that can be spelled, how often each occurs (float64[words]), and the letters."""

    words: Words
    counts: NDArray[np.float64]
    alphabet: list[str]


def best(
    corpus: Corpus,
    letters: list[str],
    merged: list[str],
    ideographs: dict[str, int],
    wanted: int,
    unseen: int = UNSEEN,
) -> list[str]:
    """The ``wanted`` candidates that are worth most, best first, ties by code points.

    Args:
        corpus: what is encoded.
        letters: the pieces of one character that the vocabulary has in any case.
        merged: candidates of two characters or more, sorted, each once.
        ideographs: candidates that are words of their own, with their counts.
        wanted: how many pieces to choose.
        unseen: how many unseen words a distinct word stands for.
    """
    candidates = merged + sorted(ideographs)
    worth = _Worth(corpus, candidates, letters, ideographs, unseen)
    left = np.arange(len(candidates))
    surplus = max(0, len(candidates) - wanted)
    for part in SURPLUS_LEFT:
        left, dropped = np.split(worth.ranked(left), [wanted + int(surplus * part)])
        worth.drop(dropped)
    return [candidates[index] for index in worth.ranked(left).tolist()]


class _Worth:
    """The worth of each candidate beside the others that are left."""

    def __init__(
        self,
        corpus: Corpus,
        candidates: list[str],
        letters: list[str],
        ideographs: dict[str, int],
        unseen: int,
    ) -> None:
        self._each = unseen
        self._merged = len(candidates) - len(ideographs)
        self._words, self._counts = corpus.words, corpus.counts
        texts = _spell(candidates[: self._merged] + letters, corpus.alphabet)
        self._pieces = len(texts)
        self._encoder = LongestMatch(texts, len(corpus.alphabet))
        self._seen = self._encoder.encode(self._words)
        several = np.flatnonzero(np.diff(self._words.starts) > 1)
        self._unseen = self._encoder.encode(self._words, several, halved=True)
        alone = [UNKNOWN * (ideographs.get(piece, -unseen) + unseen) for piece in candidates]
        self._worth = np.array(alone, np.float64)

    def ranked(self, candidates: Ints) -> Ints:
        """``candidates``, the most worth first."""
        candidates = np.sort(candidates)  # so that ties go by code points
        pieces = candidates[candidates < self._merged]
        used = np.bincount(self._seen.piece, self._counts[self._seen.word], self._pieces)
        used += self._each * np.bincount(self._unseen.piece, minlength=self._pieces)
        self._worth[pieces] = used[pieces] * (self._encoder.pieces_without(pieces) - 1)
        order: Ints = np.argsort(-self._worth[candidates], kind="stable")
        return candidates[order]

    def drop(self, candidates: Ints) -> None:
        """Goes on without some of them."""
        pieces = candidates[candidates < self._merged]
        self._encoder.drop(pieces)
        self._seen = self._again(pieces, self._seen, halved=False)
        self._unseen = self._again(pieces, self._unseen, halved=True)

    def _again(self, dropped: Ints, encoded: Encoded, *, halved: bool) -> Encoded:
        return self._encoder.without(dropped, self._words, encoded, halved=halved)


def _spell(pieces: list[str], alphabet: list[str]) -> Words:
    """The texts of ``pieces``, without their "##", in letters."""
    rank = {letter: index for index, letter in enumerate(alphabet)}
    inside = [piece.startswith(CONTINUING) for piece in pieces]
    texts = [piece.removeprefix(CONTINUING) for piece in pieces]
    letters = np.array([rank[letter] for text in texts for letter in text], np.int32)
    lengths = np.array([len(text) for text in texts], np.int64)
    return Words.of(letters, lengths, np.array(inside, bool))
