"""Compressed files: recognised by their first bytes, read up to where they are damaged."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Literal, NamedTuple, cast

import pyarrow as pa

Compression = Literal["none", "gzip", "bzip2", "xz", "zstd", "lz4"]
Pieces = Iterator[bytes]

# What is looked at of a compressed file: a block of bzip2 gives nothing before it is there whole.
COMPRESSED_HEAD_BYTES = 1 << 20
_READ_BYTES = 1 << 18
# Arrow gives nothing of a piece in which it meets damage.
_ARROW_READ_BYTES = 1 << 14
# What a stream that ends early or is otherwise unsound raises.
_DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError)


class DamagedError(Exception):
    """A compressed stream is unsound.

    Attributes:
        reason: what is wrong, or nothing if it only ends too early.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def describe(self, kind: Compression) -> str:
        """What to tell the user of a file that is compressed so, after its name."""
        if "too much memory" in self.reason:
            return (
                "needs over 128 MiB to be read (zstd --long); compress it anew: "
                "zstd -dc --long=31 OLD | zstd > NEW"
            )
        what = f"is damaged ({self.reason})" if self.reason else "is truncated"
        return f"{what}: its {kind} stream has no sound end; fetch it again"


class _Watched:
    """A stream that remembers what went wrong in reading it, which is no damage."""

    closed = False

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.error: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            return self._raw.read(size)
        except BaseException as error:
            self.error = error
            raise

    def seek(self, position: int, whence: int = 0) -> int:
        return self._raw.seek(position, whence)

    def close(self) -> None:
        """Whoever opened the stream closes it."""


def _gzip_pieces(raw: BinaryIO) -> Pieces:
    stream = gzip.GzipFile(fileobj=raw, mode="rb")
    while piece := stream.read1(_READ_BYTES):
        yield piece


def _stream_pieces(raw: BinaryIO, start: Callable[[], Any], padding: bytes) -> Pieces:
    """Of streams one after the other, each for a decompressor of its own."""
    data = b""
    while data := data or raw.read(_READ_BYTES).lstrip(padding):
        decompressor = start()
        while not decompressor.eof:
            if decompressor.needs_input and not data:
                data = raw.read(_READ_BYTES)
                if not data:
                    raise EOFError
            piece = decompressor.decompress(data, _READ_BYTES)
            data = b""
            if piece:
                yield piece
        data = decompressor.unused_data.lstrip(padding)


def _bzip2_pieces(raw: BinaryIO) -> Pieces:
    return _stream_pieces(raw, bz2.BZ2Decompressor, b"")


def _xz_pieces(raw: BinaryIO) -> Pieces:
    return _stream_pieces(raw, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ), b"\0")


def _arrow_pieces(codec: str) -> Callable[[BinaryIO], Pieces]:
    def pieces(raw: BinaryIO) -> Pieces:
        stream = pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), codec)
        while piece := stream.read(_ARROW_READ_BYTES):
            yield piece

    return pieces


class _Kind(NamedTuple):
    """How a file compressed so begins and is read, a command for it, the bytes of text in one."""

    magic: bytes
    pieces: Callable[[BinaryIO], Pieces]
    command: str
    ratio: float


# The ratios are those of English and Chinese books by each tool's default, about.
_KINDS: dict[Compression, _Kind] = {
    "gzip": _Kind(rb"\x1f\x8b", _gzip_pieces, "gunzip -c", 3),
    "bzip2": _Kind(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", _bzip2_pieces, "bunzip2 -c", 3.5),
    "xz": _Kind(rb"\xfd7zXZ\0", _xz_pieces, "xz -dc", 3.5),
    # A frame that may be skipped comes first where several threads wrote the file.
    "zstd": _Kind(
        rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", _arrow_pieces("zstd"), "zstd -dc", 3
    ),
    "lz4": _Kind(rb"\x04\x22\x4d\x18", _arrow_pieces("lz4"), "lz4 -dc", 1.5),
}


def compression_of(head: bytes) -> Compression:
    """How a file that begins so is compressed."""
    return next((name for name, kind in _KINDS.items() if re.match(kind.magic, head)), "none")


def decompress_command(kind: Compression) -> str:
    """A shell command that writes the content of the file whose name follows."""
    return _KINDS[kind].command


def compression_ratio(kind: str) -> float:
    """The bytes of text in a byte of a file that is compressed so, by a rule of thumb."""
    known = _KINDS.get(cast(Compression, kind))
    return known.ratio if known else 1


class Decompressed:
    """What an open compressed file holds, to be read and sought; closing it leaves ``raw`` open.

    It gives all there is before damage, and only then raises DamagedError, each time.
    """

    closed = False

    def __init__(self, raw: BinaryIO, kind: Compression) -> None:
        self._raw = _Watched(raw)
        self._kind = kind
        self._start()

    def _start(self) -> None:
        self._pieces = _KINDS[self._kind].pieces(cast(BinaryIO, self._raw))
        self._left = memoryview(b"")
        self._position = 0
        self._damage: DamagedError | None = None

    def read(self, size: int = -1) -> bytes:
        parts: list[memoryview] = []
        left = size
        while left and (piece := self._left or self._next_piece()):
            part = piece[:left] if size >= 0 else piece
            self._left = piece[len(part) :]
            parts.append(part)
            left -= len(part)
        # Who asks for everything needs the end; who asks for a part gets it the next time.
        if self._damage and (size < 0 or (size and not parts)):
            raise self._damage
        data = b"".join(parts)
        self._position += len(data)
        return data

    def _next_piece(self) -> memoryview:
        try:
            return memoryview(b"" if self._damage else next(self._pieces, b""))
        except _DAMAGE as error:
            if self._raw.error:
                raise
            self._damage = DamagedError("" if _is_cut(error) else str(error))
            return memoryview(b"")

    def tell(self) -> int:
        return self._position

    def seek(self, position: int) -> int:
        """Goes to a byte of what the file holds; back only by reading it again."""
        if position < self._position:
            self._raw.seek(0)
            self._start()
        while position > self._position and self.read(min(_READ_BYTES, position - self._position)):
            pass
        return self._position

    def close(self) -> None:
        self._pieces = iter(())
        self._left = memoryview(b"")


def _is_cut(error: Exception) -> bool:
    return isinstance(error, EOFError) or str(error).startswith("Truncated")


def decompressed(raw: BinaryIO, kind: Compression) -> BinaryIO:
    """The bytes of an open file as they were before it was compressed."""
    return raw if kind == "none" else cast(BinaryIO, Decompressed(raw, kind))
