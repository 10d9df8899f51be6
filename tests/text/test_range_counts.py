"""Tallies: counted by hand, and the same however the documents were cut into parts."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.draws import random_bits
from bertprep.text.prepared_columns import merged, prepared_schema
from bertprep.text.range_counts import FINEST, RANGES, Tally, count_copies

SCHEMA = prepared_schema(100)
# key, rest, count, and the lengths of its sentences, which equal documents share
documents = st.lists(
    st.tuples(
        st.sampled_from([0, 1 << 52, (1 << 52) + 9, 5 << 52, (1 << 64) - 1]),
        st.integers(0, 200),
        st.integers(1, 5),
    ),
    max_size=20,
)


def batch_of(rows: list[tuple[int, int, int]]) -> pa.RecordBatch:
    """Documents of ``rest % 3 + 1`` sentences of two tokens."""
    columns = [pa.array([row[i] for row in rows], SCHEMA.types[i]) for i in range(3)]
    sentences = [[[1, 2]] * (rest % 3 + 1) for _, rest, _ in rows]
    return pa.record_batch([*columns, sentences, [False] * len(rows)], schema=SCHEMA)


def test_a_tally_by_hand() -> None:
    rows = merged([batch_of([(0, 1, 2), (5, 65, 1), (3 << 52, 2, 7), (0, 1, 1)])], SCHEMA)
    tally = Tally.of(rows)
    assert tally.ranges.tolist() == [0, 3 * FINEST // RANGES]
    whole = Tally.total([tally]).whole(RANGES)
    assert whole.ranges.tolist() == list(range(RANGES))
    assert whole.documents.tolist() == [4, 0, 0, 7] + [0] * (RANGES - 4)
    assert tally.documents.tolist() == [4, 7]
    assert tally.tokens.tolist() == [3 * 4 + 6, 7 * 6]
    assert tally.seen.tolist() == [0b10, 0b100]  # 1 and 65 set the same bit
    assert tally.distinct.tolist() == [1, 1]
    assert count_copies(rows) == {"texts": 3, "repeated": 2, "most_copies": 7}


@given(documents, st.lists(st.integers(0, 20), max_size=3))
def test_parts_add_up_to_the_whole(rows: list[tuple[int, int, int]], cuts: list[int]) -> None:
    whole = Tally.total([Tally.of(merged([batch_of(rows)], SCHEMA))])
    edges = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    parts = [np.array(Tally.of(merged([batch_of(rows[a:b])], SCHEMA))) for a, b in pairwise(edges)]
    for one, other in zip(whole, Tally.total(parts), strict=True):
        assert one.tolist() == other.tolist()
    assert int(whole.documents.sum()) == sum(count for _, _, count in rows)
    tokens = sum(count * 2 * (rest % 3 + 1) for _, rest, count in rows)
    assert int(whole.tokens.sum()) == tokens


@given(documents)
def test_finer_counts_give_the_same_coarse_ones(rows: list[tuple[int, int, int]]) -> None:
    batch = merged([batch_of(rows)], SCHEMA)
    coarse = Tally.total([Tally.of(batch)]).whole(RANGES)
    for ranges in (2 * RANGES, 1 << 16, FINEST):
        fine = Tally.total([Tally.of(batch, ranges)]).whole(RANGES)
        assert [column.tolist() for column in fine] == [column.tolist() for column in coarse]


def test_how_many_are_different_is_about_right_and_two_are_never_one() -> None:
    for many in (1, 2, 10, 40, 100):
        numbers = np.arange(64 * many)
        keys = random_bits(np.array([many], np.uint64), 0, numbers) >> np.uint64(6)  # 64 ranges
        rest = random_bits(np.array([many], np.uint64), 1, numbers)
        rows = zip(keys.tolist(), rest.tolist(), [1] * len(keys), strict=True)
        tally = Tally.of(merged([batch_of(list(rows))], SCHEMA))
        counted, true = int(tally.distinct.sum()), int(tally.documents.sum())
        assert abs(counted / true - 1) < 0.1
        assert (tally.distinct <= tally.documents).all()
        alone = np.bitwise_count(tally.seen) == 1
        assert (tally.distinct[alone] == 1).all()


def test_a_range_that_is_full_counts_all() -> None:
    full = np.array([2**64 - 1], np.uint64)
    ranges, documents, tokens = np.array([[7], [5000], [9]], np.uint64)
    assert Tally(ranges, documents, tokens, full).distinct.tolist() == [5000]


@given(documents, st.integers(0, RANGES), st.integers(0, RANGES))
def test_what_is_within_ranges_of_keys(
    rows: list[tuple[int, int, int]], first: int, last: int
) -> None:
    first, last = sorted((first, last))
    batch = merged([batch_of(rows)], SCHEMA)
    found = merged([batch_of(rows)], SCHEMA, first, last, RANGES)["key"].to_pylist()
    low, high = ceil(first * 2**64 / RANGES), last * 2**64 // RANGES
    assert found == [key for key in batch["key"].to_pylist() if low <= key < high]
