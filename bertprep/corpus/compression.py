"""Compressed files: recognised by their first bytes, read up to where they are damaged."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Literal, cast

Compression = Literal["none", "gzip"]

GZIP_MAGIC = b"\x1f\x8b"
# What a gzip stream that ends early or is otherwise unsound raises.
GZIP_DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error)
_GZIP_READ_BYTES = 1 << 18


def is_gzip(head: bytes) -> bool:
    """Whether a file that begins so is compressed by gzip."""
    return head.startswith(GZIP_MAGIC)


class GzipText(gzip.GzipFile):
    """A gzip file to read that gives all there is before damage, and only then raises."""

    _damage: Exception | None = None

    def read(self, size: int | None = -1) -> bytes:
        parts: list[bytes] = []
        whole = size is None or size < 0
        left = sys.maxsize if whole else cast(int, size)
        while left and not self._damage:
            try:
                part = self.read1(min(left, _GZIP_READ_BYTES))
            except GZIP_DAMAGE as error:
                self._damage = error
                break
            if not part:
                break
            parts.append(part)
            left -= len(part)
        # Who asks for everything needs the end; who asks for a part gets it the next time.
        if self._damage and (whole or not parts):
            raise self._damage
        return b"".join(parts)


def open_gzip(raw: BinaryIO) -> GzipText:
    """The decompressed bytes of an open gzip file; closing them leaves ``raw`` open."""
    return GzipText(fileobj=raw, mode="rb")


@contextmanager
def decompressed(raw: BinaryIO, compression: Compression) -> Iterator[BinaryIO]:
    """The bytes of an open file as they were before it was compressed."""
    if compression == "none":
        yield raw
    else:
        with open_gzip(raw) as stream:
            yield cast(BinaryIO, stream)
