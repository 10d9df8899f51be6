"""The columns of a table that hold text, and its rows as documents."""

from __future__ import annotations

from collections.abc import Iterator, Set

import pyarrow as pa

from bertprep.corpus.formats.format import Document, Source
from bertprep.corpus.formats.rows import document, either, field_names, listed
from bertprep.corpus.records import Record
from bertprep.errors import InputError


def text_columns(schema: pa.Schema, text_field: str, path: str) -> list[str]:
    """The columns of a table to read: those that hold the text, and the title.

    Args:
        schema: of the table.
        text_field: as ``--text-field`` has it: a column, or several with commas between.
        path: what a message calls the file.

    Raises:
        InputError: if there is none of them, or one does not hold strings; it names those that do.
    """
    found: list[str] = []
    for name in field_names(text_field, schema.names):
        if schema.names.count(name) > 1:
            raise InputError(f'{path} has several columns "{name}"; write it with one of them')
        kind, column = _column(schema, name)
        if kind is None:
            continue
        if not _holds_text(kind):
            raise InputError(f'{path} has {kind} in its column "{name}", not text; {_ways(schema)}')
        found.append(column)
    if not found:
        names = field_names(text_field, schema.names)
        raise InputError(f"{path} has no column {either(names)}; {_ways(schema)}")
    titles = [name for name in ("title",) if schema.names.count(name) == 1]
    return list(dict.fromkeys([*found, *titles]))


def _ways(schema: pa.Schema) -> str:
    texts = [name for field in schema for name in _texts_within(field.type, field.name)]
    if not texts:
        return (
            f"none of its columns holds text ({listed(schema.names)}): write the text of each "
            "row as a column of strings first, or leave the file out by --exclude"
        )
    return f"name one of its columns of text by --text-field: {listed(texts)}"


def _texts_within(kind: pa.DataType, name: str) -> list[str]:
    """The name of a column of text, or of the fields within it that hold text."""
    if _holds_text(kind):
        return [name]
    kind = _of_items(kind)
    if not pa.types.is_struct(kind):
        return []
    fields = [kind.field(i) for i in range(kind.num_fields)]
    return [n for field in fields for n in _texts_within(field.type, f"{name}.{field.name}")]


def _of_items(kind: pa.DataType) -> pa.DataType:
    """The type of a list's items; another type itself."""
    while _is_list(kind):
        kind = kind.value_type
    return kind


def _is_list(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(
        types.is_list(kind)
        or types.is_large_list(kind)
        or types.is_fixed_size_list(kind)
        or types.is_list_view(kind)
        or types.is_large_list_view(kind)
    )


def _column(schema: pa.Schema, name: str) -> tuple[pa.DataType | None, str]:
    """The type of a field and the column it is in; its name may lead into structs."""
    if name in schema.names:
        return schema.field(name).type, name
    column, *parts = name.split(".")
    if column not in schema.names:
        return None, name
    kind = schema.field(column).type
    for part in parts:
        kind = _of_items(kind)
        if not pa.types.is_struct(kind) or kind.get_field_index(part) < 0:
            return None, name
        kind = kind.field(part).type
    return kind, column


def _holds_text(kind: pa.DataType) -> bool:
    types = pa.types
    if types.is_dictionary(kind) or _is_list(kind):
        kind = kind.value_type
        return bool(types.is_string(kind) or types.is_large_string(kind))
    return any(
        is_kind(kind)
        for is_kind in (
            types.is_string,
            types.is_large_string,
            types.is_string_view,
            types.is_binary,
            types.is_large_binary,
            types.is_null,
        )
    )


def batch_documents(
    batch: pa.RecordBatch, keys: Set[str], first: int, source: Source
) -> Iterator[Document]:
    """The documents of rows read from a table.

    Args:
        batch: the columns that `text_columns` names.
        keys: the names of all columns.
        first: the number of its first row in the file, which tells its documents apart.
        source: of what it is from, which takes what cannot be read.
    """
    try:
        rows = batch.to_pylist()
    except UnicodeDecodeError:
        if batch.num_rows > 1:
            for i in range(batch.num_rows):
                yield from batch_documents(batch.slice(i, 1), keys, first + i, source)
            return
        record = Record(first, first, b"")
        return source.bad("not_utf8", record, "has a text that is not UTF-8", None)
    for i, row in enumerate(rows, first):
        yield from document(row, keys, Record(i, i, b""), source)
