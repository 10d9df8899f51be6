"""Layouts: one row worked by hand in each, column by column, with types and shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bertprep.examples.assemble import Examples
from bertprep.examples.mask import Masks
from bertprep.layouts.columns import Columns
from bertprep.layouts.values import attention_mask, token_type_ids
from bertprep.options import Layout, Task
from tests.laid_out import lay_out, unmasked_examples

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


@pytest.mark.parametrize("task", ["nsp", "sop"])
def test_google_pairs(task: Task) -> None:
    expected = {
        "input_ids": (np.int64, PAIR_MASKS.input_ids.tolist()),
        "segment_ids": (np.int64, PAIR_TYPES),
        **shared_google_columns(),
    }
    assert_columns(lay_out(PAIRS, PAIR_MASKS, "google", task), expected)


@pytest.mark.parametrize("task", ["nsp", "sop"])
def test_modelgarden_pairs(task: Task) -> None:
    expected = {
        "input_word_ids": (np.int64, PAIR_MASKS.input_ids.tolist()),
        "input_type_ids": (np.int64, PAIR_TYPES),
        **shared_google_columns(),
    }
    assert_columns(lay_out(PAIRS, PAIR_MASKS, "modelgarden", task), expected)


@pytest.mark.parametrize(
    ("layout", "ids", "types", "labels"),
    [
        # run_pretraining.py parses next_sentence_labels whatever the task.
        ("google", "input_ids", "segment_ids", {"next_sentence_labels": (np.int64, [[0]])}),
        ("modelgarden", "input_word_ids", "input_type_ids", {}),
    ],
)
def test_tensorflow_full_sentences(
    layout: Layout, ids: str, types: str, labels: dict[str, Any]
) -> None:
    expected = {
        ids: (np.int64, [[2, 4, 11, 12, 3, 0]]),
        "input_mask": (np.int64, [[1, 1, 1, 1, 1, 0]]),
        types: (np.int64, [[0] * 6]),
        "masked_lm_positions": (np.int64, [[1, 0]]),
        "masked_lm_ids": (np.int64, [[10, 0]]),
        "masked_lm_weights": (np.float32, [[1.0, 0.0]]),
        **labels,
    }
    assert_columns(lay_out(SINGLE, SINGLE_MASKS, layout, "none"), expected)


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


# Rows without masks


STARTS = [[0, 1, 0, 1, 0, 1, 0, 0, 0, 0], [0, 1, 0, 1, 0, 0, 1, 1, 1, 0]]


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


@pytest.mark.parametrize(
    ("layout", "ids", "types"),
    [
        ("google", "input_ids", "segment_ids"),
        ("modelgarden", "input_word_ids", "input_type_ids"),
    ],
)
def test_tensorflow_without_masks(layout: Layout, ids: str, types: str) -> None:
    expected = {
        ids: (np.int64, PAIRS.input_ids.tolist()),
        "input_mask": (np.int64, PAIR_MASK),
        types: (np.int64, PAIR_TYPES),
        "word_starts": (np.int64, STARTS),
        "next_sentence_labels": (np.int64, [[1], [0]]),
    }
    assert_columns(lay_out(PAIRS, None, layout, "nsp"), expected)


@pytest.mark.parametrize("layout", ["huggingface", "google", "modelgarden"])
@pytest.mark.parametrize(("examples", "task"), [(PAIRS, "nsp"), (PAIRS, "sop"), (SINGLE, "none")])
def test_unmasked_rows_come_back(examples: Examples, task: Task, layout: Layout) -> None:
    columns = lay_out(examples, None, layout, task)
    back = unmasked_examples(columns, examples.keys, layout)
    for name in ("keys", "input_ids", "lengths", "second_starts", "labels"):
        assert np.array_equal(getattr(back, name), getattr(examples, name)), name
    assert {values.dtype.name for values in (back.input_ids, back.labels)} == {"int32", "int8"}
    again = lay_out(back, None, layout, task)
    assert all(np.array_equal(again[name], columns[name]) for name in columns)
