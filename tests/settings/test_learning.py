"""Which vocabulary is to be learned, checked once it is said."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.errors import UsageError
from bertprep.settings.learning import VocabOptions
from tests.refusals import check_refused, check_taken

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"unused_tokens": -1}, "--unused-tokens must be >= 0", "-1"),
    ({"vocab_size": 5}, "--vocab-size must be over 5 (the special and", "5"),
    ({"vocab_size": 99, "unused_tokens": 94}, "--vocab-size must be over 99", "99"),
    ({"vocab_size": 2**31}, "--vocab-size must be", "2147483648"),
    ({"min_frequency": 0}, "--min-frequency must be >= 1", "0"),
    ({"limit_alphabet": 0}, "--limit-alphabet must be >= 1", "0"),
    ({"max_token_length": 0}, "--max-token-length must be >= 1", "0"),
]


@pytest.mark.parametrize(("values", "expected", "got"), WRONG)
def test_a_wrong_value_is_told(values: dict[str, Any], expected: str, got: str) -> None:
    check_refused(VocabOptions, values, expected, got)


@pytest.mark.parametrize(
    "values",
    [
        {"vocab_size": 6},
        {"vocab_size": 100, "unused_tokens": 94},
        {"min_frequency": 1, "limit_alphabet": 1, "max_token_length": 1},
    ],
)
def test_values_at_the_edge_are_taken(values: dict[str, Any]) -> None:
    check_taken(VocabOptions, values)


def test_cased_vocabularies_keep_accents_anyway() -> None:
    assert VocabOptions(keep_accents=True).lowercase
    with pytest.raises(UsageError, match="--keep-accents is for --uncased"):
        VocabOptions(lowercase=False, keep_accents=True)
