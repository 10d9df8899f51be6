"""Plain text: a document is what blank lines separate, a line, or the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from bertprep.corpus.files import FileFormat
from bertprep.corpus.formats.format import Document, Format, Sample, Source
from bertprep.corpus.records import (
    BLANK_LINE,
    LINE_BREAK,
    Record,
    separated_records,
    whole_record,
)
from bertprep.options import ReadOptions

_DOCUMENTS = {
    "blank-line": "documents separated by blank lines (--documents file or line for others)",
    "line": "one document a line",
    "file": "one document a file",
}


class Text(Format):
    """Plain text."""

    name: ClassVar[FileFormat] = "text"
    shown: ClassVar[str] = "plain text"

    def recognises(self, sample: Sample) -> bool:
        return True

    def documents(self, source: Source) -> Iterator[Document]:
        for record in _records(source):
            yield from source.decoded(record)

    def may_be_cut(self, options: ReadOptions) -> bool:
        return options.documents != "file"

    def detail(self, options: ReadOptions) -> str:
        return _DOCUMENTS[options.documents]


def _records(source: Source) -> Iterator[Record]:
    if source.options.documents == "file":
        return whole_record(source.stream)
    separator = LINE_BREAK if source.options.documents == "line" else BLANK_LINE
    return separated_records(source.stream, source.start, source.end, separator)
