"""MinHash: documents with many sets of words in common, found without comparing all with all.

Broder, "On the resemblance and containment of documents" (1997); bands as in Leskovec, Rajaraman,
Ullman, "Mining of Massive Datasets", section 3.4.  The similarity of two documents is the share of
their 5-grams of words that both have (Jaccard's index).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bertprep.cleaning.words import ngrams, word_numbers
from bertprep.common.draws import PERMUTATION, random_bits, stream_key

NGRAM_WORDS = 5
PERMUTATIONS = 128
_RECALL = 0.99
_MOST = 0xFFFFFFFF
# Columns of so many numbers stay in a processor's cache.
_BLOCK = 1 << 15
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
        """The longest bands by which 99% of the pairs are found that share so many 5-grams.

        Args:
            threshold: the share, from 0 to 1.
        """
        for rows in range(PERMUTATIONS, 1, -1):
            count = PERMUTATIONS // rows
            if 1 - (1 - threshold**rows) ** count >= _RECALL:
                return cls(count, rows)
        return cls(PERMUTATIONS, 1)

    def keys(self, signatures: Signatures) -> NDArray[np.uint64]:
        """uint64[n, count]: a number for each band of each signature, uint32[n, 128]."""
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

    def signatures(self, texts: Sequence[str]) -> Signatures:
        """uint32[n, 128]: for each text the smallest of its 5-grams in 128 orders.

        A text without words has the largest of all numbers throughout.
        """
        found = ngrams(word_numbers(texts), NGRAM_WORDS)
        grams = (found.numbers >> np.uint64(32)).astype(np.uint32)
        some = np.flatnonzero(found.counts)
        starts = (np.cumsum(found.counts) - found.counts)[some]
        signatures = np.full((PERMUTATIONS, len(texts)), _MOST, np.uint32)
        for texts_of, grams_of in _blocks(starts, len(grams)):
            smallest = self._smallest(grams[grams_of], starts[texts_of] - grams_of.start)
            signatures[:, some[texts_of]] = smallest
        return np.ascontiguousarray(signatures.T)

    def _smallest(self, grams: NDArray[np.uint32], starts: NDArray[np.int64]) -> Signatures:
        """uint32[128, n]: the smallest number from each start to the next, in each order."""
        smallest = np.empty((PERMUTATIONS, len(starts)), np.uint32)
        ordered = np.empty_like(grams)
        for i in range(PERMUTATIONS):
            np.multiply(grams, self._factors[i], out=ordered)
            np.add(ordered, self._offsets[i], out=ordered)
            np.minimum.reduceat(ordered, starts, out=smallest[i])
        return smallest


def _blocks(starts: NDArray[np.int64], count: int) -> Iterator[tuple[slice, slice]]:
    """Texts by where they start, and their numbers: some ``_BLOCK`` of these, or those of one."""
    first = 0
    while first < len(starts):
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + _BLOCK)))
        end = int(starts[last]) if last < len(starts) else count
        yield slice(first, last), slice(int(starts[first]), end)
        first = last


def sketches(signatures: Signatures) -> Sketches:
    """uint8[n, 128]: enough of signatures, uint32[n, 128], to tell how similar documents are."""
    return (signatures >> np.uint32(7)).astype(np.uint8)


def similarity(first: Sketches, second: Sketches) -> NDArray[np.float64]:
    """float64[n]: an estimate of the share of 5-grams in common; exact within about 0.04.

    Two different numbers have an equal byte once in 256: that is taken off.

    Args:
        first: uint8[n, 128].
        second: uint8[n, 128].
    """
    equal = (first == second).mean(axis=1)
    return np.asarray((equal - 1 / 256) / (1 - 1 / 256), np.float64)
