"""Words as numbers, in columns: what near duplicates and contamination are found by."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.common.draws import GOLDEN, MIX_1
from bertprep.common.scripts import UNSPACED

# A character of the scripts that put no space between words is a word of its own.
_ALONE = regex.compile(rf"[{UNSPACED}]+")
_JOINED = regex.compile(r"[\p{L}\p{N}]+")
_NO_WORD = regex.compile(r"[^\p{L}\p{N}]")
# Looked at together: columns of so many characters stay in a processor's cache.
_CHARACTERS = 1 << 16
_PLACES = 1 << 8

Numbers = NDArray[np.uint64]


class Ragged(NamedTuple):
    """Numbers of several texts, one after the other.

    Attributes:
        numbers: uint64[n].
        counts: int64[texts], how many are of each.
    """

    numbers: Numbers
    counts: NDArray[np.int64]


def word_numbers(texts: Sequence[str]) -> Ragged:
    """64 bits of a hash of each word of texts, in lower case and without punctuation."""
    counts = np.zeros(len(texts), np.int64)
    found = [np.zeros(0, np.uint64)]
    for pieces, owners in _together(texts):
        numbers, per_piece = _numbers(pieces)
        np.add.at(counts, owners, per_piece)
        found.append(numbers)
    return Ragged(np.concatenate(found), counts)


def _together(texts: Sequence[str]) -> Iterator[tuple[list[str], list[int]]]:
    """Pieces of texts, of some ``_CHARACTERS`` in all, and of which text each is."""
    pieces: list[str] = []
    owners: list[int] = []
    size = 0
    for owner, text in enumerate(texts):
        for piece in _pieces(text.lower()):
            pieces.append(piece)
            owners.append(owner)
            size += len(piece)
            if size >= _CHARACTERS:
                yield pieces, owners
                pieces, owners, size = [], [], 0
    if pieces:
        yield pieces, owners


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces of some ``_CHARACTERS``, no word cut in two."""
    start = 0
    while len(text) - start > _CHARACTERS:
        found = _NO_WORD.search(text, start + _CHARACTERS)
        end = found.end() if found else len(text)
        yield text[start:end]
        start = end
    yield text[start:]


def _numbers(pieces: list[str]) -> tuple[Numbers, NDArray[np.int64]]:
    """A number for each word of pieces, and how many words each piece has."""
    points = np.frombuffer(" ".join(pieces).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kinds()[points]
    places = np.flatnonzero(kinds)
    if not len(places):
        return np.zeros(0, np.uint64), np.zeros(len(pieces), np.int64)
    kinds = kinds[places]
    begins = np.ones(len(places), np.bool_)
    begins[1:] = (np.diff(places) > 1) | (kinds[1:] == 2) | (kinds[:-1] == 2)
    starts = np.flatnonzero(begins)
    within = np.arange(len(places)) - np.repeat(starts, np.diff(starts, append=len(places)))
    letters = (points[places].astype(np.uint64) + np.uint64(1)) * MIX_1
    letters ^= letters >> np.uint64(29)
    letters *= _powers()[within & (_PLACES - 1)]
    ends = np.cumsum([len(piece) + 1 for piece in pieces])
    edges = np.searchsorted(places[starts], ends)
    return _mixed(np.add.reduceat(letters, starts)), np.diff(edges, prepend=0)


@cache
def _kinds() -> NDArray[np.uint8]:
    """uint8[0x110000]: 1 for a code point of words, 2 for one that is a word of its own."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    kinds = np.zeros(sys.maxunicode + 1, np.uint8)
    for kind, pattern in ((1, _JOINED), (2, _ALONE)):
        for match in pattern.finditer(every):
            kinds[match.start() : match.end()] = kind
    return kinds


@cache
def _powers() -> Numbers:
    """uint64[_PLACES]: what a letter counts by at each place of a word."""
    return np.multiply.accumulate(np.full(_PLACES, GOLDEN))


def ngrams(words: Ragged, n: int) -> Ragged:
    """A number for each n words in a row of each text; one for all its words if they are fewer."""
    numbers, counts = words
    ends = np.cumsum(counts)
    short = (counts < n) & (counts > 0)
    sizes = np.where(short, 1, np.maximum(0, counts - n + 1))
    first = np.cumsum(sizes) - sizes
    grams = np.zeros(int(sizes.sum()), np.uint64)
    long = counts >= n
    # Where the n-grams of long texts start, and where they go.
    shift = np.repeat((ends - counts)[long] - first[long], sizes[long])
    where = np.repeat(long, sizes).nonzero()[0]
    grams[where] = _rolled(numbers, n)[where + shift] if len(where) else 0
    for size in range(1, n):
        some = np.flatnonzero(counts == size)
        rows = (ends - size)[some, None] + np.arange(size)
        mixed = np.zeros(len(some), np.uint64)
        for i in range(size):
            mixed = mixed * GOLDEN + numbers[rows[:, i]]
        grams[first[some]] = mixed
    return Ragged(_mixed(grams), sizes)


def _rolled(numbers: Numbers, n: int) -> Numbers:
    """uint64[m - n + 1]: for each n numbers in a row one."""
    count = len(numbers) - n + 1
    rolled = numbers[:count].copy()
    for i in range(1, n):
        rolled *= GOLDEN
        rolled += numbers[i : i + count]
    return rolled


def _mixed(numbers: Numbers) -> Numbers:
    numbers = numbers ^ (numbers >> np.uint64(31))
    numbers *= MIX_1
    numbers ^= numbers >> np.uint64(29)
    return numbers
