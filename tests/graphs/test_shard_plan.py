"""How many shards there are, and which rows each has, planned by counts alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bertprep.errors import InputError, UsageError
from bertprep.options import ShardOptions
from pipelines.graphs.shard_plan import Shard, planned_counts, shard_ranges


def counts(rows: list[int], options: ShardOptions) -> list[int]:
    return planned_counts(rows, [count * options.max_seq_length for count in rows], options)


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
    assert planned_counts([10**6], [1 << 24], ShardOptions(pack=True)) == [1]
    assert planned_counts([10**6], [(1 << 24) + 1], ShardOptions(pack=True)) == [2]


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
