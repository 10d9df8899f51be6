"""Pairs to rows: which tokens stand where."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.examples.assemble import assemble, example_schema
from bertprep.examples.examples import Examples
from bertprep.text.prepared_columns import flagged, id_type
from bertprep.vocabulary.vocabulary import Vocabulary

# [PAD] is not 0 here, so that padding by accident shows.
NAMED = ("x", "[SEP]", "[CLS]", "y", "[MASK]", "[UNK]", "[PAD]")
PIECE = 7
VOCABULARY = Vocabulary((*NAMED, "##piece", *(f"w{i}" for i in range(1 << 15))), lowercase=True)
PAD, CLS, SEP = 6, 2, 1


def rows_of(rows: list[tuple[int, int, list[int], list[int]]]) -> pa.RecordBatch:
    """Rows of (key, label, A, B)."""
    keys, labels, a, b = zip(*rows, strict=True)
    ids = [one + two for one, two in zip(a, b, strict=True)]
    columns = [keys, labels, list(map(len, a)), ids]
    return pa.record_batch([list(column) for column in columns], schema=example_schema(100))


def test_a_block_worked_by_hand() -> None:
    rows = rows_of([(7, 1, [10, 11], [12, 13, 14]), (9, 0, [20], []), (8, 0, [30, 31, 32], [33])])
    examples = assemble(rows, VOCABULARY, 8)
    assert examples.input_ids.tolist() == [
        [CLS, 10, 11, SEP, 12, 13, 14, SEP],
        [CLS, 20, SEP, PAD, PAD, PAD, PAD, PAD],
        [CLS, 30, 31, 32, SEP, 33, SEP, PAD],
    ]
    assert examples.lengths.tolist() == [8, 3, 7]
    assert examples.second_starts.tolist() == [4, 3, 5]
    assert examples.labels.tolist() == [1, 0, 0]
    assert examples.keys.tolist() == [7, 9, 8]
    assert examples.input_ids.dtype == np.int32
    assert examples.lengths.dtype == examples.second_starts.dtype == np.int64
    assert examples.labels.dtype == np.int8
    assert examples.keys.dtype == np.uint64
    assert len(examples) == 3


some_ids = st.lists(st.integers(50, 99), max_size=9)


@given(
    st.lists(st.tuples(some_ids.filter(bool), some_ids), min_size=1, max_size=6),
    st.integers(0, 5),
    st.integers(21, 30),
)
def test_every_row_is_cls_a_sep_b_sep(
    texts: list[tuple[list[int], list[int]]], skip: int, length: int
) -> None:
    """Also of a slice, whose offsets do not begin at 0."""
    skip %= len(texts)
    rows = rows_of([(n, n % 2, a, b) for n, (a, b) in enumerate(texts)]).slice(skip)
    examples = assemble(rows, VOCABULARY, length)
    for n, (a, b) in enumerate(texts[skip:]):
        expected = [CLS, *a, SEP, *b, *([SEP] if b else [])]
        assert examples.lengths[n] == len(expected)
        assert examples.input_ids[n].tolist() == expected + [PAD] * (length - len(expected))
        assert examples.second_starts[n] == (len(a) + 2)
        assert (examples.keys[n], examples.labels[n]) == (n + skip, (n + skip) % 2)


@pytest.mark.parametrize(("size", "kind"), [(1 << 15, pa.uint16()), ((1 << 15) + 1, pa.uint32())])
def test_the_highest_id_of_a_vocabulary_goes_through(size: int, kind: Any) -> None:
    assert example_schema(size).field("ids").type == pa.list_(kind)
    rows = pa.record_batch([[1], [0], [1], [[size - 1]]], schema=example_schema(size))
    examples = assemble(rows, VOCABULARY, 8)
    assert examples.input_ids[0, 1] == size - 1
    assert not examples.joined.any()


@pytest.mark.parametrize("size", [1 << 15, (1 << 15) + 1])
def test_a_words_further_characters_are_told_apart_by_a_flag(size: int) -> None:
    ids = np.array([10, 11, PIECE, size - 1, 20], np.int32)
    stored = flagged(ids, np.array([1, 3]), id_type(size))
    lists = pa.ListArray.from_arrays(pa.array([0, 2, 5], pa.int32()), stored)
    rows = pa.record_batch([[1, 2], [0, 0], [2, 1], lists], schema=example_schema(size))
    examples = assemble(rows, VOCABULARY, 8)
    assert examples.input_ids.tolist() == [
        [CLS, 10, 11, SEP, PAD, PAD, PAD, PAD],
        [CLS, PIECE, SEP, size - 1, 20, SEP, PAD, PAD],
    ]
    assert np.argwhere(examples.joined).tolist() == [[0, 2], [1, 1], [1, 3]]


def test_a_block_is_frozen() -> None:
    examples = assemble(rows_of([(1, 0, [50], [])]), VOCABULARY, 8)
    assert isinstance(examples, Examples)
    with pytest.raises(AttributeError):
        examples.labels = np.zeros(1, np.int8)  # type: ignore[misc]
