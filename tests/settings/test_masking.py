"""What is masked, checked once it is said."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.settings.masking import MaskingOptions, usual_predictions
from tests.refusals import check_refused, check_taken

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"masking": "none"}, "--masking must be one of token, whole-word", "'none'"),
    ({"max_predictions_per_seq": 0}, "--max-predictions-per-seq must be >=", "0"),
    ({"mask_replace_prob": 0.95}, "together at most 1", "0.95 and 0.1"),
    ({"random_replace_prob": -0.1}, "must be >= 0 and", "0.8 and -0.1"),
]


@pytest.mark.parametrize(("values", "expected", "got"), WRONG)
def test_a_wrong_value_is_told(values: dict[str, Any], expected: str, got: str) -> None:
    check_refused(MaskingOptions, values, expected, got)


@pytest.mark.parametrize(
    "values",
    [
        {"mask_replace_prob": 0.9, "random_replace_prob": 0.1},
        {"mask_replace_prob": 0.0, "random_replace_prob": 0.0},
    ],
)
def test_values_at_the_edge_are_taken(values: dict[str, Any]) -> None:
    check_taken(MaskingOptions, values)


def test_the_usual_number_of_predictions_caps_no_row() -> None:
    assert [usual_predictions(n, 0.15) for n in (8, 128, 512)] == [2, 20, 77]
    assert usual_predictions(8, 0.99) == 7  # one token is left
    assert usual_predictions(8, 0.001) == 1
