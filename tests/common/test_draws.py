"""Draws: the published generator, the derivations written out, and whether they look random."""

from __future__ import annotations

from itertools import pairwise
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.draws import (
    MASK_KIND,
    MASK_ORDER,
    MASK_TOKEN,
    TRUNCATE_A,
    TRUNCATE_B,
    bucket_of,
    coin_flips,
    copy_keys,
    document_keys,
    instance_draws,
    pass_draws,
    permutation,
    random_bits,
    row_keys,
    stream_key,
    uniform,
    unit,
)
from tests.reference import assert_distributed

STREAMS = (TRUNCATE_A, TRUNCATE_B, MASK_ORDER, MASK_KIND, MASK_TOKEN)
KEYS = np.arange(2000, dtype=np.uint64)  # neighbours: the least random keys there are
COUNTERS = np.arange(64)

# The first outputs of SplitMix64 seeded with 1234567, as commonly published.
SPLITMIX64_1234567 = [
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
]


def mixed(value: int) -> int:
    """SplitMix64's finaliser, as published."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        value = (value ^ (value >> shift)) * factor % 2**64
    return value ^ (value >> 31)


def unmixed(value: int) -> int:
    """What SplitMix64's finaliser makes ``value`` of."""

    def unshifted(x: int, shift: int) -> int:
        y = x
        for _ in range(64 // shift):
            y = x ^ (y >> shift)
        return y

    for shift, factor in ((31, 0x94D049BB133111EB), (27, 0xBF58476D1CE4E5B9)):
        value = unshifted(value, shift) * pow(factor, -1, 2**64) % 2**64
    return unshifted(value, 30)


def test_draws_are_splitmix64s() -> None:
    """Stream 0 has no salt, so a key that mixes to 1234567 gives the published sequence."""
    keys = np.array([unmixed(1234567)], np.uint64)
    assert random_bits(keys, 0, np.arange(5)).tolist() == SPLITMIX64_1234567


some_ids = st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))


@given(st.integers(-(2**63), 2**63 - 1), st.lists(some_ids, min_size=1, max_size=9))
def test_document_keys_give_their_ids_back(seed: int, ids: list[tuple[int, int]]) -> None:
    """The first half mixed with the second and the seed; so no two ids have both columns equal."""
    columns = [column.tolist() for column in document_keys(seed, np.array(ids, np.uint64))]
    salt = stream_key(seed, "document")
    assert columns[1] == [second for _, second in ids]
    for key, (first, second) in zip(columns[0], ids, strict=True):
        assert unmixed(key) ^ mixed((second + salt) % 2**64) == first


def test_copies_have_keys_of_their_own_and_the_first_keeps_its() -> None:
    keys = np.repeat(np.array([5, 2**64 - 1], np.uint64), 1000)
    copies = np.tile(np.arange(1000), 2)
    own = copy_keys(keys, copies)
    assert own[copies == 0].tolist() == [5, 2**64 - 1]
    assert len(np.unique(own)) == 2000
    assert_distributed(np.bincount((own >> np.uint64(60)).astype(int)).tolist(), [1] * 16)


def test_keys_and_draws_stay_what_they_are() -> None:
    """Figures to keep: others mean that every shard of a given seed changes."""
    keys, _ = document_keys(12345, np.array([[1, 2], [3, 4]], np.uint64))
    assert keys.tolist() == [1517371783771978477, 15804557385356679597]
    assert pass_draws(1, 0) == (7532143207189260746, 4349771360457083181)
    assert instance_draws(1, 0, 0)[0] == 7939990491107221185
    assert random_bits(np.array([1], np.uint64), MASK_ORDER, COUNTERS[:2]).tolist() == [
        10695819288801155815,
        6210386131635561020,
    ]


def test_document_keys_differ_by_seed_and_both_halves_of_the_id() -> None:
    ids = np.array([[first, second] for first in range(30) for second in range(30)], np.uint64)
    keys = np.concatenate([document_keys(seed, ids)[0] for seed in (0, 1, 2**62)])
    assert len(np.unique(keys)) == 3 * len(ids)


def test_no_documents() -> None:
    assert [c.tolist() for c in document_keys(0, np.zeros((0, 2), np.uint64))] == [[], []]


def test_draws_of_passes_and_instances_differ() -> None:
    draws = [pass_draws(key, number) for key in (0, 1, 2**64 - 1) for number in range(50)]
    draws += [instance_draws(key, n, i) for key in (0, 1) for n in range(7) for i in range(20)]
    flat = [value for several in draws for value in several]
    assert {len(several) for several in draws} == {2, 5}
    assert len(set(flat)) == len(flat)
    assert all(0 <= value < 2**64 for value in flat)


def test_instance_draws_are_uniform_in_all_uses() -> None:
    """The high bit decides the label, the remainders the rest; no two of them hang together."""
    draws = [instance_draws(key, n, i) for key in range(100) for n in range(5) for i in range(40)]
    for column in zip(*draws, strict=True):
        assert_distributed(np.bincount([value >> 60 for value in column]).tolist(), [1] * 16)
        assert_distributed(np.bincount([value % 7 for value in column]).tolist(), [1] * 7)
    for one, two in pairwise(zip(*draws, strict=True)):
        both = [(a >> 63) * 3 + b % 3 for a, b in zip(one, two, strict=True)]
        assert_distributed(np.bincount(both).tolist(), [1] * 6)


def test_unit_covers_zero_to_one() -> None:
    assert unit(0) == 0.0
    assert unit(2**63) == 0.5
    assert unit(2**64 - 1) == 1 - 2**-53 < 1


@pytest.mark.parametrize("stream", STREAMS)
def test_each_byte_of_the_bits_is_uniform(stream: int) -> None:
    """Over keys that are neighbours, and over neighbouring counters of one key."""
    for bits in (
        random_bits(KEYS[:, None], stream, COUNTERS),
        random_bits(KEYS[:1], stream, np.arange(100_000)),
    ):
        for counts in map(np.bincount, bits.ravel().view(np.uint8).reshape(-1, 8).T):
            assert_distributed(counts.tolist(), [1] * 256)


def test_neighbours_are_independent() -> None:
    """The top bits of draws side by side, by key, by counter and by stream."""
    bits = np.stack([random_bits(KEYS[:, None], stream, COUNTERS) for stream in STREAMS])
    bits >>= np.uint64(61)
    for axis in range(3):
        one = np.take(bits, range(bits.shape[axis] - 1), axis)
        two = np.take(bits, range(1, bits.shape[axis]), axis)
        together = (one * np.uint64(8) + two).astype(np.int64)
        assert_distributed(np.bincount(together.ravel(), minlength=64).tolist(), [1] * 64)


@pytest.mark.slow
def test_draws_do_not_repeat_among_streams_and_counters() -> None:
    bits = [random_bits(KEYS[:, None], stream, COUNTERS) for stream in (0, *STREAMS)]
    assert len(np.unique(bits)) == 6 * len(KEYS) * len(COUNTERS)


def test_uniform_is_the_bits_as_fractions() -> None:
    bits = random_bits(KEYS[:5, None], MASK_KIND, COUNTERS)
    draws = uniform(KEYS[:5, None], MASK_KIND, COUNTERS)
    assert draws.tolist() == [[unit(value) for value in row] for row in bits.tolist()]
    assert draws.min() >= 0 and draws.max() < 1


@given(
    st.lists(st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 300)), max_size=8),
    st.sampled_from([TRUNCATE_A, TRUNCATE_B]),
)
def test_coin_flips_count_the_high_bits_of_the_draws(
    tosses: list[tuple[int, int]], stream: int
) -> None:
    """Toss j is bit 63 - j % 64 of draw j // 64, whatever other keys toss."""
    keys = np.array([key for key, _ in tosses], np.uint64)
    flips = np.array([n for _, n in tosses], np.int64)
    expected = []
    for key, n in tosses:
        draws = random_bits(np.array([key], np.uint64), stream, np.arange(5)).tolist()
        bits = "".join(f"{draw:064b}" for draw in draws)
        expected.append(bits[:n].count("1"))
    assert coin_flips(keys, stream, flips).tolist() == expected


@pytest.mark.parametrize("n", [1, 5, 64, 65])
def test_coins_are_fair(n: int) -> None:
    heads = coin_flips(np.arange(40_000, dtype=np.uint64), TRUNCATE_A, np.full(40_000, n))
    middle = range(n + 1) if n < 10 else range(n // 2 - 9, n // 2 + 10)
    counts = np.bincount(heads, minlength=n + 1)
    rest = len(heads) - int(counts[middle].sum())
    chances = [comb(n, k) / 2**n for k in middle]
    assert_distributed(
        [*counts[middle].tolist(), *[rest] * (n > 10)], [*chances, *[1 - sum(chances)] * (n > 10)]
    )


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1), st.integers(1, 5000))
def test_buckets_are_equal_ranges_in_the_order_of_keys(keys: list[int], buckets: int) -> None:
    found = bucket_of(np.array(sorted(keys), np.uint64), buckets).tolist()
    assert found == sorted(found)
    assert found == [(key >> 32) * buckets >> 32 for key in sorted(keys)]
    assert found[0] >= 0 and found[-1] < buckets


def test_buckets_worked_by_hand() -> None:
    keys = np.array([0, 2**62 - 1, 2**62, 2**63, 2**64 - 1], np.uint64)
    assert bucket_of(keys, 4).tolist() == [0, 0, 1, 2, 3]
    assert bucket_of(keys, 1).tolist() == [0] * 5


def test_stream_keys_depend_on_all_that_is_named() -> None:
    keys = {
        stream_key(seed, name, *numbers)
        for seed in (-1, 0, 1)
        for name in ("rows", "chunks")
        for numbers in ((), (0,), (1,), (0, 1), (1, 0))
    }
    assert len(keys) == 30
    assert stream_key(1, "rows", 2) == 0x41F1021E0820CA10


def test_permutations_stay_what_they_are() -> None:
    """Resumed runs rely on it, with another version of numpy too."""
    assert permutation(7, 8).tolist() == [0, 7, 3, 1, 4, 5, 6, 2]
    assert permutation(7, 0).tolist() == []


@pytest.mark.slow
def test_any_number_comes_anywhere_in_a_permutation() -> None:
    drawn = np.array([permutation(key, 6) for key in range(6000)])
    assert (np.sort(drawn, axis=1) == np.arange(6)).all()
    for column in drawn.T:
        assert_distributed(np.bincount(column).tolist(), [1] * 6)
    # All orders of three are equally likely, too.
    orders = drawn[:, :3].argsort(axis=1) @ np.array([9, 3, 1])
    assert_distributed(np.unique(orders, return_counts=True)[1].tolist(), [1] * 6)


def test_row_keys_do_not_repeat() -> None:
    rows = np.arange(500)
    keys = [
        row_keys(seed, epoch, rows, read) for seed in (0, 1) for epoch in (0, 1) for read in (0, 1)
    ]
    assert len(np.unique(np.concatenate(keys))) == 8 * 500
    each = row_keys(0, 1, rows, np.repeat([0, 1], 250))
    assert np.array_equal(each, np.append(keys[2][:250], keys[3][250:]))
