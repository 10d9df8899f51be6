"""WordPiece encoding of many words at once: greedy, longest match first, on flat numpy columns.

As ``tokenizers.models.WordPiece`` encodes one word, for the learner, which has hundreds of
thousands: all walk the trie of pieces side by side, one letter per numpy step. Letters are ranks in
an alphabet; the words must be spelled with pieces of one letter that are all known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import GOLDEN
from bertprep.common.ragged import offsets_of

Ints = NDArray[np.int64]
Letters = NDArray[np.int32]
NONE = -1
_BEGINNING, _INSIDE = 0, 1  # the two roots of the trie


@dataclass(frozen=True, eq=False)
class Words:
    """Words in letters.

    Attributes:
        letters: int32[letters], ranks in an alphabet, of all words end to end.
        starts: int64[n + 1]; word i is ``letters[starts[i] : starts[i + 1]]``.
        inside: bool[n], texts of "##" pieces.
    """

    letters: Letters
    starts: Ints
    inside: NDArray[np.bool_]

    @classmethod
    def of(cls, letters: Letters, lengths: Ints, inside: NDArray[np.bool_] | None = None) -> Words:
        """Words by their lengths.

        Args:
            letters: int32[letters], of all words end to end.
            lengths: int64[n], letters of each.
            inside: bool[n], texts of "##" pieces; None if none is one.
        """
        whole = np.zeros(len(lengths), bool)
        return cls(letters, offsets_of(lengths), whole if inside is None else inside)

    def __len__(self) -> int:
        return len(self.inside)


class Encoded(NamedTuple):
    """One row per piece emitted: the word it is part of, and which piece; both int64[rows]."""

    word: Ints
    piece: Ints


class LongestMatch:
    """The encoder for the pieces spelled by ``texts``; piece i is the text i.

    Edge e of the trie, known by ``node * letters + letter``, leads to node e + 2 and is found in a
    hash table with open addressing, an eighth full.
    """

    def __init__(self, texts: Words, letters: int) -> None:
        self._texts = texts
        self._letters = letters
        node: Ints = np.where(texts.inside, _INSIDE, _BEGINNING).astype(np.int64)
        lengths = np.diff(texts.starts)
        edges = [np.zeros(0, np.int64)]
        nodes = 2
        longer = np.arange(len(texts))
        for depth in range(int(lengths.max(initial=0))):
            longer = longer[lengths[longer] > depth]
            keys: Ints = node[longer] * letters + texts.letters[texts.starts[longer] + depth]
            distinct = _distinct(keys)
            node[longer] = nodes + np.searchsorted(distinct, keys)
            nodes += len(distinct)
            edges.append(distinct)
        self._keys = np.concatenate(edges)
        self._piece = np.full(nodes, NONE)
        self._piece[node] = np.arange(len(texts))
        self._node = node
        self._hash_edges()

    def encode(self, words: Words, which: Ints | None = None, *, halved: bool = False) -> Encoded:
        """The pieces of words; the words in no fixed order.

        Args:
            words: to be encoded.
            which: int64[n], the words to encode; None for all.
            halved: whether the first piece of a word, of two letters or more, must end within its
                first half (the middle letter of an odd number counted in).
        """
        word = np.arange(len(words)) if which is None else which
        start, end = words.starts[word], words.starts[word + 1]
        return self._encode(words, word, (start + end + 1) // 2 if halved else end)

    def pieces_without(self, pieces: Ints) -> Ints:
        """int64[n]: how many pieces the text of each of some pieces takes without it.

        Args:
            pieces: int64[n], indices; of two letters or more.
        """
        encoded = self._encode(self._texts, pieces, self._texts.starts[pieces + 1] - 1)
        return np.bincount(encoded.word, minlength=len(self._texts))[pieces]

    def drop(self, pieces: Ints) -> None:
        """Unlearns pieces, int64[n], distinct indices."""
        self._piece[self._node[pieces]] = NONE

    def without(
        self, pieces: Ints, words: Words, encoded: Encoded, *, halved: bool = False
    ) -> Encoded:
        """As what words are encoded once pieces have been dropped.

        A piece that is not there could only have been emitted by the words that did emit it: only
        they are encoded again.

        Args:
            pieces: int64[n], indices of distinct pieces.
            words: those that were encoded.
            encoded: as what, before.
            halved: as ``encode`` was told.
        """
        dropped = np.zeros(len(self._texts), bool)
        dropped[pieces] = True
        touched = np.zeros(len(words), bool)
        touched[encoded.word[dropped[encoded.piece]]] = True
        stay = ~touched[encoded.word]
        again = self.encode(words, np.flatnonzero(touched), halved=halved)
        return Encoded(
            np.concatenate((encoded.word[stay], again.word)),
            np.concatenate((encoded.piece[stay], again.piece)),
        )

    def _encode(self, words: Words, word: Ints, first_limit: Ints) -> Encoded:
        """Encodes ``word``; the first piece of each must end at or before ``first_limit``."""
        at, end = words.starts[word], words.starts[word + 1]
        node = np.where(words.inside[word], _INSIDE, _BEGINNING)
        limit = first_limit
        owners, pieces = [word[:0]], [word[:0]]
        while len(word):
            piece, at = self._longest(words.letters, at, limit, node)
            owners.append(word)
            pieces.append(piece)
            more = at < end
            word, at, end = (column.compress(more) for column in (word, at, end))
            limit, node = end, np.full(len(word), _INSIDE)
        return Encoded(np.concatenate(owners), np.concatenate(pieces))

    def _longest(self, letters: Letters, start: Ints, limit: Ints, node: Ints) -> tuple[Ints, Ints]:
        """The longest piece from ``start`` that ends at or before ``limit``, and its end."""
        piece, end = np.full(len(start), NONE), start.copy()
        live, at = np.arange(len(start)), start
        while len(live):
            node = self._child(node, letters[at])
            at = at + 1
            here = np.where(node == NONE, NONE, self._piece[node])
            hit = np.flatnonzero(here != NONE)
            piece[live[hit]], end[live[hit]] = here[hit], at[hit]
            more = (node != NONE) & (at < limit[live])
            live, node, at = (column.compress(more) for column in (live, node, at))
        return piece, end

    def _hash_edges(self) -> None:
        bits = max(4, (8 * len(self._keys)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._table = np.full(1 << bits, NONE)
        edges, slots = np.arange(len(self._keys)), self._slots(self._keys)
        while len(edges):
            free = self._table[slots] == NONE
            self._table[slots[free]] = edges[free]
            homeless = self._table[slots] != edges
            edges, slots = edges[homeless], self._next(slots[homeless])

    def _slots(self, keys: Ints) -> Ints:
        # Fibonacci hashing.
        slots: Ints = ((keys.astype(np.uint64) * GOLDEN) >> self._shift).astype(np.int64)
        return slots

    def _next(self, slots: Ints) -> Ints:
        return (slots + 1) % len(self._table)

    def _child(self, node: Ints, letters: Letters) -> Ints:
        """The node below ``node`` by the letter, or NONE."""
        keys = node * self._letters + letters
        slots = self._slots(keys)
        edges = self._table[slots]
        astray = np.flatnonzero((edges != NONE) & (self._keys[edges] != keys))
        while len(astray):
            slots[astray] = self._next(slots[astray])
            edges[astray] = found = self._table[slots[astray]]
            astray = astray[(found != NONE) & (self._keys[found] != keys[astray])]
        return np.where(edges == NONE, NONE, edges + 2)


def _distinct(keys: Ints) -> Ints:
    keys = np.sort(keys)  # np.unique hashes integers since numpy 2.3, and is slower for it
    first: Ints = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    return first
