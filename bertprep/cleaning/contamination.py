"""Documents that share word n-grams with texts a model is to be tested on.

As GPT-3 did (Brown et al., "Language Models are Few-Shot Learners", 2020, appendix C): n-grams of
13 words, in lower case and without punctuation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bertprep.cleaning.words import Ragged, ngrams, word_numbers


class Contamination:
    """Tells which texts hold an n-gram of others; build one per worker.

    Args:
        texts: that are not to be in the corpus.
        n: words of an n-gram; shorter texts have none.
    """

    def __init__(self, texts: Iterable[str], n: int) -> None:
        self._n = n
        self._held = np.unique(self._of(list(texts)).numbers)

    def _of(self, texts: Sequence[str]) -> Ragged:
        words = word_numbers(texts)
        is_long = words.counts >= self._n
        numbers = words.numbers[np.repeat(is_long, words.counts)]
        return ngrams(Ragged(numbers, words.counts * is_long), self._n)

    def holds(self, texts: Sequence[bytes]) -> NDArray[np.bool_]:
        """bool[n]: which of the texts in UTF-8 have one of the n-grams."""
        found = np.zeros(len(texts), np.bool_)
        if len(self._held):
            grams = self._of([text.decode("utf-8") for text in texts])
            places = np.minimum(np.searchsorted(self._held, grams.numbers), len(self._held) - 1)
            owners = np.repeat(np.arange(len(texts)), grams.counts)
            found[owners[self._held[places] == grams.numbers]] = True
        return found
