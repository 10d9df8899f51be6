"""Reading of a split by steps: its documents as they are, or as cleaning leaves them.

Where documents are compared with each other, that was done before, and drafts of them are in the
work folder (see ``copies``); rules and mending alone need no stage of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.cleaning.clean import ids_of, read_drafts
from bertprep.cleaning.clusters import is_among
from bertprep.cleaning.copies import DROP_SCHEMA, WHOLE
from bertprep.cleaning.parts import without
from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch, texts_of, with_texts
from bertprep.corpus.files import Split
from bertprep.corpus.identity import document_text
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.options import ReadOptions
from pipelines.folders import files
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.graphs.copies import COPIES, ID_SCHEMA, NEAR_COPIES, Found, table_of
from pipelines.graphs.job import CleanJob

_NEAR = -2  # as ``WHOLE``: the document is a near copy


class Reading:
    """Gives the documents of splits; build one per worker.

    Args:
        read: how they are read.
        job: how they are cleaned; None if they are not.
        sizes: how much of them is read at once.
    """

    def __init__(
        self, read: ReadOptions, job: CleanJob | None = None, sizes: ReadSizes = READ_SIZES
    ) -> None:
        self._read, self._job, self._sizes = read, job, sizes
        self._sifter = job.sifter() if job and not job.options.compares else None

    def batches(
        self, number: int, split: Split, drops: Drops, found: Found = ()
    ) -> Iterator[DocumentBatch]:
        """The documents of a split, in order.

        Args:
            number: of the split.
            split: byte ranges of the inputs.
            drops: takes what is left out, but for what an earlier stage told of.
            found: the copies that an earlier stage found.
        """
        if self._job and not self._sifter:
            name = split[0].file.input
            yield from kept_drafts(self._job, number, drops, found, name)
            return
        for batch in read_unchanged(split, self._read, drops, self._sizes):
            if not self._sifter:
                yield batch
            elif kept := self._sifter.sift(batch, drops):
                yield kept


def kept_drafts(
    job: CleanJob, number: int, drops: Drops, found: Found, input_name: str = ""
) -> Iterator[DocumentBatch]:
    """The documents of a split, some at a time, without what is elsewhere, too.

    Args:
        job: that found the copies.
        number: of the split.
        drops: takes them.
        found: what there is of them.
        input_name: of the split's input in a mixture.
    """
    stages = [stage for name, stage in found if name == COPIES]
    copied = _Copied(table_of(stages, number, DROP_SCHEMA))
    near = _near_ids(found)
    first = 0
    with files.open_regular(job.draft(number)) as stream:
        for batch in read_drafts(stream, input_name):
            texts = texts_of(batch)
            parts = copied.parts(first, first + len(texts))
            for place in np.flatnonzero(is_among(ids_of(batch), near)).tolist():
                parts.setdefault(place, []).append(_NEAR)
            for place in sorted(parts):
                texts[place] = _without(batch, place, parts[place], job.options.duplicates, drops)
            first += len(texts)
            if kept := with_texts(batch, texts) if parts else batch:
                yield kept


def _without(
    batch: DocumentBatch, place: int, parts: Sequence[int], unit: str, drops: Drops
) -> bytes:
    """A document without some of its parts, or nothing of it; drops are told."""
    text = batch.text[batch.starts[place] : batch.ends[place]]
    file, offset = batch.name_of(place), int(batch.offsets[place])
    if WHOLE in parts or _NEAR in parts:
        drops.add("copy" if WHOLE in parts else "near_copy", file, offset, text)
        return b""
    kept, left_out = without(text, unit, set(parts))  # type: ignore[arg-type]
    for part in left_out:
        drops.add("repeated_part", file, offset, part)
    return document_text(kept)


class _Copied:
    """Which documents and parts of a split are copies, by DROP_SCHEMA."""

    def __init__(self, table: pa.Table) -> None:
        documents, parts = (table[name].to_numpy() for name in ("document", "part"))
        order = np.lexsort((parts, documents))
        self._documents, self._parts = documents[order], parts[order]

    def parts(self, first: int, last: int) -> dict[int, list[int]]:
        """The parts that are, by the place of their document in this range."""
        start, end = np.searchsorted(self._documents, (first, last))
        found: dict[int, list[int]] = {}
        rows = (self._documents[start:end] - first, self._parts[start:end])
        for place, part in zip(*(column.tolist() for column in rows), strict=True):
            found.setdefault(place, []).append(part)
        return found


def _near_ids(found: Found) -> NDArray[np.uint64]:
    table = table_of([stage for name, stage in found if name == NEAR_COPIES], 0, ID_SCHEMA)
    return np.stack([table["high"].to_numpy(), table["low"].to_numpy()], axis=1)
