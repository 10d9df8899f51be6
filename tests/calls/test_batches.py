"""Rows of texts in memory, in batches of any size."""

from __future__ import annotations

import numpy as np
import pytest

from bertprep.calls.batches import batches_of_texts
from bertprep.errors import InputError
from bertprep.options import ShardOptions
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary

WORDS = ("panda", "bear", "eats", "sleeps", "bamboo", "fruit", ".")
VOCABULARY = Vocabulary((*SPECIAL_TOKENS, *WORDS), lowercase=True)
TEXTS = [
    "Panda eats bamboo. Bear eats fruit. Panda sleeps.",
    "Bear sleeps. Panda eats fruit. Bear eats bamboo.",
    "Panda sleeps. Bear sleeps.",
]


def ids(texts: list[str], size: int, task: str = "nsp") -> list[list[int]]:
    options = ShardOptions(max_seq_length=16, dupe_factor=3, task=task)  # type: ignore[arg-type]
    found = list(batches_of_texts(texts, VOCABULARY, options, "rules", size))
    assert all(len(batch["input_ids"]) == size for batch in found[:-1])
    assert 0 < len(found[-1]["input_ids"]) <= size
    rows: list[list[int]] = np.concatenate([batch["input_ids"] for batch in found]).tolist()
    return rows


@pytest.mark.parametrize("size", [2, 3, 1000])
def test_rows_are_the_same_in_batches_of_any_size(size: int) -> None:
    rows = ids(TEXTS, 1)
    assert len(rows) > 5
    assert ids(TEXTS, size) == rows
    assert ids(TEXTS[::-1], size) == rows  # a document is known by its text, not by its place


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "there is no text in the input"),
        ([" ", ""], "there is no text in the input"),
        (TEXTS[:1], "a random next sentence comes from another document, and there is one only"),
        (TEXTS[:1] * 5, "there is one only"),
        (["x y", "z"], "no example could be made of the texts"),
        (["Panda.", "\ud800"], "text 1 holds half of a surrogate pair"),
    ],
)
def test_texts_without_rows_are_told(texts: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        ids(texts, 2)


def test_one_text_is_enough_without_a_random_sentence() -> None:
    assert ids(TEXTS[:1], 2, "sop")
