"""The modelgarden layout, worked by hand: columns, types and shapes."""

from __future__ import annotations

import numpy as np
import pytest

from bertprep.options import Task
from tests.laid_out import (
    PAIR_MASK,
    PAIR_MASKS,
    PAIR_TYPES,
    PAIRS,
    SINGLE,
    SINGLE_MASKS,
    STARTS,
    assert_columns,
    lay_out,
    shared_google_columns,
)


@pytest.mark.parametrize("task", ["nsp", "sop"])
def test_modelgarden_pairs(task: Task) -> None:
    expected = {
        "input_word_ids": (np.int64, PAIR_MASKS.input_ids.tolist()),
        "input_type_ids": (np.int64, PAIR_TYPES),
        **shared_google_columns(),
    }
    assert_columns(lay_out(PAIRS, PAIR_MASKS, "modelgarden", task), expected)


def test_modelgarden_full_sentences() -> None:
    expected = {
        "input_word_ids": (np.int64, [[2, 4, 11, 12, 3, 0]]),
        "input_mask": (np.int64, [[1, 1, 1, 1, 1, 0]]),
        "input_type_ids": (np.int64, [[0] * 6]),
        "masked_lm_positions": (np.int64, [[1, 0]]),
        "masked_lm_ids": (np.int64, [[10, 0]]),
        "masked_lm_weights": (np.float32, [[1.0, 0.0]]),
    }
    assert_columns(lay_out(SINGLE, SINGLE_MASKS, "modelgarden", "none"), expected)


def test_modelgarden_without_masks() -> None:
    expected = {
        "input_word_ids": (np.int64, PAIRS.input_ids.tolist()),
        "input_mask": (np.int64, PAIR_MASK),
        "input_type_ids": (np.int64, PAIR_TYPES),
        "word_starts": (np.int64, STARTS),
        "next_sentence_labels": (np.int64, [[1], [0]]),
    }
    assert_columns(lay_out(PAIRS, None, "modelgarden", "nsp"), expected)
