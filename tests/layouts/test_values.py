"""What stands in columns, whatever a layout calls them."""

from __future__ import annotations

import numpy as np
import pytest

from bertprep.layouts.values import attention_mask, token_type_ids
from bertprep.options import Layout
from tests.laid_out import PAIR_MASK, PAIR_TYPES, PAIRS, SINGLE, SINGLE_MASKS, lay_out


@pytest.mark.parametrize("layout", ["huggingface", "google", "modelgarden"])
def test_a_row_that_predicts_nothing(layout: Layout) -> None:
    """Slots that are not used must not look like a prediction at column 0."""
    none = SINGLE_MASKS._replace(
        input_ids=SINGLE.input_ids,
        positions=np.zeros((1, 2), np.int64),
        labels=np.zeros((1, 2), np.int32),
        counts=np.array([0]),
    )
    columns = lay_out(SINGLE, none, layout, "none")
    if layout == "huggingface":
        assert columns["labels"].tolist() == [[-100] * 6]
    else:
        assert columns["masked_lm_weights"].tolist() == [[0.0, 0.0]]


def test_token_0_may_be_predicted() -> None:
    """A label 0 is a label where its weight is 1: vocabularies differ in what id 0 is."""
    masks = SINGLE_MASKS._replace(labels=np.array([[0, 0]], np.int32))
    assert lay_out(SINGLE, masks, "huggingface", "none")["labels"][0, 1] == 0
    assert lay_out(SINGLE, masks, "google", "none")["masked_lm_weights"].tolist() == [[1.0, 0.0]]


def test_masks_of_tokens_and_types_are_booleans() -> None:
    for values, expected in (
        (attention_mask(PAIRS), PAIR_MASK),
        (token_type_ids(PAIRS), PAIR_TYPES),
    ):
        assert values.dtype == np.bool_
        assert values.astype(int).tolist() == expected
