"""Which columns of a table hold the text, by the types of its schema."""

from __future__ import annotations

import pyarrow as pa
import pytest

from bertprep.corpus.formats.text_columns import text_columns
from bertprep.errors import InputError

STRUCT = pa.struct([("body", pa.string()), ("stars", pa.int8())])
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("title", pa.string()),
        ("text", pa.large_string()),
        ("parts", pa.list_(pa.string())),
        ("answers", pa.list_(STRUCT)),
        ("kind", pa.dictionary(pa.int8(), pa.string())),
    ]
)


@pytest.mark.parametrize(
    ("field", "columns"),
    [
        ("text", ["text", "title"]),
        ("parts", ["parts", "title"]),
        ("kind", ["kind", "title"]),
        ("answers.body", ["answers", "title"]),
        ("title,text", ["title", "text"]),  # each once
        ("text,missing", ["text", "title"]),  # of several one is enough
    ],
)
def test_the_columns_to_read(field: str, columns: list[str]) -> None:
    assert text_columns(SCHEMA, field, "a.parquet") == columns


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("id", 'a.parquet has int64 in its column "id", not text; name one of its columns'),
        ("answers.stars", 'has int8 in its column "answers.stars", not text'),
        ("answers.more", 'has no column "answers.more"; name one of its columns of text by'),
        ("body", r'--text-field: "title", "text", "parts", "answers.body", "kind"'),
    ],
)
def test_another_column_is_told_with_those_that_hold_text(field: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        text_columns(SCHEMA, field, "a.parquet")


def test_a_table_without_text_and_one_with_a_name_twice_are_told() -> None:
    with pytest.raises(InputError, match=r"none of its columns holds text \(\"id\"\)"):
        text_columns(pa.schema([("id", pa.int64())]), "text", "a")
    twice = pa.schema([("text", pa.string()), ("text", pa.string())])
    with pytest.raises(InputError, match='a has several columns "text"; write it with one of them'):
        text_columns(twice, "text", "a")
