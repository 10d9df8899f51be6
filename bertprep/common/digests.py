"""The digests that tell contents apart: SHA-256, in hexadecimal."""

from __future__ import annotations

import hashlib
from typing import Any, BinaryIO

_READ_BYTES = 1 << 20


def digest_of(data: bytes) -> str:
    """Of bytes, as of a manifest or a small file."""
    return hashlib.sha256(data).hexdigest()


def new_digest() -> Any:
    """Of bytes that come one after the other: ``update(data)``, ``hexdigest()`` in the end."""
    return hashlib.sha256()


def digest_of_stream(stream: BinaryIO) -> tuple[str, int]:
    """Of all that is left in a stream, read in parts; and its bytes."""
    sha256, size = new_digest(), 0
    while data := stream.read(_READ_BYTES):
        sha256.update(data)
        size += len(data)
    return sha256.hexdigest(), size


def vocabulary_digest(vocab_txt: bytes, lowercase: bool, settings: bytes = b"") -> str:
    """Of all that decides a text's tokens.

    Args:
        vocab_txt: the bytes of that file.
        lowercase: the casing.
        settings: what else is unusual, in one way of writing it; empty if nothing is.
    """
    return digest_of(vocab_txt + (b"uncased" if lowercase else b"cased") + settings)


class DigestingStream:
    """A binary stream for writing that knows the digest and the size of what went through it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._sha256 = new_digest()
        self.size = 0
        self.closed = False

    def write(self, data: Any) -> int:
        self._stream.write(data)
        self._sha256.update(data)
        self.size += memoryview(data).nbytes
        return memoryview(data).nbytes

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._stream.flush()

    def hexdigest(self) -> str:
        return str(self._sha256.hexdigest())
