"""Bytes in every compression that is read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

import pyarrow as pa
import pytest

from bertprep.corpus.compression import Compression, decompressed


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
