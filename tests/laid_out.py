"""Rows worked by hand, and how they get into a layout and back, for tests that name it."""

from __future__ import annotations

from typing import Any

import numpy as np

from bertprep.common.draws import Keys
from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masks
from bertprep.layouts import spec
from bertprep.layouts.columns import Columns
from bertprep.layouts.registry import layout_of
from bertprep.options import Layout, Task
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary

# Only the layouts with text look into a vocabulary.
_VOCABULARY = Vocabulary(SPECIAL_TOKENS, lowercase=True)

# [CLS] 10 11 12 [SEP] 20 21 [SEP] [PAD] [PAD], of which 11 and 20 are predicted; 2 is [CLS], 3
# [SEP], 4 [MASK].  A second row is full and predicts as many as there is room for.
PAIRS = Examples(
    np.array([1, 2], np.uint64),
    np.array(
        [[2, 10, 11, 12, 3, 20, 21, 3, 0, 0], [2, 30, 3, 40, 41, 42, 43, 44, 45, 3]], np.int32
    ),
    np.array([8, 10]),
    np.array([5, 3]),
    np.array([1, 0], np.int8),
    np.array([[0, 0, 1, 0, 0, 1, 1, 0, 0, 0], [0, 1, 0, 0, 1, 1, 0, 0, 0, 0]], bool),
)
PAIR_MASKS = Masks(
    np.array([[2, 10, 4, 12, 3, 99, 21, 3, 0, 0], [2, 4, 3, 40, 4, 42, 43, 4, 45, 3]], np.int32),
    np.array([[2, 5, 0], [1, 4, 7]]),
    np.array([[11, 20, 0], [30, 41, 44]], np.int32),
    np.array([2, 3]),
    np.array([2, 3]),
)
PAIR_MASK = [[1, 1, 1, 1, 1, 1, 1, 1, 0, 0], [1] * 10]
PAIR_TYPES = [[0, 0, 0, 0, 0, 1, 1, 1, 0, 0], [0, 0, 0, 1, 1, 1, 1, 1, 1, 1]]
PAIR_LABELS = [
    [-100, -100, 11, -100, -100, 20, -100, -100, -100, -100],
    [-100, 30, -100, -100, 41, -100, -100, 44, -100, -100],
]

# [CLS] 10 11 12 [SEP] [PAD], of which the first one, id 0's neighbour in no way, is predicted.
SINGLE = Examples(
    np.array([1], np.uint64),
    np.array([[2, 10, 11, 12, 3, 0]], np.int32),
    np.array([5]),
    np.array([5]),
    np.array([0], np.int8),
    np.array([[0, 0, 1, 0, 0, 0]], bool),
)
SINGLE_MASKS = Masks(
    np.array([[2, 4, 11, 12, 3, 0]], np.int32),
    np.array([[1, 0]]),
    np.array([[10, 0]], np.int32),
    np.array([1]),
    np.array([1]),
)
# Where words start in PAIRS: 21 goes on with 20, 41 and 42 with 40; 20 and 30 begin one, being cut.
STARTS = [[0, 1, 0, 1, 0, 1, 0, 0, 0, 0], [0, 1, 0, 1, 0, 0, 1, 1, 1, 0]]


def lay_out(
    examples: Examples,
    masks: Masks | None,
    layout: Layout,
    task: Task,
    vocabulary: Vocabulary = _VOCABULARY,
) -> Columns:
    """The columns of examples by name."""
    return layout_of(layout).lay_out(examples, masks, task, vocabulary)


def unmasked_examples(columns: Columns, keys: Keys, layout: Layout = "huggingface") -> Examples:
    """The examples that were laid out without masks."""
    return spec.unmasked_examples(layout_of(layout).by_role(columns), keys)


def assert_columns(columns: Columns, expected: dict[str, tuple[type, Any]]) -> None:
    assert set(columns) == set(expected)
    for name, (kind, values) in expected.items():
        assert columns[name].dtype == kind, name
        assert columns[name].tolist() == values, name


def shared_google_columns() -> dict[str, tuple[type, Any]]:
    return {
        "input_mask": (np.int64, PAIR_MASK),
        "masked_lm_positions": (np.int64, [[2, 5, 0], [1, 4, 7]]),
        "masked_lm_ids": (np.int64, [[11, 20, 0], [30, 41, 44]]),
        "masked_lm_weights": (np.float32, [[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]),
        "next_sentence_labels": (np.int64, [[1], [0]]),
    }
