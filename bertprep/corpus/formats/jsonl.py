"""JSON lines: each holds an object, and a field of it the text of a document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.formats.rows import document, json_type
from bertprep.corpus.records import LINE_BREAK, Record, separated_records
from bertprep.corpus.sample import Sample
from bertprep.corpus.window import BOM
from bertprep.options import FileFormat

OBJECT = rb'\{\s*(?:\}|"(?:[^"\\]|\\.)*"\s*:)'
_JSON_LINE = re.compile(rb"(?m)^" + OBJECT)
_MEMBER = re.compile(rb'"(?:[^"\\]|\\.)*"\s*:')


class JsonLines(Format):
    """JSON lines."""

    name: ClassVar[FileFormat] = "jsonl"
    shown: ClassVar[str] = "JSON lines"
    evidence: ClassVar[str] = "a JSON object a line"
    has_fields: ClassVar[bool] = True

    def recognises(self, sample: Sample) -> bool:
        # Broken JSON in the first line does not make prose of the others.
        if sample.text.startswith(b"{") and _JSON_LINE.search(sample.text):
            return not _is_spread(sample.first.filled)
        # A piece of a file begins within a line.
        values = sum(bool(_JSON_LINE.match(line)) for line in sample.first.filled[1:])
        return values >= 2 and values >= 0.9 * (len(sample.first.filled) - 1)

    def documents(self, source: Source) -> Iterator[Document]:
        for record in separated_records(
            source.stream, source.start, source.end, LINE_BREAK, sizes=source.sizes
        ):
            yield from json_document(record, source)


def json_document(
    record: Record, source: Source, may_be_string: bool = False
) -> Iterator[Document]:
    """The document of a JSON object; or of a string, or a null in its place.

    Args:
        record: the bytes of the JSON.
        source: the range that it is of.
        may_be_string: whether what is no object may be a text.
    """
    content = source.utf8(record)
    if content is None:
        return
    try:
        row = json.loads(content.removeprefix(BOM).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        what = f"is not one JSON object ({_json_reason(error)})"
        if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data":
            what += "; of several on a line `jq -c . < FILE > FILE.jsonl` puts each on its own"
        return source.bad("bad_json", record, what, None)
    if may_be_string and (row is None or isinstance(row, str)):
        row = {source.options.text_field: row}
    if not isinstance(row, dict):
        what = f"holds a JSON {json_type(row)}, not an object"
        return source.bad("bad_json", record, what, None)
    yield from document(row, row.keys(), record, source)


def _is_spread(lines: Sequence[bytes]) -> bool:
    """Whether a value goes over several lines, as if for people to read."""
    return len(lines) > 2 and lines[0] == b"{" and bool(_MEMBER.match(lines[1]))


def _json_reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
