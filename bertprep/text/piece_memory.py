"""The ids of the pieces that a tokenizer met, kept in columns, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from bertprep.common.ragged import gather_index, offsets_of
from bertprep.text.piece_ids import PieceIds

CACHE_BYTES = 32 << 20
_ENTRY_BYTES = 150
_MOST_KEPT = 0.75
_NO_ROW = -1

# Pieces in an order of its own, and the ids of each.
Encode = Callable[[list[bytes]], tuple[list[bytes], PieceIds]]


class PieceMemory:
    """A row for each piece; row 0 is the mark of an unknown word.

    Args:
        encode: gives the ids of pieces not met before.
        mark: of an unknown word, where it stands as a piece.
        unk_id: its id.
        cache_bytes: once about so many are held, pieces that did not come again are forgotten.

    Attributes:
        ids: int32[tokens], those of all rows.
        offsets: int64[rows + 1]: row i has ``ids[offsets[i]:offsets[i + 1]]``.
        is_inside: bool[tokens], as in ``PieceIds``.
        is_unknown: bool[rows], whether the piece, which is not the mark, gave an [UNK].
    """

    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]
    is_inside: NDArray[np.bool_]
    is_unknown: NDArray[np.bool_]

    def __init__(
        self, encode: Encode, mark: bytes, unk_id: int, cache_bytes: int = CACHE_BYTES
    ) -> None:
        self._encode, self._mark, self._unk_id = encode, mark, unk_id
        self._cache_bytes = cache_bytes
        self.forget()

    def __len__(self) -> int:
        """The rows."""
        return len(self._rows)

    def __contains__(self, piece: bytes) -> bool:
        """Whether a piece is remembered."""
        return piece in self._rows

    def forget(self) -> None:
        """Leaves the mark alone."""
        self._rows = {self._mark: 0}
        self._used = 0
        self.ids = np.array([self._unk_id], np.int32)
        self.offsets = np.arange(2)
        self.is_inside = np.zeros(1, bool)
        self.is_unknown = np.zeros(1, bool)
        self._came_again = np.ones(1, bool)

    def rows_of(self, pieces: list[bytes]) -> NDArray[np.int64]:
        """int64[pieces]: the rows of distinct pieces, after learning the new ones.

        Rows and columns hold until the next call.
        """
        if self._used > self._cache_bytes:
            self._forget_rare()
        known = self._rows
        rows = np.fromiter(map(known.get, pieces, repeat(_NO_ROW)), np.int64, len(pieces))
        is_fresh = rows == _NO_ROW
        self._came_again[rows[~is_fresh]] = True
        if is_fresh.any():
            fresh = np.flatnonzero(is_fresh)
            new = [pieces[number] for number in fresh.tolist()]
            self._learn(new)
            rows[fresh] = [known[piece] for piece in new]
        return rows

    def _learn(self, pieces: list[bytes]) -> None:
        pieces, found = self._encode(pieces)
        count = len(self._rows)
        self._rows.update(zip(pieces, range(count, count + len(pieces)), strict=True))
        self._used += _bytes_of(pieces)
        edges = offsets_of(found.lengths)
        unknown = np.flatnonzero(found.ids == self._unk_id)
        is_unknown = np.zeros(len(pieces), bool)
        is_unknown[np.searchsorted(edges, unknown, side="right") - 1] = True
        self.offsets = np.concatenate((self.offsets, self.offsets[-1] + edges[1:]))
        self.ids = np.concatenate((self.ids, found.ids))
        self.is_inside = np.concatenate((self.is_inside, found.is_inside))
        self.is_unknown = np.concatenate((self.is_unknown, is_unknown))
        self._came_again = np.concatenate((self._came_again, np.zeros(len(pieces), bool)))

    def _forget_rare(self) -> None:
        """Keeps the pieces that came again since the last time, unless that leaves little room."""
        kept = np.flatnonzero(self._came_again)
        spelled = list(self._rows)
        pieces = [spelled[row] for row in kept.tolist()]
        used = _bytes_of(pieces)
        if used > self._cache_bytes * _MOST_KEPT:
            self.forget()
            return
        lengths = np.diff(self.offsets)[kept]
        places = gather_index(self.offsets[kept], lengths)
        self._rows = dict(zip(pieces, range(len(pieces)), strict=True))
        self._used = used
        self.ids, self.is_inside = self.ids[places], self.is_inside[places]
        self.offsets = offsets_of(lengths)
        self.is_unknown = self.is_unknown[kept]
        self._came_again = np.arange(len(kept)) == 0


def _bytes_of(pieces: list[bytes]) -> int:
    """The bytes that pieces take in the memory, about."""
    return sum(map(len, pieces)) + _ENTRY_BYTES * len(pieces)
