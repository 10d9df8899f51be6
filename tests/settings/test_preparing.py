"""What decides the documents as tokens, checked once it is said."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.settings.preparing import PrepareOptions
from tests.refusals import check_refused, check_taken

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"seed": 2**63}, "--seed must fit a 64-bit integer", "9223372036854775808"),
    *[
        ({"word_segmenter": w}, "--word-segmenter must be none, jieba, jieba:PATH", repr(w))
        for w in ("", "jieba:", "mecab", "a-b:c", "module:", ":function")
    ],
]


@pytest.mark.parametrize(("values", "expected", "got"), WRONG)
def test_a_wrong_value_is_told(values: dict[str, Any], expected: str, got: str) -> None:
    check_refused(PrepareOptions, values, expected, got)


@pytest.mark.parametrize(
    "values",
    [
        {"word_segmenter": "jieba:some/dictionary.txt"},
        {"word_segmenter": "my.module:function"},
        {"word_segmenter": "fugashi", "seed": -(2**63)},
    ],
)
def test_values_at_the_edge_are_taken(values: dict[str, Any]) -> None:
    check_taken(PrepareOptions, values)
