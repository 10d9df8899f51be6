"""Whether there is a second document, before a large corpus is prepared for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.files import Split
from bertprep.corpus.read import read_split
from bertprep.options import ReadOptions
from pipelines.folders import files
from pipelines.folders.input_sampler import EnoughRead, Limited

_NO_OTHER = (
    "and --task nsp draws its random sentences from another one; use --task sop or --task none, or "
    "part the documents: by blank lines, by --document-separator, or as files of their own"
)
ONE_DOCUMENT = f"the inputs hold one document only, {_NO_OTHER}"
EQUAL_DOCUMENTS = f"all documents of the inputs are equal, {_NO_OTHER}"
# Where so much is one document, to look on would be to read the corpus twice.
_LOOK_BYTES = 64 << 20
# A batch with so many documents has more than one of text, or is looked at no further.
_ENOUGH = 1000


def is_single_document(
    splits: Sequence[Split], read: ReadOptions, look_bytes: int = _LOOK_BYTES
) -> bool:
    """Whether the inputs hold one document only, as far as little reading tells: up to the second.

    Args:
        splits: the inputs.
        read: how they are read.
        look_bytes: where so much is one document, there are taken to be others.

    Raises:
        InputError: for a record before it that cannot be read.
    """
    if read.documents == "file" and _is_one_text(splits):
        return True
    left, found = [look_bytes], 0

    def open_limited(path: str) -> Any:
        return Limited(files.open_input(path), left)

    try:
        for split in splits:
            for batch in read_split(split, open_limited, read, Drops()):
                found += _with_text(batch)
                if found > 1:
                    return False
    except EnoughRead:
        return False
    return found == 1


def _is_one_text(splits: Sequence[Split]) -> bool:
    """Whether all are of one file of plain text."""
    paths = (part.file.path for split in splits for part in split)
    first = splits[0][0].file if splits else None
    return bool(first and first.format == "text" and all(path == first.path for path in paths))


def _with_text(batch: DocumentBatch) -> int:
    """How many of the documents have more than control characters: others are dropped."""
    spans = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    texts = (batch.text[start:end].decode("utf-8", "replace") for start, end in spans)
    return sum(any(map(str.isprintable, text)) for text in islice(texts, _ENOUGH))
