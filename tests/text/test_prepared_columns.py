"""Prepared documents as they are stored: sorted, in buckets, merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bertprep.text.prepared_columns import (
    bucketed,
    flagged,
    id_type,
    keys_of,
    merged,
    sorted_by_key,
    unflagged,
)
from tests.text.prepared_rows import SCHEMA


@pytest.mark.parametrize(
    ("size", "kind"),
    [(5, pa.uint16()), (1 << 15, pa.uint16()), ((1 << 15) + 1, pa.uint32()), (119547, pa.uint32())],
)
def test_ids_and_flag_fit_their_type(size: int, kind: pa.DataType) -> None:
    assert id_type(size) == kind
    ids = np.array([0, size - 1, 0, size - 1], np.int32)
    stored = flagged(ids, np.array([2, 3]), kind)
    assert stored.type == kind
    back, joined = unflagged(np.asarray(stored))
    assert back.tolist() == ids.tolist()
    assert joined.tolist() == [False, False, True, True]
    assert back.dtype == np.int32


def documents_of(keys: list[int]) -> pa.RecordBatch:
    """Documents whose one token is their number."""
    sentences, rest = [[[n]] for n in range(len(keys))], [7] * len(keys)
    columns = [pa.array(keys, pa.uint64()), rest, [1] * len(keys), sentences, [False] * len(keys)]
    return pa.record_batch(columns, schema=SCHEMA)


some_keys = st.lists(st.integers(0, 2**64 - 1), max_size=12)


def split_up(rows: pa.RecordBatch, cuts: list[int]) -> Iterator[pa.RecordBatch]:
    edges = [0, *sorted(min(cut, rows.num_rows) for cut in cuts), rows.num_rows]
    for first, last in pairwise(edges):
        yield rows.slice(first, last - first)


@given(some_keys, st.lists(st.integers(0, 12), max_size=3))
@example([5, 5, 2, 5], [1])  # equal keys keep their order
def test_sorting_by_key(keys: list[int], cuts: list[int]) -> None:
    rows = documents_of(keys)
    done = sorted_by_key(split_up(rows, cuts), SCHEMA)
    expected = sorted(rows.to_pylist(), key=lambda row: row["key"])
    assert done.to_pylist() == expected
    assert done.schema == SCHEMA


@given(some_keys, st.lists(st.integers(0, 12), max_size=3), st.integers(1, 9))
def test_buckets_hold_their_range_of_keys_in_order(
    keys: list[int], cuts: list[int], buckets: int
) -> None:
    rows = documents_of(keys)
    found = list(bucketed(merged(split_up(rows, cuts), SCHEMA), buckets))
    numbers = [bucket for bucket, _ in found]
    assert numbers == sorted(set(numbers))
    assert all(batch.num_rows for _, batch in found)
    for bucket, batch in found:
        assert {(key >> 32) * buckets >> 32 for key in keys_of(batch).tolist()} == {bucket}
    joined = [row for _, batch in found for row in batch.to_pylist()]
    assert [row["key"] for row in joined] == sorted(set(keys))
    assert sum(row["count"] for row in joined) == len(keys)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(1, 9)), max_size=12),
    st.lists(st.integers(0, 12), max_size=3),
)
@example([(1, 0, 2), (1, 1, 3), (0, 1, 1), (1, 0, 5)], [2])
def test_equal_documents_become_one_and_equal_keys_alone_do_not(
    found: list[tuple[int, int, int]], cuts: list[int]
) -> None:
    """However they come: a document is what its key and the rest of its id say."""
    batch = pa.record_batch(
        [
            *(pa.array([row[i] for row in found], SCHEMA.types[i]) for i in range(3)),
            [[[key], [rest]] for key, rest, _ in found],
            [False] * len(found),
        ],
        schema=SCHEMA,
    )
    counts: Counter[tuple[int, int]] = Counter()
    for key, rest, count in found:
        counts[key, rest] += count
    assert merged(split_up(batch, cuts), SCHEMA).to_pylist() == [
        {"key": key, "rest": rest, "count": n, "sentences": [[key], [rest]], "is_pair": False}
        for (key, rest), n in sorted(counts.items())
    ]


def test_buckets_go_through_arrow_messages() -> None:
    """A slice of a sorted batch, written and read without its schema, is the same rows."""
    for _, batch in bucketed(documents_of([1, 7, 2**62, 2**63]), 4):
        message = batch.serialize()
        assert pa.ipc.read_record_batch(message, SCHEMA).to_pylist() == batch.to_pylist()
