"""The huggingface layout, worked by hand: columns, types and shapes."""

from __future__ import annotations

import numpy as np
import pytest

from bertprep.options import Task
from tests.laid_out import (
    PAIR_LABELS,
    PAIR_MASK,
    PAIR_MASKS,
    PAIR_TYPES,
    PAIRS,
    SINGLE,
    SINGLE_MASKS,
    STARTS,
    assert_columns,
    lay_out,
)


@pytest.mark.parametrize(
    ("task", "label"), [("nsp", "next_sentence_label"), ("sop", "sentence_order_label")]
)
def test_huggingface_pairs(task: Task, label: str) -> None:
    expected = {
        "input_ids": (np.int32, PAIR_MASKS.input_ids.tolist()),
        "token_type_ids": (np.int8, PAIR_TYPES),
        "attention_mask": (np.int8, PAIR_MASK),
        "labels": (np.int64, PAIR_LABELS),
        label: (np.int64, [1, 0]),
    }
    assert_columns(lay_out(PAIRS, PAIR_MASKS, "huggingface", task), expected)


def test_huggingface_full_sentences() -> None:
    expected = {
        "input_ids": (np.int32, [[2, 4, 11, 12, 3, 0]]),
        "token_type_ids": (np.int8, [[0] * 6]),
        "attention_mask": (np.int8, [[1, 1, 1, 1, 1, 0]]),
        "labels": (np.int64, [[-100, 10, -100, -100, -100, -100]]),
    }
    assert_columns(lay_out(SINGLE, SINGLE_MASKS, "huggingface", "none"), expected)


def test_huggingface_without_masks() -> None:
    """21 goes on with 20, 41 and 42 with 40; 20 and 30 begin a word, being cut from theirs."""
    expected = {
        "input_ids": (np.int32, PAIRS.input_ids.tolist()),
        "token_type_ids": (np.int8, PAIR_TYPES),
        "attention_mask": (np.int8, PAIR_MASK),
        "word_starts": (np.int8, STARTS),
        "next_sentence_label": (np.int64, [1, 0]),
    }
    assert_columns(lay_out(PAIRS, None, "huggingface", "nsp"), expected)
