"""MinHash: documents with many sets of words in common, found without comparing all with all.

Broder, "On the resemblance and containment of documents" (1997); bands as in Leskovec, Rajaraman,
Ullman, "Mining of Massive Datasets", section 3.4.  The similarity of two documents is the share of
their 5-grams of words that both have (Jaccard's index).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bertprep.cleaning.words import WordNumbers, ngrams
from bertprep.common.draws import PERMUTATION, random_bits, stream_key

NGRAM_WORDS = 5
PERMUTATIONS = 128
_RECALL = 0.99
_BAND_MULTIPLIER = np.uint64(0xFF51AFD7ED558CCD)

Signatures = NDArray[np.uint32]
Sketches = NDArray[np.uint8]


@dataclass(frozen=True)
class Bands:
    """How signatures are cut: documents with an equal band are compared.

    Attributes:
        count: of bands.
        rows: of the signature in each.
    """

    count: int
    rows: int

    @classmethod
    def for_threshold(cls, threshold: float) -> Bands:
        """The longest bands by which 99% of the pairs at the threshold are found."""
        for rows in range(PERMUTATIONS, 1, -1):
            count = PERMUTATIONS // rows
            if 1 - (1 - threshold**rows) ** count >= _RECALL:
                return cls(count, rows)
        return cls(PERMUTATIONS, 1)

    def keys(self, signatures: Signatures) -> NDArray[np.uint64]:
        """uint64[n, count]: a number for each band of each signature."""
        used = signatures[:, : self.count * self.rows].astype(np.uint64)
        parts = used.reshape(len(signatures), self.count, self.rows)
        keys = np.broadcast_to(
            np.arange(1, self.count + 1, dtype=np.uint64), parts.shape[:2]
        ).copy()
        for i in range(self.rows):
            keys = (keys ^ parts[:, :, i]) * _BAND_MULTIPLIER
            keys ^= keys >> np.uint64(32)
        return keys


class Signer:
    """Makes signatures; build one per worker."""

    def __init__(self) -> None:
        key = np.array([stream_key(0, "minhash")], np.uint64)
        bits = random_bits(key, PERMUTATION, np.arange(2 * PERMUTATIONS))
        numbers = (bits >> np.uint64(32)).astype(np.uint32).reshape(2, PERMUTATIONS)
        self._factors, self._offsets = numbers[0] | np.uint32(1), numbers[1]
        self._numbers = WordNumbers()

    def signatures(self, texts: list[str]) -> Signatures:
        """uint32[n, 128]: for each text the smallest of its 5-grams in 128 orders.

        A text without words has the largest of all numbers throughout.
        """
        found = [ngrams(self._numbers.of(text), NGRAM_WORDS) for text in texts]
        lengths = np.array([len(grams) for grams in found], np.int64)
        signatures = np.full((len(texts), PERMUTATIONS), 0xFFFFFFFF, np.uint32)
        if not lengths.any():
            return signatures
        grams = (np.concatenate(found) >> np.uint64(32)).astype(np.uint32)
        some = lengths > 0
        starts = (np.cumsum(lengths) - lengths)[some]
        for i in range(PERMUTATIONS):
            order = grams * self._factors[i] + self._offsets[i]
            signatures[some, i] = np.minimum.reduceat(order, starts)
        return signatures


def sketches(signatures: Signatures) -> Sketches:
    """uint8[n, 128]: enough of each signature to tell how similar two documents are."""
    return (signatures >> np.uint32(7)).astype(np.uint8)


def similarity(first: Sketches, second: Sketches) -> NDArray[np.float64]:
    """float64[n]: an estimate of the share of 5-grams in common; exact within about 0.04.

    Two different numbers have an equal byte once in 256: that is taken off.
    """
    equal = (first == second).mean(axis=1)
    return np.asarray((equal - 1 / 256) / (1 - 1 / 256), np.float64)
