"""The figures a user is told, against rows counted by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masks
from bertprep.examples.statistics import (
    count_examples,
    count_packed,
    count_per_document,
    predictions_kept,
    shares,
)
from bertprep.vocabulary.vocabulary import Vocabulary

VOCABULARY = Vocabulary(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdef"), lowercase=True)
A, B, C, D, E, F = range(5, 11)
MASK = 4


def a_block() -> tuple[Examples, Masks]:
    """Five rows of 8 columns, two of them full, with 4, 1, 2, 0 and 1 predictions."""
    ids = np.array(
        [
            [2, A, B, C, D, E, F, 3],
            [2, A, B, 3, 0, 0, 0, 0],
            [2, F, E, D, 3, A, B, 3],
            [2, 1, 3, 0, 0, 0, 0, 0],
            [2, A, A, B, B, C, 3, 0],
        ]
    )
    examples = Examples(
        np.arange(5, dtype=np.uint64),
        ids.astype(np.int32),
        np.array([8, 4, 8, 3, 7]),
        np.array([8, 4, 5, 3, 7]),
        np.array([1, 0, 1, 0, 1], np.int8),
        np.zeros(ids.shape, bool),
    )
    seen = examples.input_ids.copy()
    seen[0, [1, 3, 5, 6]] = MASK, C, A, MASK  # masked, kept, random, masked
    seen[1, 2] = MASK
    seen[2, [1, 6]] = MASK, MASK
    seen[4, 5] = F  # random
    masks = Masks(
        seen,
        np.array([[1, 3, 5, 6], [2, 0, 0, 0], [1, 6, 0, 0], [0, 0, 0, 0], [5, 0, 0, 0]]),
        np.array([[A, C, E, F], [B, 0, 0, 0], [F, B, 0, 0], [0, 0, 0, 0], [C, 0, 0, 0]], np.int32),
        np.array([4, 1, 2, 0, 1]),
        np.array([5, 1, 2, 3, 1]),
    )
    return examples, masks


COUNTED = {
    "examples": 5,
    "tokens_in_rows": 30,
    "slots": 40,
    "full_rows": 2,
    "positive_labels": 3,
    "predictions": 8,
    "mask_token": 5,
    "kept_token": 1,
    "random_token": 2,
    "capped_rows": 1,  # the first wanted 5 and has room for 4; the fourth 3, of which none fitted
}


def test_a_block_counted_by_hand() -> None:
    assert count_examples(*a_block(), VOCABULARY) == COUNTED


def test_sums_of_blocks_add_up() -> None:
    sums = Counter[str]()
    for _ in range(3):
        sums.update(count_examples(*a_block(), VOCABULARY))
    assert sums == {name: 3 * count for name, count in COUNTED.items()}


def test_counts_are_python_integers() -> None:
    """They go into JSON."""
    assert {type(count) for count in count_examples(*a_block(), VOCABULARY).values()} == {int}


def test_labels_of_a_large_block_do_not_overflow() -> None:
    examples, masks = a_block()
    many = replace(examples, labels=np.ones(1000, np.int8))
    sums = count_examples(many, masks, VOCABULARY)
    assert sums["positive_labels"] == 1000


def test_shares_worked_by_hand() -> None:
    assert shares(COUNTED) == {
        "positive_label_share": 0.6,
        "mean_length": 6.0,
        "full_row_share": 0.4,
        "padding_share": 0.25,
        "masked_share": 0.266667,
        "mask_token_share": 0.625,
        "random_token_share": 0.25,
        "kept_token_share": 0.125,
        "capped_row_share": 0.2,
    }


def test_packed_rows_counted_by_hand() -> None:
    """Of 16 slots 13 are filled; of the examples that share the rows five are left."""
    sequence_ids = np.array([[1] * 3 + [2] * 5, [1] * 4 + [2] + [0] * 3], np.int16)
    counts = count_packed(sequence_ids)
    assert counts == {"packed_rows": 2, "slots": 16, "full_rows": 1}
    assert {type(count) for count in counts.values()} == {int}
    found = shares({**COUNTED, **counts, "tokens_in_rows": 13})
    assert (found["full_row_share"], found["padding_share"]) == (0.5, 0.1875)
    assert found["mean_length"] == 2.6


def test_shares_of_nothing_are_zero() -> None:
    """Rows that predict nothing at all must not divide by zero."""
    sums = {**COUNTED, "predictions": 0, "mask_token": 0, "kept_token": 0, "random_token": 0}
    assert shares(sums)["mask_token_share"] == shares(sums)["masked_share"] == 0.0


def test_documents_by_their_examples_counted_by_hand() -> None:
    counts = np.array([1, 0, 5, 8, 2, 3, 4, 4, 9, 16, 17, 1, 2**40, 2**40 + 1])
    assert count_per_document(counts) == {
        "0": 1,
        "1": 2,
        "2": 1,
        "3-4": 3,
        "5-8": 2,
        "9-16": 2,
        "17-32": 1,
        f"{2**39 + 1}-{2**40}": 1,
        f"{2**40 + 1}-{2**41}": 1,
    }
    assert count_per_document(np.zeros(0, np.int64)) == {}
    assert {type(count) for count in count_per_document(counts).values()} == {int}


@pytest.mark.parametrize(
    ("length", "limit", "prob", "expected"),
    [
        (128, 20, 0.15, 1.0),  # 19 wanted
        (512, 76, 0.15, 1.0),  # 77 wanted: Google's own figures count as none lost
        (512, 75, 0.15, 75 / 77),
        (128, 10, 0.15, 10 / 19),
        (8, 1, 0.01, 1.0),
    ],
)
def test_predictions_kept_worked_by_hand(
    length: int, limit: int, prob: float, expected: float
) -> None:
    assert predictions_kept(length, limit, prob) == expected
