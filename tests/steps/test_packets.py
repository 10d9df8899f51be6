"""Rows come out of packets as they went in, whatever order these arrive in."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from pipelines.steps.packets import message_of, packets, unpacked

SCHEMA = pa.schema([("number", pa.int64()), ("ids", pa.list_(pa.uint16()))])


def rows(*numbers: int) -> pa.RecordBatch:
    columns = [pa.array(numbers), pa.array([[n % 100] * n for n in numbers], SCHEMA.types[1])]
    return pa.record_batch(columns, schema=SCHEMA)


@pytest.mark.parametrize("size", [64, 1000, 1 << 20])
def test_rows_come_in_the_order_of_who_sent_them(size: int) -> None:
    sent = {(10, 0): rows(5), (2, 1): rows(3, 4), (2, 0): rows(700), (0, 3): rows(1, 2, 0)}
    found = [packet for order, batch in sent.items() for packet in packets(order, batch, size)]
    assert all(len(packet[3]) <= size for packet in found)
    random.Random(0).shuffle(found)
    received = [batch.column("number").to_pylist() for batch in unpacked(found, SCHEMA)]
    assert received == [[1, 2, 0], [700], [3, 4], [5]]
    assert [b.column("ids").to_pylist() for b in unpacked(found, SCHEMA)][1] == [[0] * 700]


def test_a_slice_is_sent_alone() -> None:
    whole = rows(*range(500))
    (packet,) = packets((0,), whole.slice(7, 1), 1 << 20)
    assert len(packet[3]) < 1000 < len(message_of([whole]))
    (found,) = unpacked([packet], SCHEMA)
    assert found.to_pylist() == whole.slice(7, 1).to_pylist()


def test_nothing_received_is_no_rows() -> None:
    assert list(unpacked([], SCHEMA)) == []
