"""Parquet, Arrow and `datasets`: rows as documents, by row groups and record batches."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders.inputs import find_inputs
from tests.corpus.formats.tables import (
    TEXTS,
    WRITERS,
    check,
    every_writer,
    read,
    write_feather,
    write_parquet,
)


@pytest.mark.slow
@every_writer
def test_rows_are_documents_whatever_the_ranges(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    other = [random.Random(n).randbytes(500) for n in range(1000)]
    write(path, pa.table({"id": range(1000), "text": TEXTS, "other": other}))
    expected = list(enumerate(TEXTS))
    assert read(path) == (expected, {})
    rng = random.Random(1)
    for _ in range(10):
        cuts = rng.sample(range(path.stat().st_size), 7)
        assert read(path, cuts) == (expected, {})


@every_writer
@pytest.mark.parametrize(
    "kind",
    [pa.large_string(), pa.string_view(), pa.binary(), pa.dictionary(pa.int32(), pa.string())],
    ids=str,
)
def test_text_of_every_type(write: Any, kind: pa.DataType, tmp_path: Path) -> None:
    if write in (write_feather, write_parquet) and pa.types.is_string_view(kind):
        pytest.skip("not written by it")
    path = tmp_path / "in"
    write(path, pa.table({"text": pa.array(TEXTS[:250]).cast(kind)}))
    assert [text for _, text in read(path)[0]] == TEXTS[:250]


@every_writer
def test_fields_within_lists_and_several(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "in"
    rows = [
        {"data": {"text": ["One.", "Two."], "n": 1}, "more": "Three."},
        {"data": {"text": ["Four."], "n": 2}, "more": None},
        {"data": None, "more": "Five."},
    ]
    write(path, pa.Table.from_pylist(rows))
    both = read(path, text_field="data.text,more")
    assert both == ([(0, "One.\nTwo.\n\nThree."), (1, "Four."), (2, "Five.")], {})
    assert read(path, text_field="more") == ([(0, "Three."), (1, ""), (2, "Five.")], {})


@every_writer
def test_a_column_that_is_missing_or_holds_no_text_names_those_that_do(
    write: Any, tmp_path: Path
) -> None:
    path = tmp_path / "in"
    write(path, pa.table({"id": [1], "body": ["One."], "title": ["A"]}))
    assert check(path) == (
        'has no column "text"; name one of its columns of text by --text-field: "body", "title"'
    )
    assert check(path, text_field="id").startswith('has int64 in its column "id", not text; name')
    assert check(path, text_field="a.b,c").startswith('has no column "a.b" or "c"; name one')
    write(path, pa.table({"ids": [1]}))
    assert check(path) == (
        'has no column "text"; none of its columns holds text ("ids"): write the text of each row '
        "as a column of strings first, or leave the file out by --exclude"
    )


@every_writer
def test_a_column_of_bytes_that_are_no_text(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "in"
    write(path, pa.table({"text": [b"One.", b"b\xffd", b"Two."]}))
    assert read(path, bad_input="drop") == ([(0, "One."), (2, "Two.")], {"not_utf8": 1})
    with pytest.raises(InputError, match="row 2 has a text that is not UTF-8"):
        read(path)


@every_writer
def test_a_field_of_each_item_of_a_list(tmp_path: Path, write: Any) -> None:
    passages = [[{"text": "One.", "n": 1}, {"text": "Two.", "n": 2}], [], None]
    table = pa.table({"passages": passages, "url": [1, 2, 3]})
    write(tmp_path / "in", table)
    found, drops = read(tmp_path / "in", text_field="passages.text")
    assert [text for _, text in found] == ["One.\nTwo.", "", ""]
    assert drops == {}
    said = check(tmp_path / "in")
    assert said.endswith('name one of its columns of text by --text-field: "passages.text"')


def _written(write: Callable[[Path, pa.Table], object], path: Path) -> None:
    write(path, pa.table({"text": NO_TEXT}))


NO_TEXT = ["One.", None, "", "Two."]


def _json_lines(path: Path) -> None:
    rows = [*map(json.dumps, ({"text": text} for text in NO_TEXT)), '{"text": NaN}']
    path.write_text("\n".join(rows))


NULLS: dict[str, Callable[[Path], object]] = {
    **{name: partial(_written, write) for name, write in WRITERS.items()},
    "jsonl": _json_lines,
    "json": lambda path: path.write_text(json.dumps([{"text": text} for text in NO_TEXT])),
    "strings in an array": lambda path: path.write_text(json.dumps(NO_TEXT)),
    "json-strings": lambda path: path.write_text("\n".join(map(json.dumps, NO_TEXT * 9))),
    "csv": lambda path: path.write_text('id,text\n1,One.\n2,\n3,""\n4,Two.\n'),
    "tsv": lambda path: path.write_text("id\ttext\n1\tOne.\n2\t\n3\t\n4\tTwo.\n"),
}


@pytest.mark.parametrize("name", NULLS)
def test_a_null_is_an_empty_document_in_all_formats_of_rows(name: str, tmp_path: Path) -> None:
    """As an empty string is; what is counted of it later is the same, and no run stops at one."""
    NULLS[name](tmp_path / "in")
    found, drops = read(tmp_path / "in")
    assert drops == {}
    assert [text for _, text in found][:4] == ["One.", "", "", "Two."]
    assert {text for _, text in found[4:]} <= {"", "One.", "Two."}


def test_nulls_among_paragraphs(tmp_path: Path) -> None:
    (tmp_path / "in").write_text('{"text": ["One.", null, "Two."]}\n{"text": [null]}\n')
    assert [text for _, text in read(tmp_path / "in")[0]] == ["One.\nTwo.", ""]


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["One."]), pa.array(["Two."])], names=["text", "text"])
    pq.write_table(table, tmp_path / "rows")
    with pytest.raises(InputError, match='has several columns "text"'):
        find_inputs([str(tmp_path / "rows")], ReadOptions())
