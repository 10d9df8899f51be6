"""Plain text: a document is what blank lines separate, a section, a line, or the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import regex

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import (
    BLANK_LINE,
    BLANK_LINES,
    LINE_BREAK,
    Record,
    parted_records,
    separated_records,
    whole_record,
)
from bertprep.corpus.sample import Sample
from bertprep.options import FileFormat, ReadOptions

_DOCUMENTS = {
    "blank-line": "documents separated by blank lines (--documents file or line for others)",
    "section": "documents separated by two blank lines or more, as chapters are (--documents "
    "blank-line, file or line for others)",
    "line": "one document a line",
    "file": "one document a file",
}
_SEPARATORS = {"line": LINE_BREAK, "blank-line": BLANK_LINE, "section": BLANK_LINES}


class Text(Format):
    """Plain text."""

    name: ClassVar[FileFormat] = "text"
    shown: ClassVar[str] = "plain text"
    evidence: ClassVar[str] = "it looks like prose wherever it was looked at"

    def recognises(self, sample: Sample) -> bool:
        return True

    def documents(self, source: Source) -> Iterator[Document]:
        for record in _records(source):
            yield from source.decoded(record)

    def may_be_cut(self, options: ReadOptions) -> bool:
        return options.documents != "file"

    def detail(self, options: ReadOptions) -> str:
        if options.document_separator:
            return f"documents separated by {options.document_separator}"
        return _DOCUMENTS[options.documents]


def _records(source: Source) -> Iterator[Record]:
    if source.options.document_separator:
        mark, is_line = _separator(source.options.document_separator.encode("utf-8"))
        return parted_records(source.stream, source.start, source.end, mark, is_line, source.sizes)
    if source.options.documents == "file":
        return whole_record(source.stream, source.sizes)
    separator = _SEPARATORS[source.options.documents]
    # What is a line is the user's word for "\n"; of blank lines, old files have those of "\r", too.
    lone_cr_breaks = source.options.documents != "line"
    return separated_records(
        source.stream, source.start, source.end, separator, lone_cr_breaks, source.sizes
    )


def _separator(text: bytes) -> tuple[regex.Pattern[bytes], bool]:
    """The separator of documents, and whether only as a line of its own.

    Anywhere it would be ambiguous in a run of such if it ends as it begins, like a line of dashes.
    """
    escaped = regex.escape(text, special_only=True)
    is_line = any(text.endswith(text[:length]) for length in range(1, len(text)))
    if is_line:
        return regex.compile(rb"^[ \t]*" + escaped + rb"[ \t\r]*$", regex.MULTILINE), True
    return regex.compile(escaped), False
