"""Randomness that depends on what is drawn for, never on who draws or when.

Keys derive from (seed, document's id) and, through blake2b, from (document, pass, instance); single
draws for columns of keys come from a counter-based generator (SplitMix64's finaliser: Steele, Lea,
Flood, "Fast splittable pseudorandom number generators", 2014), vectorised over keys and counters.
"""

from __future__ import annotations

import struct
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_UNMIX_1, _UNMIX_2 = (np.uint64(pow(int(mix), -1, 2**64)) for mix in (MIX_1, _MIX_2))
_UNIT = 2.0**-53

# The streams of draws an example's key gives rise to; a new use takes a new number.
TRUNCATE_A, TRUNCATE_B, MASK_ORDER, MASK_KIND, MASK_TOKEN, SPAN_LENGTH = range(1, 7)
PERMUTATION, ROW_KEY, PACK_ORDER, PACKED_KEY, COPY, MIXTURE = range(7, 13)


def document_keys(seed: int, ids: Keys) -> tuple[Keys, Keys]:
    """The keys uint64[n] of documents by their ids uint64[n, 2], and what tells equal keys apart.

    The key is what order and draws go by.  For one seed and one second half of the id, keys and
    first halves go one to one: where the two columns given here are equal, so are the ids.
    """
    salt = np.uint64(stream_key(seed, "document"))
    return _mix(ids[:, 0] ^ _mix(ids[:, 1] + salt)), ids[:, 1].copy()


def keyed_ids(seed: int, keys: Keys, rest: Keys) -> Keys:
    """uint64[n, 2]: the ids of documents by what ``document_keys`` gave for them.

    Args:
        seed: the one it was given.
        keys: uint64[n].
        rest: uint64[n], what tells equal keys apart.
    """
    salt = np.uint64(stream_key(seed, "document"))
    return np.column_stack((_unmixed(keys) ^ _mix(rest + salt), rest))


def copy_keys(keys: Keys, copies: NDArray[np.int64]) -> Keys:
    """uint64[n]: the keys of copies of equal documents.

    The first copy keeps it: a text that is there once more gives the rows it gave, and others.

    Args:
        keys: uint64[n], those of the documents.
        copies: int64[n], which copy of its document each is, from 0.
    """
    return np.where(copies == 0, keys, random_bits(keys, COPY, copies))


def pass_draws(document_key: int, pass_number: int) -> tuple[int, ...]:
    """Two 64-bit draws for one document in one pass."""
    data = struct.pack("<QI", document_key, pass_number)
    return struct.unpack("<2Q", blake2b(data, digest_size=16, person=b"pass").digest())


def instance_draws(document_key: int, pass_number: int, instance: int) -> tuple[int, ...]:
    """The key of an example of a document, and four draws of 64 bits.

    Args:
        document_key: of 64 bits.
        pass_number: from 0.
        instance: which of the document's examples in that pass, from 0.
    """
    data = struct.pack("<QIQ", document_key, pass_number, instance)
    return struct.unpack("<5Q", blake2b(data, digest_size=40, person=b"instance").digest())


def stream_key(seed: int, name: str, *numbers: int) -> int:
    """The key, of 64 bits, of what is drawn by a seed.

    Args:
        seed: of 64 bits, signed.
        name: what for.
        *numbers: that tell it apart from others of that name, as an epoch's.
    """
    data = struct.pack(f"<{1 + len(numbers)}q", seed, *numbers) + name.encode("utf-8")
    digest = blake2b(data, digest_size=8, person=b"stream").digest()
    return int.from_bytes(digest, "little")


def permutation(key: int, n: int) -> NDArray[np.int64]:
    """int64[n]: 0 to n - 1 in random order, the same with every version of numpy."""
    return np.argsort(
        random_bits(np.array([key], np.uint64), PERMUTATION, np.arange(n)), kind="stable"
    )


def row_keys(seed: int, epoch: int, rows: NDArray[np.int64], read: Any = 0) -> Keys:
    """uint64[n]: keys of rows for what is drawn anew in each epoch.

    Args:
        seed: the loader's.
        epoch: from 0.
        rows: int64[n], their numbers among all that are stored.
        read: int or int64[n], tells apart the times a row is read in one epoch.
    """
    key = np.array([stream_key(seed, "rows", epoch)], np.uint64)
    return random_bits(random_bits(key, ROW_KEY, rows), ROW_KEY, np.asarray(read))


def unit(draw: int) -> float:
    """A 64-bit draw as a number in [0, 1)."""
    return (draw >> 11) * _UNIT


def random_bits(keys: Keys, stream: int, counters: NDArray[Any]) -> Keys:
    """Draws by their numbers, uint64 of the shape that ``keys`` and ``counters`` broadcast to.

    Args:
        keys: uint64 of any shape.
        stream: what is drawn, as ``MASK_ORDER``.
        counters: integers of any shape, which draws of each key.
    """
    salt = np.uint64(stream * int(_MIX_2) % 2**64)
    steps = (np.atleast_1d(counters).astype(np.uint64) + np.uint64(1)) * GOLDEN
    return _mix(_mix(np.atleast_1d(keys) + salt) + steps)


def units(bits: Keys) -> NDArray[np.float64]:
    """Bits, uint64 of any shape, by their upper 53 as numbers in [0, 1): float64 of the shape."""
    share: NDArray[np.float64] = np.multiply(bits >> np.uint64(11), _UNIT, dtype=np.float64)
    return share


def uniform(keys: Keys, stream: int, counters: NDArray[Any]) -> NDArray[np.float64]:
    """Draws in [0, 1), float64 of the shape that ``keys`` and ``counters`` broadcast to.

    Args:
        keys: uint64 of any shape.
        stream: what is drawn, as ``MASK_KIND``.
        counters: integers of any shape, which draws of each key.
    """
    return units(random_bits(keys, stream, counters))


def coin_flips(keys: Keys, stream: int, flips: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[n]: heads in ``flips[i]`` tosses of a fair coin for ``keys[i]``.

    Args:
        keys: uint64[n].
        stream: what is drawn, as ``TRUNCATE_A``.
        flips: int64[n].
    """
    heads = np.zeros(len(keys), np.int64)
    word = 0
    left = np.flatnonzero(flips > 0)
    while len(left):
        bits = random_bits(keys[left], stream, np.array(word))
        tosses = np.minimum(flips[left] - 64 * word, 64)
        heads[left] += np.bitwise_count(bits >> (64 - tosses).astype(np.uint64))
        word += 1
        left = left[flips[left] > 64 * word]
    return heads


def bucket_of(keys: Keys, buckets: int) -> NDArray[np.int64]:
    """int64[n]: which of ``buckets`` equal ranges of the 64-bit space holds each key, uint64[n]."""
    high: Keys = (keys >> np.uint64(32)) * np.uint64(buckets)
    buckets_of: NDArray[np.int64] = (high >> np.uint64(32)).astype(np.int64)
    return buckets_of


def _mix(x: Keys) -> Keys:
    mixed: Keys = x >> np.uint64(30)
    mixed ^= x
    mixed *= MIX_1
    shifted = mixed >> np.uint64(27)  # room that is used twice: to take some costs most here
    mixed ^= shifted
    mixed *= _MIX_2
    np.right_shift(mixed, np.uint64(31), out=shifted)
    mixed ^= shifted
    return mixed


def _unmixed(x: Keys) -> Keys:
    """The inverse of ``_mix``."""
    third: Keys = (x ^ (x >> np.uint64(31)) ^ (x >> np.uint64(62))) * _UNMIX_2
    second: Keys = (third ^ (third >> np.uint64(27)) ^ (third >> np.uint64(54))) * _UNMIX_1
    first: Keys = second ^ (second >> np.uint64(30)) ^ (second >> np.uint64(60))
    return first
