"""How raw files are to be read, checked once it is said."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from bertprep.errors import UsageError
from bertprep.settings.cleaning import CleanOptions
from bertprep.settings.reading import ReadOptions, parse_weight, read_config
from tests.refusals import check_refused, check_taken

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"input_format": "pdf"}, "--input-format must be one of auto, text,", "'pdf'"),
    (
        {"documents": "page"},
        "--documents must be one of blank-line, line, f",
        "'page'",
    ),
    ({"sentences": "words"}, "--sentences must be one of rules, wrapped,", "'words'"),
    ({"bad_input": "skip"}, "--bad-input must be one of fail, drop", "'skip'"),
    ({"text_field": ""}, "--text-field must name a key", "''"),
    ({"encoding": "klingon"}, "--encoding must be a text encoding that Python knows", "'klingon'"),
    ({"language": "tlh"}, "--language must be one of af am", "'tlh'"),
    ({"holdout": 1.0}, "--holdout must be from 0", "1.0"),
    ({"smoothing": 1.5}, "--smoothing must be from 0", "1.5"),
    ({"document_separator": " x"}, "--document-separator must be at most 60", "' x'"),
]


@pytest.mark.parametrize(("values", "expected", "got"), WRONG)
def test_a_wrong_value_is_told(values: dict[str, Any], expected: str, got: str) -> None:
    check_refused(ReadOptions, values, expected, got)


@pytest.mark.parametrize(
    "values",
    [
        {"holdout": 0.5, "held_out": True},
        {"smoothing": 0.0},
        {"encoding": "gb18030"},
    ],
)
def test_values_at_the_edge_are_taken(values: dict[str, Any]) -> None:
    check_taken(ReadOptions, values)


def test_wrapped_lines_make_sections_and_a_separator_makes_none() -> None:
    assert ReadOptions(sentences="wrapped").documents == "section"
    assert ReadOptions(sentences="wrapped", document_separator="<|end|>").documents == "blank-line"
    assert ReadOptions().documents == "blank-line"


def test_weights_are_sorted_and_each_is_of_one_input() -> None:
    assert ReadOptions(weight=("b=2", "a=.5")).weight == ("a=.5", "b=2")
    assert parse_weight("a=.5") == ("a", 0.5)
    with pytest.raises(UsageError, match="--weight names an input twice"):
        ReadOptions(weight=("a=1", "a=2"))
    for wrong in ("a", "=1", "a=0", "a=-1", "a=1e9", "a=nan"):
        with pytest.raises(UsageError, match="--weight must be NAME=NUMBER"):
            ReadOptions(weight=(wrong,))


def test_a_manifest_has_what_came_later_only_where_it_says_something() -> None:
    usual = read_config(ReadOptions())
    assert not set(usual) & set(ReadOptions.LATER)
    assert set(usual) | set(ReadOptions.LATER) == {field.name for field in fields(ReadOptions)}
    assert read_config(ReadOptions(holdout=0.1)) == {**usual, "holdout": 0.1}
    cleaned = read_config(ReadOptions(clean=CleanOptions(min_words=3)))
    assert cleaned["clean"]["min_words"] == 3
