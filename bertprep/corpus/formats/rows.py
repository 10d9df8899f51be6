"""A row with named fields, of JSON or of a table, as a document."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Set
from typing import Any

from bertprep.corpus.formats import wiki40b
from bertprep.corpus.formats.article_escapes import unescaped
from bertprep.corpus.formats.format import Document, Source
from bertprep.corpus.records import Record
from bertprep.options import ReadOptions

# What WikiExtractor writes with --json.
_ARTICLE = {"id", "url", "title", "text"}
_SHOWN = 8
_PARAGRAPHS, _FIELDS = "\n", "\n\n"

Row = Mapping[str, Any]


# Of the line before each document in what Elasticsearch takes, as in dumps of wikis' search.
_BULK = {"index"}


class NoTextError(Exception):
    """A row has no text in the field it is looked for; the message follows the row's place."""


def document(row: Row, keys: Set[str], record: Record, source: Source) -> Iterator[Document]:
    """The document of a row.

    Args:
        row: its fields, as far as they were read.
        keys: the names of all its fields.
        record: where it is.
        source: of what it is from, which takes what cannot be read.
    """
    if source.fields is not None:
        source.fields.update(keys)
    if keys == _BULK and isinstance(row.get("index"), Mapping):
        return source.drops.add("bulk_line", source.name, record.offset, record.content)
    try:
        text = _without_title(row, row_text(row, source.options.text_field, keys), record, source)
        encoded = text.encode("utf-8")
    except NoTextError as error:
        return source.bad("no_text", record, str(error), None)
    except UnicodeDecodeError as error:
        if source.options.bad_input != "replace":
            what = f"has a text that is {source.not_utf8(error)}"
            return source.bad("not_utf8", record, what, None)
        text = source.replaced(error.object, record)
        yield from document({**row, source.options.text_field: text}, keys, record, source)
        return
    except UnicodeEncodeError:
        return source.bad("not_utf8", record, "holds half of a surrogate pair in its text", None)
    yield Document(record.offset, unescaped(encoded) if keys >= _ARTICLE else encoded)


def _without_title(row: Row, text: str, record: Record, source: Source) -> str:
    if wiki40b.is_marked(text):
        if not source.options.keep_titles:
            source.drops.add("title_line", source.name, record.offset)
        return wiki40b.plain(text, source.options.keep_titles)
    title = row.get("title")
    if isinstance(title, bytes):
        title = title.decode("utf-8", "replace")
    repeated = isinstance(title, str) and title and text.startswith(f"{title}\n")
    if source.options.keep_titles or not repeated:
        return text
    source.drops.add("title_line", source.name, record.offset, str(title))
    return text[len(str(title)) + 1 :]


_USUAL = ReadOptions.text_field
# Of OSCAR, and of CLUE's news2016zh: keys that tell that the text is their content.
_CONTENT = ({"content", "warc_headers"}, {"content", "news_id"})


def field_names(text_field: str, keys: Collection[str]) -> list[str]:
    """The fields that hold the text, by what ``--text-field`` says; a key may have a comma."""
    is_there = text_field in keys
    if text_field == _USUAL and not is_there and any(s <= set(keys) for s in _CONTENT):
        return ["content"]
    return [text_field] if text_field in keys else text_field.split(",")


def row_text(row: Row, text_field: str, keys: Set[str]) -> str:
    """The text of a row: of several fields those that it has, a blank line between.

    A null is no text, as an empty string is; a row of nothing else is an empty document.

    Args:
        row: its fields, as far as they were read.
        text_field: what ``--text-field`` says.
        keys: the names of all its fields.

    Raises:
        NoTextError: if it has none of them, or one is no string and no list of strings.
    """
    names = field_names(text_field, keys)
    values = {name: value for name in names if (value := _value(row, name)) is not _MISSING}
    if not values:
        raise NoTextError(_has_no_field(names, row))
    return _FIELDS.join(text for name, value in values.items() if (text := _text(value, name)))


_MISSING = object()


def _value(row: Any, name: str) -> Any:
    """The field of this name, or what its parts between dots lead to, in lists in each item."""
    if name in row:
        return row[name]
    for part in name.split("."):
        row = _field(row, part)
        if row is None or row is _MISSING:
            return row
    return row


def _field(row: Any, name: str) -> Any:
    if isinstance(row, Mapping):
        return row.get(name, _MISSING)
    if not isinstance(row, list):
        return _MISSING
    found = [value for each in row if (value := _field(each, name)) is not _MISSING]
    filled = [value if isinstance(value, list) else [value] for value in found if value is not None]
    return [each for value in filled for each in value] if found or not row else _MISSING


def _text(value: object, name: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if _is_null(value):
        return ""
    if isinstance(value, list) and all(isinstance(part, str) or _is_null(part) for part in value):
        return _PARAGRAPHS.join(part for part in value if not _is_null(part))
    raise NoTextError(_has_other(value, name))


def _is_null(value: object) -> bool:
    """Whether it says that there is nothing: a null, or the NaN that Python writes of one."""
    return value is None or value != value


def _has_other(value: object, name: str) -> str:
    kind = json_type(value)
    what = f'has {"an" if kind == "object" else "a"} {kind} as "{name}", not a string'
    if not isinstance(value, Mapping):
        return what
    if len(value) > _SHOWN and all(isinstance(each, str) for each in value.values()):
        way = f"jq -c '.{json.dumps(name, ensure_ascii=False)}[]' < FILE > FILE.jsonl"
        return f"{what}; if each of its values is a document, put one on a line: `{way}`"
    return f"{what}; name what is within it by --text-field: {listed(_names_within(value, name))}"


def _has_no_field(names: list[str], row: Row) -> str:
    shown = [longer for name, value in row.items() for longer in _names_within(value, name)]
    fields = f"(its fields: {listed(shown)}); name the right one by --text-field"
    lists = [name for name, value in row.items() if isinstance(value, list) and len(value) > 1]
    if whole := next((name for name in lists if isinstance(row[name][0], Mapping)), None):
        fields += (
            f', or if each of "{whole}" is a document, put one on a line: '
            f"`jq -c '.{whole}[]' < FILE > FILE.jsonl`"
        )
    return f"has no field {either(names)} {fields}"


def _names_within(value: object, name: str, depth: int = 2) -> list[str]:
    """The name of a field, or of the fields within it."""
    inner = value[0] if isinstance(value, list) and value else value
    if not isinstance(inner, Mapping) or not depth:
        return [name]
    within = [n for key, v in inner.items() for n in _names_within(v, f"{name}.{key}", depth - 1)]
    return within or [name]


def either(names: list[str]) -> str:
    """Names, one of which is enough, for a message."""
    return " or ".join(f'"{name}"' for name in names)


def listed(names: Collection[str]) -> str:
    """Names of fields, the first of them, for a message."""
    more = ", ..." if len(names) > _SHOWN else ""
    return ", ".join(f'"{name[:40]}"' for name in list(names)[:_SHOWN]) + more or "none"


def json_type(value: object) -> str:
    """JSON's name for the type of a value."""
    names = {dict: "object", list: "list", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
