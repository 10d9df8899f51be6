"""Pairs to rows: in the order of their keys, bucket by bucket."""

from __future__ import annotations

import numpy as np

from bertprep.examples.assemble import example_schema
from bertprep.examples.documents import Documents
from bertprep.examples.gather import bucketed_examples
from bertprep.examples.truncate import Pairs
from bertprep.options import ShardOptions


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
