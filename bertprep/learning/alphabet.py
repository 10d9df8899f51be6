"""Which characters words are spelled with, and how much text is lost with those left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.ragged import offsets_of
from bertprep.vocabulary.reading_settings import CONTINUING

Ints = NDArray[np.int64]

# What official vocabularies have, which is more than one language's text needs.
USUAL = 1000
# How many words there may be with a character that is left out beyond these: 1 in 100,000.
LOSS = 1e-5
# Part of the pieces that characters may take up; each can make two.
_SHARE = 4
_CODE_POINTS = 0x110000


class LeftOut(NamedTuple):
    """The characters that a vocabulary cannot spell.

    Attributes:
        characters: those that no piece has, the most frequent first.
        known: how many characters of the text it has.
        words_share: of all words, those that are [UNK] for it.
    """

    characters: str
    known: int
    words_share: float


def alphabet_size(occurrences: Ints, words: int, size: int) -> int:
    """How many characters to keep by the rule of ``--limit-alphabet auto``.

    At least ``USUAL``, and as many more as it takes until words with others are at most ``LOSS``
    of all, but no more than a quarter of the pieces.  A fixed limit would take whole scripts from
    a text of many languages.

    Args:
        occurrences: int64[n], how often each character occurs in words.
        words: how many words there are, repeats counted.
        size: pieces wanted.

    >>> alphabet_size(np.array([5, 9]), 10, 100)
    1000
    """
    falling = np.sort(occurrences)[::-1]
    lost_from = np.append(np.cumsum(falling[::-1])[::-1], 0)
    needed = int(np.argmax(lost_from <= LOSS * words))
    return max(USUAL, min(needed, size // _SHARE))


def left_out(words: pa.Array, counts: Ints, pieces: Iterable[str]) -> LeftOut:
    """The characters of the words that the pieces do not have.

    Args:
        words: string[n], distinct.
        counts: int64[n], how often each occurs.
        pieces: those of the vocabulary, as "a" and "##a".
    """
    known = np.zeros(_CODE_POINTS, bool)
    letters = (piece.removeprefix(CONTINUING) for piece in pieces)
    known[[ord(letter) for letter in letters if len(letter) == 1]] = True
    totals = np.zeros(_CODE_POINTS, np.int64)
    lost = 0
    for start in range(0, len(words), 1 << 18):
        block, weights = words[start : start + (1 << 18)].to_pylist(), counts[start:][: 1 << 18]
        lengths = np.fromiter(map(len, block), np.int64, len(block))
        points = np.frombuffer("".join(block).encode("utf-32-le"), np.uint32)
        owner = np.repeat(np.arange(len(block)), lengths)
        totals += np.bincount(points, weights[owner], minlength=_CODE_POINTS).astype(np.int64)
        strange = np.searchsorted(offsets_of(lengths), np.flatnonzero(~known[points]), side="right")
        lost += int(weights[np.unique(strange) - 1].sum())
    missing = np.flatnonzero((totals > 0) & ~known)
    missing = missing[np.argsort(-totals[missing], kind="stable")]
    total = int(counts.sum())
    return LeftOut(
        "".join(map(chr, missing.tolist())),
        int(np.count_nonzero(totals[known])),
        lost / total if total else 0.0,
    )
