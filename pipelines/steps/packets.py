"""Rows on their way through Beam: blocks as a step sends them, packets as they are received."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyarrow as pa

# (order, number of the packet of these rows, how many there are, their part of the message): what
# Beam has fast coders for.
Packet = tuple[tuple[int, ...], int, int, bytes]


class Block(NamedTuple):
    """Rows of a step, side by side in their order, to be cut up among those who need them."""

    order: tuple[int, ...]
    rows: bytes


def message_of(batches: list[pa.RecordBatch]) -> bytes:
    """Rows as one message of Arrow's."""
    (batch,) = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return bytes(batch.serialize())


def packets(order: tuple[int, ...], batch: pa.RecordBatch, packet_bytes: int) -> Iterator[Packet]:
    """Rows as packets; those of one long document are several.

    Args:
        order: tells the rows from those of other steps, and sorts them.
        batch: the rows.
        packet_bytes: the most that a packet has of them.
    """
    data = memoryview(batch.serialize())
    count = max(1, -(-len(data) // packet_bytes))
    for number in range(count):
        yield order, number, count, bytes(data[number * packet_bytes :][:packet_bytes])


def unpacked(received: Iterable[Packet], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows in packets that came in any order, in the order of the steps that sent them."""
    parts: list[bytes] = []
    for _, number, count, data in sorted(received, key=_place):
        parts.append(data)
        if number == count - 1:
            yield pa.ipc.read_record_batch(pa.py_buffer(b"".join(parts)), schema)
            parts = []


def _place(packet: Packet) -> tuple[tuple[int, ...], int]:
    return packet[0], packet[1]
