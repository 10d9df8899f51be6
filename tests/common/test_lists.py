from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.lists import binary_array, taken

NUMBERS = st.integers(0, 60_000)
LISTS = st.lists(NUMBERS, max_size=4)
KINDS = {
    "numbers": (NUMBERS, pa.uint16()),
    "lists": (LISTS, pa.list_(pa.uint16())),
    "wide": (LISTS, pa.list_(pa.uint32())),
    "lists of lists": (st.lists(LISTS, max_size=3), pa.list_(pa.list_(pa.uint16()))),
}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_as_arrow_takes_them(kind: str, data: st.DataObject) -> None:
    """Also of a slice, which begins and ends within what is there."""
    values, dtype = KINDS[kind]
    whole = pa.array(data.draw(st.lists(values, max_size=6)), dtype)
    start = data.draw(st.integers(0, len(whole)))
    part = whole.slice(start, data.draw(st.integers(0, len(whole) - start)))
    places = st.integers(0, max(0, len(part) - 1))
    order = np.array(data.draw(st.lists(places, max_size=8)) if len(part) else [], np.int64)
    found = taken(part, order)
    found.validate(full=True)
    assert found.type == part.type
    assert found.equals(part.take(pa.array(order)))


def test_stretches_of_bytes_are_values() -> None:
    data = np.frombuffer(b"-one+two", np.uint8)
    found = binary_array(data, np.array([1, 4, 4, 5, 8]))
    assert found.type == pa.binary() and found.to_pylist() == [b"one", b"", b"+", b"two"]
    assert binary_array(data, np.zeros(1, np.int64)).to_pylist() == []
