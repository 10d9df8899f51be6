"""JSON strings: each line holds one, a document.  `jq -c '.[]'` makes such of an array of texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import ClassVar

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import LINE_BREAK, Record, separated_records
from bertprep.corpus.sample import Sample
from bertprep.corpus.window import BOM
from bertprep.options import FileFormat

_STRING_SHARE = 0.95


class JsonStrings(Format):
    """A JSON string a line.

    A line of prose in quotes may be one by chance, so there have to be several, or one that is
    escaped as prose is not.
    """

    name: ClassVar[FileFormat] = "json-strings"
    shown: ClassVar[str] = "JSON strings, a document a line"
    evidence: ClassVar[str] = "a JSON string a line"

    def recognises(self, sample: Sample) -> bool:
        lines = [line for line in sample.first.lines if line.strip()]
        if not lines:  # not even the first line is there as a whole
            return sample.text.startswith(b'"') and b"\\n" in sample.text
        has_blank_lines = len(sample.first.lines) > len(lines) + 1
        lines = [line for line in lines if line.strip() != b"null"]  # a text that is not there
        strings = [line for line in lines if _is_string(line)]
        if not strings or len(strings) < _STRING_SHARE * len(lines):
            return False
        is_escaped = any(b"\\" in line for line in strings)
        return is_escaped or (len(strings) > 1 and not has_blank_lines)

    def documents(self, source: Source) -> Iterator[Document]:
        for record in separated_records(
            source.stream, source.start, source.end, LINE_BREAK, sizes=source.sizes
        ):
            yield from _document(record, source)


def _is_string(line: bytes) -> bool:
    try:
        return line.startswith(b'"') and isinstance(json.loads(line), str)
    except ValueError:
        return False


def _document(record: Record, source: Source) -> Iterator[Document]:
    content = source.utf8(record)
    if content is None:
        return
    try:
        text = json.loads(content.removeprefix(BOM).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return source.bad("bad_json", record, f"is not one JSON string ({error})", None)
    if text is None:
        text = ""
    if not isinstance(text, str):
        return source.bad("bad_json", record, "is JSON, but not a string", None)
    try:
        yield Document(record.offset, text.encode("utf-8"))
    except UnicodeEncodeError:
        source.bad("not_utf8", record, "holds half of a surrogate pair in its text", None)
