"""Words as numbers: what near duplicates and contamination are found by."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import regex
from numpy.typing import NDArray

# A character of the scripts that put no space between words is a word of its own.
_WORD = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}"
    r"\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{N}]+"
)
_KEPT = 1 << 20
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)

Numbers = NDArray[np.uint64]


class WordNumbers(dict[str, int]):
    """Word -> 64 bits of a hash of it; what was seen is kept, up to a bound."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _KEPT:
            self.clear()
        number = int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest())
        self[word] = number
        return number

    def of(self, text: str) -> Numbers:
        """uint64[n]: a number for each word of a text, in lower case and without punctuation."""
        words = _WORD.findall(text.lower())
        return np.fromiter(map(self.__getitem__, words), np.uint64, len(words))


def ngrams(numbers: Numbers, n: int) -> Numbers:
    """uint64[m]: a number for each n words in a row; one for all words if they are fewer."""
    if not len(numbers):
        return numbers
    n = min(n, len(numbers))
    count = len(numbers) - n + 1
    mixed = np.zeros(count, np.uint64)
    for i in range(n):
        mixed = mixed * _MULTIPLIER + numbers[i : i + count]
    mixed ^= mixed >> np.uint64(31)
    mixed *= _MIX
    mixed ^= mixed >> np.uint64(29)
    return mixed
