"""What the planning steps of ``bertprep shard`` decide: pools of documents, numbers of shards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.errors import InputError, UsageError
from bertprep.options import ShardOptions
from bertprep.text.tally import RANGES, Tally
from pipelines.graphs.pools import (
    bucket_count,
    plan_ranges,
    pool_edges,
    shared_evenly,
    tally_ranges,
)
from pipelines.graphs.shard import check_documents
from pipelines.graphs.shards import Shard, shard_counts, shard_ranges
from pipelines.steps.sizes import RUN_SIZES

ranges_of_keys = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 300), st.integers(1, 50)), min_size=1, max_size=30
)


def tally_of(documents: list[int], tokens: list[int], copies: list[int] | None = None) -> Tally:
    """Ranges with so many documents and tokens, each document so many times."""
    distinct = [n // m for n, m in zip(documents, copies or [1] * len(tokens), strict=True)]
    seen = [(1 << min(n, 64)) - 1 for n in distinct]
    columns = (range(len(tokens)), documents, tokens, seen)
    return Tally(*(np.array(column, np.uint64) for column in columns))


@pytest.mark.parametrize(
    ("documents", "sizes", "edges"),
    [
        ([300, 300], [100, 100], [0, 1, 2]),
        ([300, 0], [100, 0], [0, 2]),  # no pool of nothing behind the last full one
        ([0, 300], [0, 100], [0, 2]),
        ([300, 10], [100, 100], [0, 2]),  # too few documents for a pool of their own
        ([300, 300], [100, 20], [0, 1, 2]),  # small, but enough of them
        ([300] * 12, [10] * 12, [0, 3, 6, 9, 12]),  # 3 pools of 50 would not share out evenly
        ([100, 200, 300], [60, 60, 60], [0, 2, 3]),  # 100 documents are not enough
        ([1, 1, 1, 1], [300, 300, 300, 300], [0, 2, 4]),  # books: two of four times the size do
        ([1, 1, 1], [300, 300, 300], [0, 3]),  # and the last one is not alone
    ],
)
def test_pools_by_hand(documents: list[int], sizes: list[int], edges: list[int]) -> None:
    assert pool_edges(tally_of(documents, sizes), 50, 256) == edges


def test_a_text_that_is_there_very_often_makes_no_pool_of_itself() -> None:
    """It needs others to draw from as any other, and is not large, as it is stored once."""
    tally = tally_of([30, 1000, 10, 300], [50, 10_000, 50, 50], [1, 1000, 1, 1])
    assert pool_edges(tally, 50, 256) == [0, 4]
    tally = tally_of([300, 300_000, 250, 300], [50, 10_000, 50, 50], [1, 1000, 1, 1])
    assert pool_edges(tally, 50, 256) == [0, 1, 2, 4]


@given(ranges_of_keys)
def test_every_range_is_in_one_pool_and_none_is_too_poor(rows: list[tuple[int, int, int]]) -> None:
    tally = tally_of(*map(list, zip(*rows, strict=True)))
    edges = pool_edges(tally, 250, 256)
    assert edges[0] == 0
    assert edges[-1] == len(rows)
    assert edges == sorted(set(edges))
    pooled = np.add.reduceat(tally.distinct, edges[:-1])
    if len(pooled) > 1:
        assert (pooled >= 2).all()
        few = pooled < 256
        assert (np.add.reduceat(tally.tokens, edges[:-1])[few] >= 1000).all()


def test_ranges_and_buckets_grow_with_the_corpus_so_that_pools_keep_their_size() -> None:
    few, many = 2**31, 2**40
    assert plan_ranges(few, RUN_SIZES) == plan_ranges(0, RUN_SIZES) == RANGES
    assert plan_ranges(many, RUN_SIZES) > RANGES
    for tokens in (few, many, 8 * many):
        assert tokens / plan_ranges(tokens, RUN_SIZES) <= RUN_SIZES.pool_tokens / 4
        # It may be eight times as large.
        assert tally_ranges(tokens, RUN_SIZES) >= plan_ranges(8 * tokens, RUN_SIZES)
    assert bucket_count(2 * 2**34, RUN_SIZES) == 2 * bucket_count(2**34, RUN_SIZES)


def test_tasks_in_a_number_that_several_workers_share_evenly() -> None:
    shared = {0: 0, 1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 8: 8, 9: 16, 16: 16, 17: 24}
    assert {tasks: shared_evenly(tasks) for tasks in shared} == shared


def counts(rows: list[int], options: ShardOptions) -> list[int]:
    return shard_counts(rows, [count * options.max_seq_length for count in rows], options)


def test_shards_of_64_mib_of_ids_at_most_or_as_many_as_asked() -> None:
    # 128 tokens of 4 bytes: 131,072 rows are 64 MiB.
    assert counts([1], ShardOptions()) == [1]
    assert counts([131_072], ShardOptions()) == [1]
    assert counts([131_073], ShardOptions()) == [2]
    assert counts([4 * 131_072 + 1], ShardOptions()) == [8]
    assert counts([10], ShardOptions(num_shards=7)) == [7]
    with pytest.raises(UsageError, match="--num-shards 7 is more than the 6 examples"):
        counts([6], ShardOptions(num_shards=7))
    with pytest.raises(InputError, match="no example could be made"):
        counts([0], ShardOptions())


def test_every_bin_with_rows_has_a_shard_of_its_own() -> None:
    binned = ShardOptions(bin_size=32)
    assert counts([1, 0, 131_073, 131_072], binned) == [1, 0, 2, 1]
    assert counts([5, 0, 10, 30], replace(binned, num_shards=3)) == [1, 0, 1, 1]
    assert counts([5, 0, 10, 30], replace(binned, num_shards=9)) == [1, 0, 2, 6]
    with pytest.raises(UsageError, match=r"2 is fewer than the 3 bins .* --bin-size 32 .* least 3"):
        counts([5, 0, 10, 30], replace(binned, num_shards=2))


def test_packed_rows_take_the_slots_of_their_tokens() -> None:
    """16,777,216 ids of 4 bytes are 64 MiB, however many examples they are of."""
    assert shard_counts([10**6], [1 << 24], ShardOptions(pack=True)) == [1]
    assert shard_counts([10**6], [(1 << 24) + 1], ShardOptions(pack=True)) == [2]


def test_ranges_of_shards_are_those_of_their_bins() -> None:
    ranges = list(shard_ranges([5, 0, 10], [1, 0, 3]))
    assert ranges == [(0, 0, 5), (2, 5, 8), (2, 8, 11), (2, 11, 15)]
    assert list(shard_ranges([7], [2])) == [(0, 0, 3), (0, 3, 7)]


def test_names_of_shards_sort_by_number_and_say_their_bin() -> None:
    shard = Shard(3, 16, 1)
    assert shard.name(ShardOptions()) == "shard-00003-of-00016.parquet"
    assert shard.name(ShardOptions(bin_size=32)) == "shard-00003-of-00016-bin-064.parquet"
    long = ShardOptions(bin_size=32, max_seq_length=1024, output_format="tfrecord")
    assert shard.name(long) == "shard-00003-of-00016-bin-0064.tfrecord"


def test_lddl_has_two_shards_at_least_and_as_many_in_each_bin() -> None:
    lddl = ShardOptions(layout="lddl")
    assert [counts([rows], lddl) for rows in (2, 131_073, 262_145)] == [[2], [2], [4]]
    binned = replace(lddl, bin_size=32)
    assert counts([0, 3, 262_145, 9], binned) == [0, 3, 3, 3]  # four would be too many
    assert counts([0, 8, 20, 9], replace(binned, num_shards=8)) == [0, 8, 8, 8]


def test_lddl_finds_bins_by_their_number() -> None:
    shard = Shard(3, 16, 2, 1)
    assert shard.name(ShardOptions(layout="lddl", bin_size=32)) == "shard-00003-of-00016.parquet_1"
    assert shard.name(ShardOptions(layout="lddl")) == "shard-00003-of-00016.parquet"


def test_too_few_documents_are_told_with_what_was_left_out() -> None:
    check_documents(2, ShardOptions())
    check_documents(1, ShardOptions(task="sop"))
    with pytest.raises(InputError, match=r"one document only.*--task sop or --task none"):
        check_documents(1, ShardOptions())
    with pytest.raises(InputError, match="every document is empty"):
        check_documents(0, ShardOptions())
    with pytest.raises(InputError, match="left out: 3 lines that are not a JSON object"):
        check_documents(0, ShardOptions(), {"bad_json": 3})
