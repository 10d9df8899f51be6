"""A batch of documents: their bytes one after the other, and columns of their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bertprep.corpus.formats.format import Document
from bertprep.corpus.formats.registry import FORMATS
from bertprep.options import FileFormat

_DOCUMENT_GAP = b"\n\n"


@dataclass(frozen=True)
class DocumentBatch:
    """Documents as columns, of one file or of several small ones of one format.

    Attributes:
        name: of the first one's file, as in ``InputFile.name``.
        text: the documents in UTF-8, as ``identity.document_text`` has them, a blank line between
            two.
        starts, ends: int64[n], byte positions of each document in ``text``.
        offsets: int64[n], byte of the (decompressed) file at which each document begins; like the
            name for messages alone.
        format: of the file, for what the text alone does not say: in sentence pairs a tab parts a
            document's two sentences, in PTB a line is a sentence and <unk> an unknown word.
        names: of each document's file, where they are of several.
        input: the name of their input in a mixture; "" without one.
    """

    name: str
    text: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    offsets: NDArray[np.int64]
    format: FileFormat = "text"
    names: Sequence[str] = ()
    input: str = ""

    def name_of(self, document: int) -> str:
        """The name of the file that a document, by its number in the batch, is of."""
        return self.names[document] if self.names else self.name

    @property
    def marks_unknown(self) -> bool:
        """Whether ``<unk>`` stands for an unknown word."""
        return FORMATS[self.format].marks_unknown


def joined_documents(texts: list[bytes]) -> tuple[bytes, NDArray[np.int64], NDArray[np.int64]]:
    """The texts of documents as a batch holds them; where each starts and ends, int64[n]."""
    lengths = np.array([len(text) for text in texts], np.int64)
    ends = np.cumsum(lengths + len(_DOCUMENT_GAP)) - len(_DOCUMENT_GAP)
    return _DOCUMENT_GAP.join(texts), ends - lengths, ends


def columns_of(
    file_format: FileFormat,
    input_name: str,
    names: Sequence[str],
    documents: Sequence[Document],
) -> DocumentBatch:
    """Documents of one input of a mixture as columns.

    Args:
        file_format: of all of them.
        input_name: of that input; empty where nothing is mixed.
        names: of each document's file; those of one file are neighbours.
        documents: one at least.
    """
    text, starts, ends = joined_documents([document.text for document in documents])
    offsets = np.array([document.offset for document in documents], np.int64)
    several = names if names[0] != names[-1] else ()
    return DocumentBatch(names[0], text, starts, ends, offsets, file_format, several, input_name)


def part_of(batch: DocumentBatch, documents: NDArray[np.int64]) -> DocumentBatch | None:
    """The batch with some of its documents, by their numbers int64[n]; None if there are none."""
    if len(documents) in (0, len(batch.starts)):
        return batch if len(documents) else None
    texts = texts_of(batch)
    numbers = documents.tolist()
    return _replaced(batch, numbers, [texts[number] for number in numbers])


def texts_of(batch: DocumentBatch) -> list[bytes]:
    """The text of each document."""
    places = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    return [batch.text[start:end] for start, end in places]


def with_texts(batch: DocumentBatch, texts: Sequence[bytes]) -> DocumentBatch | None:
    """The batch with these texts instead of its own; a document goes whose text is empty."""
    numbers = [number for number, text in enumerate(texts) if text]
    return _replaced(batch, numbers, [texts[number] for number in numbers]) if numbers else None


def _replaced(batch: DocumentBatch, numbers: list[int], texts: list[bytes]) -> DocumentBatch:
    text, starts, ends = joined_documents(texts)
    return replace(
        batch,
        name=batch.name_of(numbers[0]),
        text=text,
        starts=starts,
        ends=ends,
        offsets=batch.offsets[numbers],
        names=[batch.name_of(number) for number in numbers] if batch.names else (),
    )
