"""Pairs to rows: which tokens stand where."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.ragged import gather_index, offsets_of, positions_within
from bertprep.examples.assemble import Examples, assemble, bucketed_examples, example_schema
from bertprep.examples.pair import Documents, Pairs
from bertprep.options import ShardOptions
from bertprep.text.prepared import flagged, id_type
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


def a_corpus() -> Documents:
    """Tokens 100 to 119."""
    ids = np.arange(100, 120, dtype=np.uint16)
    return Documents(np.array([5], np.uint64), np.array([0, 1]), np.array([0, 20]), ids)


def pairs_of(rows: list[tuple[int, int, int, int, int, int]]) -> Pairs:
    """Rows of (key, first token of A, tokens of A, first token of B, tokens of B, label)."""
    keys, *places, labels = np.array(rows, object).T
    columns = [column.astype(np.int64) for column in places]
    return Pairs(keys.astype(np.uint64), *columns, labels.astype(np.int8), 0)


def test_examples_are_sorted_by_key_and_cut_into_buckets() -> None:
    half = 2**63
    pairs = pairs_of(
        [
            (half + 9, 0, 2, 2, 3, 0),
            (3, 5, 1, 19, 1, 1),
            (half, 10, 3, 10, 0, 0),
            (2, 0, 20, 20, 0, 0),
        ]
    )
    (one, low), (two, high) = bucketed_examples(
        a_corpus(), pairs, example_schema(200), 2, ShardOptions()
    )
    assert (one, two) == (0, 1)
    assert low.to_pylist() == [
        {"key": 2, "label": 0, "a_length": 20, "ids": list(range(100, 120))},
        {"key": 3, "label": 1, "a_length": 1, "ids": [105, 119]},
    ]
    assert high.to_pylist() == [
        {"key": half, "label": 0, "a_length": 3, "ids": [110, 111, 112]},
        {"key": half + 9, "label": 0, "a_length": 2, "ids": [100, 101, 102, 103, 104]},
    ]
    assert low.schema == high.schema == example_schema(200)


def test_only_buckets_with_rows_come_out() -> None:
    pairs = pairs_of([(2**64 - 1, 0, 1, 1, 1, 0), (2**61, 2, 1, 3, 1, 1)])
    buckets = dict(bucketed_examples(a_corpus(), pairs, example_schema(200), 8, ShardOptions()))
    assert {bucket: rows.num_rows for bucket, rows in buckets.items()} == {1: 1, 7: 1}


def test_rows_of_each_length_bin_have_buckets_of_their_own() -> None:
    """Of 1 to 8, 9 to 16 and 17 to 24 tokens with [CLS] and [SEP]s; in each bin by key."""
    half = 2**63
    pairs = pairs_of(
        [
            (half, 0, 5, 5, 0, 0),  # 7 tokens
            (9, 0, 3, 3, 2, 0),  # 8
            (8, 0, 3, 3, 3, 0),  # 9
            (half + 1, 0, 10, 10, 10, 0),  # 23
            (3, 0, 6, 6, 0, 0),  # 8
        ]
    )
    options = ShardOptions(max_seq_length=24, bin_size=8)
    batches = bucketed_examples(a_corpus(), pairs, example_schema(200), 2, options)
    keys = {bucket: rows.column("key").to_pylist() for bucket, rows in batches}
    assert keys == {0: [3, 9], 1: [half], 2: [8], 5: [half + 1]}


def test_no_pairs_no_buckets() -> None:
    none = pairs_of([(1, 0, 1, 1, 1, 0)]).take(np.array([], np.int64))
    assert not list(bucketed_examples(a_corpus(), none, example_schema(200), 3, ShardOptions()))


def test_ragged_moves_worked_by_hand() -> None:
    """What gathering rests on: offsets, positions within each list, indices of slices."""
    lengths = np.array([2, 0, 3])
    assert offsets_of(lengths).tolist() == [0, 2, 2, 5]
    assert positions_within(lengths).tolist() == [0, 1, 0, 1, 2]
    assert gather_index(np.array([7, 1, 4]), lengths).tolist() == [7, 8, 4, 5, 6]
    none = np.array([], np.int64)
    assert offsets_of(none).tolist() == [0]
    assert positions_within(none).tolist() == gather_index(none, none).tolist() == []


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 6))))
def test_gathering_is_joining_slices(slices: list[tuple[int, int]]) -> None:
    starts, lengths = np.array(slices, np.int64).reshape(-1, 2).T
    expected = [i for start, length in slices for i in range(start, start + length)]
    assert gather_index(starts, lengths).tolist() == expected


def test_a_block_is_frozen() -> None:
    examples = assemble(rows_of([(1, 0, [50], [])]), VOCABULARY, 8)
    assert isinstance(examples, Examples)
    with pytest.raises(AttributeError):
        examples.labels = np.zeros(1, np.int8)  # type: ignore[misc]
