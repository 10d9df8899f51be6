"""Tokenized documents as flat columns: what pairs are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.draws import Keys, copy_keys
from bertprep.text.prepared_columns import keys_of


@dataclass(frozen=True)
class Documents:
    """Tokenized documents, ordered by key, as flat columns; equal ones are there once.

    Attributes:
        keys: uint64[documents].
        first_sentence: int64[documents + 1], the sentences of each document.
        first_token: int64[sentences + 1], the tokens of each sentence.
        ids: uint16[tokens] or uint32[tokens], as they are stored (``prepare.flagged``).
        is_pair: bool[documents], those given as a sentence and the next one; None if none is.
        counts: int64[documents], how many there are of each; None if there is one.
        identities: uint64[documents, 2], the ids that they are known by; None if nobody asks.
    """

    keys: Keys
    first_sentence: NDArray[np.int64]
    first_token: NDArray[np.int64]
    ids: NDArray[np.unsignedinteger]
    is_pair: NDArray[np.bool_] | None = None
    counts: NDArray[np.int64] | None = None
    identities: Keys | None = None

    @classmethod
    def from_rows(cls, rows: pa.RecordBatch) -> Documents:
        """From a record batch of ``prepared_schema``."""
        documents = rows.column("sentences")
        sentences = documents.flatten()
        tokens = sentences.flatten()
        return cls(
            keys_of(rows),
            _zero_based(documents.offsets),
            _zero_based(sentences.offsets),
            tokens.to_numpy(),
            rows.column("is_pair").to_numpy(zero_copy_only=False),
            np.asarray(rows.column("count")),
        )

    def share(self, part: int, parts: int) -> tuple[NDArray[np.int64], Keys]:
        """Of ``parts`` equal shares of all copies in order: whose copies, and their own keys.

        The former are int64[n], numbers of documents, the latter uint64[n].
        """
        counts = np.ones(len(self.keys), np.int64) if self.counts is None else self.counts
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        copies = np.arange(total * part // parts, total * (part + 1) // parts)
        numbers = np.searchsorted(ends, copies, side="right")
        return numbers, copy_keys(self.keys[numbers], copies - (ends - counts)[numbers])

    def copies(self, part: int = 0, parts: int = 1) -> NDArray[np.int64]:
        """int64[documents]: how many copies of each are in a share."""
        return np.bincount(self.share(part, parts)[0], minlength=len(self.keys))


def _zero_based(offsets: pa.Array) -> NDArray[np.int64]:
    values: NDArray[np.int64] = np.asarray(offsets).astype(np.int64)
    return values - int(values[0])
