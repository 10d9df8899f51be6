"""``bertprep identify``: the documents of the inputs, by the identities that they are known by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bertprep.common.drops import Drops
from bertprep.corpus.chosen import identities_of
from bertprep.corpus.identity import document_ids
from bertprep.corpus.read import DocumentBatch
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from pipelines.folders.inputs import find_inputs, read_unchanged
from pipelines.folders.selection import Selection

_SHOWN_BYTES = 300
_SHOWN_CHARACTERS = 60


def identify(
    patterns: Sequence[str], read: ReadOptions, selection: Selection, containing: str = ""
) -> Iterator[str]:
    """A line for each document: its identity, its file, its place there, how it begins.

    Args:
        patterns: the INPUTs.
        read: how they are read.
        selection: which files of folders are read.
        containing: text that a document has to hold; empty for all.

    Raises:
        InputError: if an input cannot be read.
    """
    inputs, _ = find_inputs(patterns, read, selection)
    wanted = containing.encode("utf-8")
    for split in plan_splits(inputs, read):
        for batch in read_unchanged(split, read, Drops()):
            if wanted in batch.text:
                yield from _lines(batch, wanted)


def _lines(batch: DocumentBatch, wanted: bytes) -> Iterator[str]:
    spans = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    found = [i for i, (start, end) in enumerate(spans) if batch.text.find(wanted, start, end) >= 0]
    numbers = np.array(found, np.int64)
    ids = document_ids(batch.text, batch.starts[numbers], batch.ends[numbers], batch.format)
    for number, identity in zip(found, identities_of(ids), strict=True):
        start, end = int(batch.starts[number]), int(batch.ends[number])
        beginning = batch.text[start : min(end, start + _SHOWN_BYTES)].decode("utf-8", "ignore")
        shown = " ".join(beginning.split())[:_SHOWN_CHARACTERS]
        place = f"{batch.name_of(number)}\t{int(batch.offsets[number])}"
        yield f"{identity}\t{place}\t{shown}"
