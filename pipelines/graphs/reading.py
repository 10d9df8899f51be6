"""Reading of a split by steps: its documents as they are, or as cleaning leaves them.

Where documents are compared with each other, that was done before, and drafts of them are in the
work folder (see ``copies``); rules and mending alone need no stage of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.cleaning.clean import Draft, batch_of, ids_of
from bertprep.cleaning.clusters import is_among
from bertprep.cleaning.copies import DROP_SCHEMA, WHOLE
from bertprep.cleaning.parts import Parts
from bertprep.common.drops import Drops
from bertprep.corpus.files import Split
from bertprep.corpus.read import DocumentBatch
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.options import ReadOptions
from pipelines.folders import files
from pipelines.folders.inputs import read_unchanged
from pipelines.graphs.copies import COPIES, ID_SCHEMA, NEAR_COPIES, CleanJob, Found, table_of

_BLOCK_BYTES = 1 << 20


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
            for drafts in kept_drafts(self._job, number, drops, found):
                yield batch_of(drafts, name)
            return
        for batch in read_unchanged(split, self._read, drops, self._sizes):
            if not self._sifter:
                yield batch
            elif kept := list(self._sifter.drafts(batch, drops)):
                yield batch_of(kept, batch.input)


def kept_drafts(job: CleanJob, number: int, drops: Drops, found: Found) -> Iterator[list[Draft]]:
    """The documents of a split, some at a time, without what is elsewhere, too.

    Args:
        job: that found the copies.
        number: of the split.
        drops: takes them.
        found: what there is of them.
    """
    stages = [stage for name, stage in found if name == COPIES]
    copied = _Copied(table_of(stages, number, DROP_SCHEMA))
    near = _near_ids(found)
    first = 0
    for drafts in _read_drafts(job.draft(number)):
        is_near = is_among(ids_of(drafts), near) if len(near) else np.zeros(len(drafts), np.bool_)
        kept = []
        for place, draft in enumerate(drafts):
            parts = copied.parts(first + place)
            if WHOLE in parts or is_near[place]:
                reason = "copy" if WHOLE in parts else "near_copy"
                drops.add(reason, draft.file, draft.offset, draft.text)
            elif not parts:
                kept.append(draft)
            elif text := _without(draft, parts, job.options.duplicates, drops):
                kept.append(replace(draft, text=text))
        first += len(drafts)
        if kept:
            yield kept


def _without(draft: Draft, parts: Sequence[int], unit: str, drops: Drops) -> str:
    """A document without some of its parts, which drops are told of."""
    assert unit in ("paragraphs", "lines")
    found = Parts.of(draft.text, unit)  # type: ignore[arg-type]
    for part in parts:
        drops.add("repeated_part", draft.file, draft.offset, found.texts[part])
    return found.without(set(parts))


class _Copied:
    """Which documents and parts of a split are copies, by DROP_SCHEMA."""

    def __init__(self, table: pa.Table) -> None:
        documents, parts = (table[name].to_numpy() for name in ("document", "part"))
        order = np.lexsort((parts, documents))
        self._documents, self._parts = documents[order], parts[order]

    def parts(self, document: int) -> list[int]:
        """The parts of a document that are, in order."""
        if not len(self._documents):
            return []
        start, end = np.searchsorted(self._documents, (document, document + 1))
        return self._parts[start:end].tolist()  # type: ignore[no-any-return]


def _near_ids(found: Found) -> NDArray[np.uint64]:
    table = table_of([stage for name, stage in found if name == NEAR_COPIES], 0, ID_SCHEMA)
    return np.stack([table["high"].to_numpy(), table["low"].to_numpy()], axis=1)


def _read_drafts(path: str) -> Iterator[list[Draft]]:
    """The drafts in a file, in batches of about ``READ_SIZES.batch`` bytes."""
    drafts: list[Draft] = []
    size = 0
    for line in _lines(path):
        drafts.append(Draft.of_line(line))
        size += len(line)
        if size >= READ_SIZES.batch:
            yield drafts
            drafts, size = [], 0
    if drafts:
        yield drafts


def _lines(path: str) -> Iterator[bytes]:
    """The lines of a file in the work folder, whose stream need have no buffer of its own."""
    rest = b""
    with files.open_regular(path) as stream:
        while block := stream.read(_BLOCK_BYTES):
            *lines, rest = (rest + block).split(b"\n")
            yield from lines
    if rest:
        yield rest
