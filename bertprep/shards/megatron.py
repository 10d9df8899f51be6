"""Writes prepared documents as Megatron-LM and NeMo read them: sentences in .bin and .idx.

The .bin file is the ids of all sentences, one after the other.  The .idx file is ``MMIDIDX`` and
two zeros; uint64 1, the version; a byte for the type of the ids; uint64, how many sentences there
are, and how many documents, plus one; int32 lengths of the sentences, int64 bytes where they begin,
and int64 numbers of the sentences that documents begin with, and at last how many there are.  All
is little-endian.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bertprep.common.digests import DigestingStream
from bertprep.common.ragged import gather_index, offsets_of
from bertprep.examples.documents import Documents
from bertprep.text.prepared_columns import unflagged

_MAGIC, _VERSION = b"MMIDIDX\0\0", 1
_INT32, _UINT16 = 4, 8
# Below so many ids Megatron-LM takes two bytes for each.
_FEW_IDS = 65_500


class MegatronWriter:
    """Writes documents, copies of a text as often as there are, and then the index.

    Args:
        stream: takes the ids, as in .bin.
        vocab_size: how many ids there are.
    """

    def __init__(self, stream: DigestingStream, vocab_size: int) -> None:
        self._stream = stream
        self._dtype = np.dtype("<u2" if vocab_size < _FEW_IDS else "<i4")
        self._lengths: list[NDArray[np.int32]] = []
        self._sentences: list[NDArray[np.int64]] = []

    def write(self, documents: Documents) -> None:
        """Takes documents: their sentences as ids of the vocabulary."""
        counts = np.ones(len(documents.keys), np.int64)
        counts = counts if documents.counts is None else documents.counts
        numbers = np.repeat(np.arange(len(counts)), counts)
        sentences = np.diff(documents.first_sentence)[numbers]
        chosen = gather_index(documents.first_sentence[:-1][numbers], sentences)
        lengths = np.diff(documents.first_token)[chosen]
        ids, _ = unflagged(documents.ids)
        tokens = ids[gather_index(documents.first_token[:-1][chosen], lengths)]
        self._stream.write(tokens.astype(self._dtype).tobytes())
        self._lengths.append(lengths.astype(np.int32))
        self._sentences.append(sentences)

    def index(self) -> bytes:
        """The bytes of the .idx file."""
        lengths = np.concatenate([np.zeros(0, np.int32), *self._lengths])
        documents = offsets_of(np.concatenate([np.zeros(0, np.int64), *self._sentences]))
        pointers = offsets_of(lengths)[:-1] * self._dtype.itemsize
        kind = _UINT16 if self._dtype.itemsize == 2 else _INT32
        numbers = np.array([len(lengths), len(documents)], "<u8")
        parts = (lengths.astype("<i4"), pointers.astype("<i8"), documents.astype("<i8"))
        head = _MAGIC + np.uint64(_VERSION).tobytes() + bytes([kind]) + numbers.tobytes()
        return head + b"".join(part.tobytes() for part in parts)
