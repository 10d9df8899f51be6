"""Streams that several looks share a limit of."""

from __future__ import annotations

import io

import pytest

from pipelines.folders.limited import EnoughRead, Limited


def test_streams_share_what_is_left() -> None:
    left = [10]
    one, other = (Limited(io.BytesIO(b"0123456789"), left) for _ in range(2))
    assert one.read(4) == b"0123"
    assert other.read(6) == b"012345"
    assert left == [0]
    assert other.read(0) == b""
    with pytest.raises(EnoughRead):
        one.read(1)


def test_all_else_is_the_streams() -> None:
    stream = Limited(io.BytesIO(b"0123456789"), [100])
    stream.seek(7)
    assert (stream.read(), stream.tell(), stream.closed) == (b"789", 10, False)
    stream.close()
    assert stream.closed
