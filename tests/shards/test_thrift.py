"""Thrift's compact protocol, by the bytes that its specification gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.shards.thrift import binary, boolean, int8, int32, int64, sequence, structure, varint


@pytest.mark.parametrize(
    ("number", "encoded"), [(0, "00"), (127, "7f"), (128, "8001"), (50399, "df8903")]
)
def test_varint(number: int, encoded: str) -> None:
    assert varint(number).hex() == encoded


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_number_comes_back(number: int) -> None:
    kind, data = int64(number)
    folded = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(data))
    assert (kind, (folded >> 1) ^ -(folded & 1)) == (6, number)


def test_values() -> None:
    assert int32(-2) == (5, b"\x03")
    assert int8(-1) == (3, b"\xff")
    assert binary(b"ab") == (8, b"\x02ab")
    assert [boolean(True)[0], boolean(False)[0]] == [1, 2]


@pytest.mark.parametrize(
    ("count", "head"), [(0, "0c"), (1, "15"), (14, "e5"), (15, "f50f"), (200, "f5c801")]
)
def test_sequence(count: int, head: str) -> None:
    kind, data = sequence([int32(1)] * count)
    assert kind == 9
    assert data == bytes.fromhex(head) + b"\x02" * count


def test_structure() -> None:
    inner = structure({1: binary(b"x")})
    kind, data = structure({2: inner, 1: boolean(False), 10: int32(1)})
    assert kind == 12
    assert data.hex() == "12" + "1c" + "18017800" + "8502" + "00"
