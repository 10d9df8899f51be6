"""Which tokens begin at given places of a text: where a word goes on, or begins."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.common.ragged import offsets_of

__all__ = ["Pieces", "WordPlaces", "begun_at", "begun_within"]

Ints = NDArray[np.int64]


class WordPlaces(NamedTuple):
    """Where words go on, int64[n], and begin, int64[m]; ascending, in bytes."""

    going_on: Ints
    beginning: Ints

    def within(self, part: slice) -> WordPlaces:
        """Those of a part of the text, as its own."""
        bounds = (part.start, part.stop)
        going_on, beginning = (
            places[slice(*np.searchsorted(places, bounds))] - part.start for places in self
        )
        return WordPlaces(going_on, beginning)


class Pieces(NamedTuple):
    """The pieces of a text in tokens.

    Attributes:
        starts: int64[n], where each starts in the text, in bytes.
        ends: int64[n], where it ends.
        offsets: int64[n + 1], the number of its first token; at last, how many tokens there are.
    """

    starts: Ints
    ends: Ints
    offsets: Ints


def begun_at(places: Ints, pieces: Pieces) -> Ints:
    """The tokens, int64[m], that begin at the bytes int64[n], where a piece does.

    >>> pieces = Pieces(np.array([0, 3]), np.array([3, 6]), np.array([0, 2, 3]))
    >>> begun_at(np.array([1, 3]), pieces).tolist()
    [2]
    """
    piece = np.searchsorted(pieces.starts, places)
    piece = piece[np.append(pieces.starts, -1)[piece] == places]
    first = pieces.offsets[piece]
    tokens: Ints = first[pieces.offsets[piece + 1] > first]
    return tokens


def begun_within(places: Ints, text: NDArray[np.uint8], pieces: Pieces, letters: Ints) -> Ints:
    """The tokens, int64[m], that begin at these bytes within pieces, where one does.

    Where tokens begin is told by their letters: if these are as many as the piece has, it was not
    changed in length before it was cut into tokens.

    Args:
        places: int64[n], ascending.
        text: uint8[bytes], in UTF-8.
        pieces: of the text.
        letters: int64[tokens], how many each has.

    >>> pieces = Pieces(np.array([0]), np.array([4]), np.array([0, 2]))
    >>> text = np.frombuffer(b"abcd", np.uint8)
    >>> begun_within(np.array([1, 2]), text, pieces, np.array([2, 2])).tolist()
    [1]
    """
    piece = np.searchsorted(pieces.starts, places, side="right") - 1
    inside = (piece >= 0) & (places < np.append(pieces.ends, -1)[piece])
    places, piece = places[inside], piece[inside]
    characters, before = offsets_of((text & 0xC0) != 0x80), offsets_of(letters)
    first, stop = pieces.offsets[piece], pieces.offsets[piece + 1]
    start = characters[pieces.starts[piece]]
    wanted = before[first] + characters[places] - start
    token = np.searchsorted(before, wanted)
    begins = (before[token] == wanted) & (token < stop)
    begins &= characters[pieces.ends[piece]] - start == before[stop] - before[first]
    found: Ints = token[begins]
    return found
