"""Which candidates make the vocabulary: those worth most to BERT's encoder.

A piece is worth the pieces it saves, in the words that were counted and in words that were not.
The second is what makes a vocabulary serve other text than it was learned on: a language has more
words than any corpus, and unseen ones are made of the parts of the seen. By the corpus alone, a
long word of its subject beats an ending that a hundred words share, because each of these has
by then a piece of its own. So every distinct word stands for some unseen words like it too: it is
encoded a second time as a word is that the pieces do not know, with none that is the whole or most
of it (the first piece may take half of it at most). These are one more than the root of its count:
more for a word that is frequent, as its parts are the language's and not those of a name or a word
of another language, but not as many more as it occurs. (What is new in a text follows the tables of
a Pitman-Yor process, a power of the counts: Goldwater, Griffiths and Johnson, "Interpolating
between Types and Tokens", 2006.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.learning.longest_match import Encoded, LongestMatch, Words
from bertprep.vocabulary.reading_settings import CONTINUING

Ints = NDArray[np.int64]

# How many times these unseen words count. Measured with 8,000 pieces learned on 3 MB about one
# subject and tried on text about others: without them, up to 10% more pieces a word there than by
# merges alone; with them, fewer in all languages. Were there two for each word whatever its count,
# Vietnamese took 0.5% more than by merges, as most of its distinct words are foreign; were there as
# many as the root, Hindi 0.6% more.
UNSEEN = 1
# An [UNK] is a word lost, and counts as so many further pieces: Japanese text then has fewer of
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
        unseen: how many times the unseen words count.
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
        self._merged = len(candidates) - len(ideographs)
        self._words, self._counts = corpus.words, corpus.counts
        self._unseen_counts = unseen * _unseen_like(corpus.counts)
        texts = _spell(candidates[: self._merged] + letters, corpus.alphabet)
        self._pieces = len(texts)
        self._encoder = LongestMatch(texts, len(corpus.alphabet))
        self._seen = self._encoder.encode(self._words)
        several = np.flatnonzero(np.diff(self._words.starts) > 1)
        self._unseen = self._encoder.encode(self._words, several, halved=True)
        alone = np.array([ideographs.get(piece, 0) for piece in candidates], np.float64)
        self._worth = UNKNOWN * (alone + unseen * _unseen_like(alone))

    def ranked(self, candidates: Ints) -> Ints:
        """``candidates``, the most worth first."""
        candidates = np.sort(candidates)  # so that ties go by code points
        pieces = candidates[candidates < self._merged]
        used = np.bincount(self._seen.piece, self._counts[self._seen.word], self._pieces)
        unseen = self._unseen_counts[self._unseen.word]
        used += np.bincount(self._unseen.piece, unseen, self._pieces)
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


def _unseen_like(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many unseen words there are like words with these counts, 0 for 0.

    In whole numbers: their sums are exact, in whatever order the words come.
    """
    found: NDArray[np.float64] = np.floor(np.sqrt(counts)) + (counts > 0)
    return found


def _spell(pieces: list[str], alphabet: list[str]) -> Words:
    """The texts of ``pieces``, without their "##", in letters."""
    rank = {letter: index for index, letter in enumerate(alphabet)}
    inside = [piece.startswith(CONTINUING) for piece in pieces]
    texts = [piece.removeprefix(CONTINUING) for piece in pieces]
    letters = np.array([rank[letter] for text in texts for letter in text], np.int32)
    lengths = np.array([len(text) for text in texts], np.int64)
    return Words.of(letters, lengths, np.array(inside, bool))
