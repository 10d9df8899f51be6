"""A stream to read and to seek over bytes that come in pieces."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

import pyarrow as pa
import pytest

from bertprep.corpus.compression import (
    Compression,
    decompressed,
)
from bertprep.corpus.seekable import DamagedError


def by_arrow(codec: str) -> Callable[[bytes], bytes]:
    def compress(content: bytes) -> bytes:
        sink = pa.BufferOutputStream()
        with pa.CompressedOutputStream(sink, codec) as stream:
            stream.write(content)
        return bytes(sink.getvalue())

    return compress


COMPRESS: dict[Compression, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": partial(lzma.compress, preset=0),
    "zstd": by_arrow("zstd"),
    "lz4": by_arrow("lz4"),
}
every_kind = pytest.mark.parametrize("kind", COMPRESS)
PROSE = "".join(
    f"The panda number {n} eats bamboo all day.\nIt sleeps in a tree.\n\n" for n in range(400)
).encode()


def opened(content: bytes, kind: Compression) -> BinaryIO:
    return decompressed(io.BytesIO(content), kind)


@pytest.mark.slow
@every_kind
def test_all_before_the_damage_is_given_and_only_then_is_it_raised(kind: Compression) -> None:
    noise = random.Random(1).randbytes(5 << 20)
    stream = opened(COMPRESS[kind](noise)[: 4 << 20], kind)
    given = b""
    with pytest.raises(DamagedError) as caught:
        while part := stream.read(1 << 20):
            given += part
    # A block, of up to 900 kB by bzip2, is given as a whole or not at all.
    assert 3 << 20 < len(given) < 4 << 20
    assert noise.startswith(given)
    assert caught.value.describe(kind).startswith("is truncated: it is no sound")
    for _ in range(2):
        with pytest.raises(DamagedError):
            stream.read(1)


@every_kind
def test_who_asks_for_everything_needs_the_end(kind: Compression) -> None:
    with pytest.raises(DamagedError):
        opened(COMPRESS[kind](PROSE)[:-9], kind).read()
