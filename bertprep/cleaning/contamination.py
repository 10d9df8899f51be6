"""Documents that share word n-grams with texts a model is to be tested on.

As GPT-3 did (Brown et al., "Language Models are Few-Shot Learners", 2020, appendix C): n-grams of
13 words, in lower case and without punctuation.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bertprep.cleaning.words import Numbers, WordNumbers, ngrams


class Contamination:
    """Tells which texts hold an n-gram of others; build one per worker.

    Args:
        texts: that are not to be in the corpus.
        n: words of an n-gram; shorter texts count as one.
    """

    def __init__(self, texts: Iterable[str], n: int) -> None:
        self._n = n
        self._numbers = WordNumbers()
        found = [self._of(text) for text in texts]
        self._held = np.unique(np.concatenate([np.zeros(0, np.uint64), *found]))

    def _of(self, text: str) -> Numbers:
        numbers = self._numbers.of(text)
        return ngrams(numbers, self._n) if len(numbers) >= self._n else numbers[:0]

    def holds(self, text: str) -> bool:
        """Whether the text has one of the n-grams."""
        if not len(self._held):
            return False
        grams = self._of(text)
        places = np.minimum(np.searchsorted(self._held, grams), len(self._held) - 1)
        return bool((self._held[places] == grams).any())
