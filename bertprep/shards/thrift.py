"""Thrift's compact protocol, in which the headers of Parquet files are written.

A value is a pair of its type's code and its bytes; a structure takes values by the numbers of
their fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Value = tuple[int, bytes]


def varint(number: int) -> bytes:
    """A number that is not negative, seven bits in a byte, the lowest first.

    >>> varint(300).hex()
    'ac02'
    """
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def boolean(is_true: bool) -> Value:
    """A field that is true or false, which its type says."""
    return (1 if is_true else 2), b""


def int8(number: int) -> Value:
    """A signed byte."""
    return 3, number.to_bytes(1, "little", signed=True)


def int32(number: int) -> Value:
    """A signed number of 32 bits, or an enumeration's."""
    return 5, _zigzag(number)


def int64(number: int) -> Value:
    """A signed number of 64 bits."""
    return 6, _zigzag(number)


def binary(data: bytes) -> Value:
    """Bytes, or a text in UTF-8."""
    return 8, varint(len(data)) + data


def sequence(values: Sequence[Value]) -> Value:
    """A list of values of one type that is not boolean; an empty one is of structures."""
    kind, count = values[0][0] if values else 12, len(values)
    head = bytes([count << 4 | kind]) if count < 15 else bytes([0xF0 | kind]) + varint(count)
    return 9, head + b"".join(data for _, data in values)


def structure(fields: Mapping[int, Value]) -> Value:
    """A structure of values by the numbers of their fields, each at most 15 above the one before.

    >>> structure({1: int32(-1), 4: boolean(True)})[1].hex()
    '15013100'
    """
    encoded, last = [], 0
    for number, (kind, data) in sorted(fields.items()):
        encoded += [bytes([number - last << 4 | kind]), data]
        last = number
    return 12, b"".join(encoded) + b"\0"


def _zigzag(number: int) -> bytes:
    return varint(2 * number if number >= 0 else -2 * number - 1)
