"""``bertprep identify``: the documents of the inputs, by the identities that they are known by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.holdout import IDENTITY, identities_of
from bertprep.corpus.identity import document_ids
from bertprep.corpus.splits import plan_splits
from bertprep.errors import UsageError
from bertprep.options import ReadOptions
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.folders.inputs import find_inputs
from pipelines.folders.selection import Selection

_SHOWN_BYTES = 300
_SHOWN_CHARACTERS = 60


def identify(
    patterns: Sequence[str],
    read: ReadOptions,
    selection: Selection,
    containing: str = "",
    identities: Sequence[str] = (),
) -> Iterator[str]:
    """A line for each document: its identity, its file, its place there, how it begins.

    Args:
        patterns: the INPUTs.
        read: how they are read.
        selection: which files of folders are read.
        containing: text that a document has to hold; empty for all.
        identities: those that it has to have one of; none for all.

    Raises:
        InputError: if an input cannot be read.
        UsageError: if an identity is none.
    """
    only = frozenset(identities)
    for identity in only:
        if not IDENTITY.fullmatch(identity):
            raise UsageError(f"--identity takes 32 digits, 0 to 9 and a to f; got {identity!r}")
    inputs, _ = find_inputs(patterns, read, selection)
    wanted = containing.encode("utf-8")
    for split in plan_splits(inputs, read):
        for batch in read_unchanged(split, read, Drops()):
            if wanted in batch.text:
                yield from _lines(batch, wanted, only)


def _lines(batch: DocumentBatch, wanted: bytes, only: frozenset[str]) -> Iterator[str]:
    spans = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    found = [i for i, (start, end) in enumerate(spans) if batch.text.find(wanted, start, end) >= 0]
    numbers = np.array(found, np.int64)
    chosen = batch.starts[numbers], batch.ends[numbers]
    ids = document_ids(batch.text, *chosen, batch.format, batch.input)
    for number, identity in zip(found, identities_of(ids), strict=True):
        if only and identity not in only:
            continue
        start, end = int(batch.starts[number]), int(batch.ends[number])
        beginning = batch.text[start : min(end, start + _SHOWN_BYTES)].decode("utf-8", "ignore")
        shown = " ".join(beginning.split())[:_SHOWN_CHARACTERS]
        place = f"{batch.name_of(number)}\t{int(batch.offsets[number])}"
        yield f"{identity}\t{place}\t{shown}"
