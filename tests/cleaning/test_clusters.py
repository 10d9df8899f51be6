"""Near copies from their bands, and the one of each cluster that stays."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from bertprep.cleaning.clusters import BAND_SCHEMA, PAIR_SCHEMA, all_but_one, is_among, near_pairs


def bands(rows: list[tuple[int, int, bytes]]) -> pa.Table:
    columns = [[r[0] for r in rows], [0] * len(rows), [r[1] for r in rows], [r[2] for r in rows]]
    return pa.table(
        [pa.array(c, f.type) for c, f in zip(columns, BAND_SCHEMA, strict=True)], schema=BAND_SCHEMA
    )


def test_only_similar_documents_of_an_equal_band_are_a_pair() -> None:
    same, near, far = bytes(range(128)), bytes(range(112)) + bytes(16), bytes(range(128, 256))
    # No two of these ids are told apart by floating point.
    a, b, c, d = (2**64 - n for n in (4, 3, 2, 1))
    found = near_pairs(bands([(1, a, same), (1, b, near), (1, c, far), (2, d, same)]), 0.8)
    assert found["first_low"].to_pylist() == [a]
    assert found["second_low"].to_pylist() == [b]
    assert all_but_one(found).tolist() == [[0, b]]
    assert near_pairs(bands([]), 0.8).num_rows == 0


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=25))
def test_one_of_each_joined_set_stays(pairs: list[tuple[int, int]]) -> None:
    zeros = [0] * len(pairs)
    columns = [zeros, [a for a, _ in pairs], zeros, [b for _, b in pairs]]
    table = pa.table([pa.array(c, pa.uint64()) for c in columns], schema=PAIR_SCHEMA)
    dropped = {int(low) for _, low in all_but_one(table)}
    sets = [{n} for n in {*itertools.chain(*pairs)}]
    for a, b in pairs:
        joined = [s for s in sets if a in s or b in s]
        sets = [s for s in sets if s not in joined] + [set().union(*joined)]
    assert dropped == set().union(*(s - {min(s)} for s in sets), set())
    ids = np.array([(0, n) for n in range(16)], np.uint64)
    assert set(np.flatnonzero(is_among(ids, all_but_one(table))).tolist()) == dropped
