"""JSON lines: each holds an object, and a field of it the text of a document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from bertprep.corpus.files import FileFormat
from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.formats.wikiextractor import unescaped
from bertprep.corpus.records import BOM, LINE_BREAK, Record, separated_records
from bertprep.corpus.sample import Sample

OBJECT = rb'\{\s*(?:\}|"(?:[^"\\]|\\.)*"\s*:)'
_JSON_LINE = re.compile(rb"(?m)^" + OBJECT)
_MEMBER = re.compile(rb'"(?:[^"\\]|\\.)*"\s*:')
# What WikiExtractor writes with --json.
_ARTICLE = {"id", "url", "title", "text"}


class JsonLines(Format):
    """JSON lines."""

    name: ClassVar[FileFormat] = "jsonl"
    shown: ClassVar[str] = "JSON lines"
    evidence: ClassVar[str] = "a JSON object a line"

    def recognises(self, sample: Sample) -> bool:
        # Broken JSON in the first line does not make prose of the others.
        if sample.text.startswith(b"{") and _JSON_LINE.search(sample.text):
            return not _is_spread(sample.first.filled)
        # A piece of a file begins within a line.
        values = sum(bool(_JSON_LINE.match(line)) for line in sample.first.filled[1:])
        return values >= 2 and values >= 0.9 * (len(sample.first.filled) - 1)

    def documents(self, source: Source) -> Iterator[Document]:
        for record in separated_records(source.stream, source.start, source.end, LINE_BREAK):
            yield from _document(record, source)


def _document(record: Record, source: Source) -> Iterator[Document]:
    try:
        row = json.loads(record.content.removeprefix(BOM).decode("utf-8"))
    except UnicodeDecodeError as error:
        return source.bad_utf8(record, error)
    except (ValueError, RecursionError) as error:
        what = f"is not one JSON object ({_json_reason(error)})"
        return source.bad("bad_json", record, what, None)
    if not isinstance(row, dict):
        what = f"holds a JSON {_json_type(row)}, not an object"
        return source.bad("bad_json", record, what, None)
    text = row.get(source.options.text_field)
    if not isinstance(text, str):
        return source.bad("no_text", record, _missing_text(row, source.options.text_field), None)
    try:
        encoded = _text(row, text, record, source).encode("utf-8")
    except UnicodeEncodeError:
        return source.bad("not_utf8", record, "holds half of a surrogate pair in its text", None)
    yield Document(record.offset, unescaped(encoded) if row.keys() >= _ARTICLE else encoded)


def _is_spread(lines: Sequence[bytes]) -> bool:
    """Whether a value goes over several lines, as if for people to read."""
    return len(lines) > 2 and lines[0] == b"{" and bool(_MEMBER.match(lines[1]))


def _text(row: dict[str, object], text: str, record: Record, source: Source) -> str:
    title = row.get("title")
    repeated = isinstance(title, str) and title and text.startswith(f"{title}\n")
    if source.options.keep_titles or not repeated:
        return text
    source.drops.add("title_line", source.name, record.offset, str(title))
    return text[len(str(title)) + 1 :]


def _missing_text(row: dict[str, object], wanted: str) -> str:
    if wanted in row:
        return f'has a {_json_type(row[wanted])} as "{wanted}", not a string'
    keys = ", ".join(f'"{key[:40]}"' for key in list(row)[:8]) or "none"
    return f'has no field "{wanted}" (its fields: {keys}); name the right one by --text-field'


def _json_reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _json_type(value: object) -> str:
    names = {dict: "object", list: "list", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
