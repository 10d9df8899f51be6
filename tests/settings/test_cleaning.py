"""What is to be left out of a corpus, checked once it is said."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.errors import UsageError
from bertprep.settings.cleaning import CleanOptions
from tests.refusals import check_refused, check_taken

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"duplicates": "words"}, "--duplicates must be one of none, documents", "'words'"),
    ({"normalize": "nfkc"}, "--normalize must be one of none, nfc", "'nfkc'"),
    ({"rules": ("gopher", "c5")}, "--rules must be one of gopher, c4", "'c5'"),
    ({"near_duplicates": 0.29}, "--near-duplicates must be a share from 0.3 to 1", "0.29"),
    ({"min_words": -1}, "--min-words must be >= 0", "-1"),
    ({"min_words": 9, "max_words": 8}, "--max-words must be at least --min-words", "8"),
    ({"min_script": 1.1}, "--min-script must be a share from 0 to 1", "1.1"),
]


@pytest.mark.parametrize(("values", "expected", "got"), WRONG)
def test_a_wrong_value_is_told(values: dict[str, Any], expected: str, got: str) -> None:
    check_refused(CleanOptions, values, expected, got)


@pytest.mark.parametrize(
    "values",
    [
        {"near_duplicates": 0.3},
        {"min_words": 9, "max_words": 9},
        {"min_words": 0, "max_words": 1},
        {"rules": ("gopher", "c4")},
    ],
)
def test_values_at_the_edge_are_taken(values: dict[str, Any]) -> None:
    check_taken(CleanOptions, values)


def test_repeated_lines_are_counted_where_lines_are_compared() -> None:
    with pytest.raises(UsageError, match="--repeated-lines needs --duplicates lines"):
        CleanOptions(repeated_lines=3)
    for unit in ("lines", "paragraphs"):
        assert CleanOptions(repeated_lines=3, duplicates=unit).repeated_lines == 3
