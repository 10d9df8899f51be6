"""The names of columns, and the way out of a table."""

from __future__ import annotations

import csv
import io
import json
import subprocess

import pytest

from bertprep.corpus.shapes.table_columns import is_header, table_finding


@pytest.mark.parametrize(
    ("row", "is_one"),
    [
        (["id", "text"], True),
        ([" Title ", "body"], True),
        (["text"], False),  # a lone word may be one
        (["text", "text"], False),
        (["panda", "bamboo"], False),
        (["text", "1999"], False),
    ],
)
def test_headers(row: list[str], is_one: bool) -> None:
    assert is_header(row) is is_one


def test_the_longest_column_is_named() -> None:
    rows = [["id", "body", "label"], ["1", "A panda eats.", "a"], ["2", "It sleeps.", "b"]]
    found = table_finding(rows, ",", is_named=True)
    assert found.advice == "name the one of text: --text-field body"
    assert found.what == 'is a table, not prose: 3 columns between commas ("id", "body", "label")'


@pytest.mark.slow
def test_without_names_a_command_makes_json_lines_of_the_longest_column() -> None:
    rows = [["1", "A panda, it eats.", "a"], ["2", "It sleeps.", "b"]]
    found = table_finding(rows, ";", is_named=False)
    table = io.StringIO()
    csv.writer(table, delimiter=";").writerows(rows)
    made = subprocess.run(
        found.command,
        shell=True,
        input=table.getvalue(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert [json.loads(line)["text"] for line in made.stdout.splitlines()] == [r[1] for r in rows]


def test_two_columns_between_tabs_may_be_pairs_of_sentences() -> None:
    rows = [["a", "A panda eats."], ["b", "It sleeps."]]
    found = table_finding(rows, "\t", is_named=False, is_quoted=False)
    assert "--input-format sentence-pairs" in found.what
    assert found.command == "cut -f2"
