"""Which documents of the inputs a run takes: some are held out, some are listed to be left out.

Both go by a document's identity, so that all copies of a text are on one side, however files are
cut, named and stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import units
from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch, part_of
from bertprep.corpus.identity import Ids, document_ids
from bertprep.errors import InputError
from bertprep.options import ReadOptions

IDENTITY = re.compile(r"[0-9a-f]{32}")


def identities_of(ids: Ids) -> list[str]:
    """Ids uint64[n, 2] as they are written: 32 hexadecimal digits each."""
    data = np.ascontiguousarray(ids, "<u8").tobytes().hex()
    return [data[start : start + 32] for start in range(0, len(data), 32)]


def parse_identities(text: str, path: str) -> frozenset[str]:
    """The identities that a file lists, one a line; what stands behind one is left aside.

    Args:
        text: of the file.
        path: of the file, for messages.

    Raises:
        InputError: for a line that begins with none.
    """
    found = set()
    for number, line in enumerate(text.splitlines(), 1):
        word = next(iter(line.split()), "")
        if word and not IDENTITY.fullmatch(word):
            raise InputError(
                f"{path}: line {number} begins with {word[:40]!r}; expected the identity of a "
                "document, 32 digits as `bertprep identify` prints them"
            )
        found.update([word] if word else [])
    if not found:
        raise InputError(f"{path} lists no document to leave out")
    return frozenset(found)


def is_held_out(ids: Ids, share: float) -> NDArray[np.bool_]:
    """bool[n]: whether each document is of the share that is held out, by its id alone.

    What a share holds out a larger one does, too.

    Args:
        ids: uint64[n, 2].
        share: from 0 to 1.
    """
    found: NDArray[np.bool_] = units(ids[:, 1]) < share
    return found


class Chooser:
    """Takes out of batches the documents that a run does not take.

    Args:
        options: whether some are held out, and whether it is these that are taken.
        excluded: identities of documents to leave out.
    """

    def __init__(self, options: ReadOptions, excluded: Iterable[str] = ()) -> None:
        self._share, self._held_out = options.holdout, options.held_out
        self._excluded = frozenset(excluded)

    def __call__(self, batch: DocumentBatch, drops: Drops) -> DocumentBatch | None:
        """The batch with what is taken of it; None if that is nothing.

        Args:
            batch: documents.
            drops: takes what is left out, but for the other side of a held-out share.
        """
        if not self._share and not self._excluded:
            return batch
        ids = document_ids(batch.text, batch.starts, batch.ends, batch.format)
        held_out = is_held_out(ids, self._share)
        excluded = np.zeros(len(ids), bool)
        if self._excluded:
            excluded[:] = self._listed(ids)
        if self._excluded and batch.input:  # as rows of a mixture know it
            spans = batch.starts, batch.ends
            excluded |= self._listed(document_ids(batch.text, *spans, batch.format, batch.input))
        taken = (held_out == self._held_out) & ~excluded
        reasons = {"excluded_document": excluded}
        if not self._held_out:
            reasons["held_out"] = held_out & ~excluded
        for reason, left_out in reasons.items():
            for document in np.flatnonzero(left_out).tolist():
                text = batch.text[batch.starts[document] : batch.ends[document]]
                offset = int(batch.offsets[document])
                drops.add(reason, batch.name_of(document), offset, text)
        return part_of(batch, np.flatnonzero(taken))

    def _listed(self, ids: Ids) -> list[bool]:
        return [identity in self._excluded for identity in identities_of(ids)]
