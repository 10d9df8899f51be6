"""A sentence a line and nothing else, as BookCorpus was published: books do not show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import line_records
from bertprep.corpus.sample import Sample
from bertprep.corpus.sizes import READ_SIZES
from bertprep.options import FileFormat, ReadOptions


class BookCorpus(Format):
    """The lines that begin in the same 8 KiB of a file are a document; each is a sentence."""

    name: ClassVar[FileFormat] = "bookcorpus"
    shown: ClassVar[str] = "a sentence a line"
    evidence: ClassVar[str] = "nothing: it is read so only where --input-format says so"
    is_segmented: ClassVar[bool] = False

    def recognises(self, sample: Sample) -> bool:
        return False

    def documents(self, source: Source) -> Iterator[Document]:
        sizes = source.sizes
        for record in line_records(source.stream, source.start, source.end, sizes.document, sizes):
            yield from source.decoded(record)

    def detail(self, options: ReadOptions) -> str:
        return f"those that begin in the same {READ_SIZES.document >> 10} KiB are a document"
