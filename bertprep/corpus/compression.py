"""Compressed files: recognised by their first bytes, read up to where they are damaged."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple, cast

import pyarrow as pa

from bertprep.corpus.seekable import DamagedError, Pieces, PieceStream

if TYPE_CHECKING:
    from bertprep.corpus.files import InputFile

Compression = Literal["none", "gzip", "bzip2", "xz", "zstd", "lz4"]

# What is looked at of a compressed file: a block of bzip2 gives nothing before it is there whole.
COMPRESSED_HEAD_BYTES = 1 << 20
_READ_BYTES = 1 << 18
# Arrow gives nothing of a piece in which it meets damage.
_ARROW_READ_BYTES = 1 << 14
_GZIP_READ_BYTES = 1 << 13
# What a stream that ends early or is otherwise unsound raises.
_DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError)


class Watched:
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

    def tell(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        """Whoever opened the stream closes it."""


@contextmanager
def arrow_damage(watched: Watched) -> Iterator[None]:
    """Makes a DamagedError of what Arrow says of a stream, unless that could not be read."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        if watched.error:
            raise
        raise DamagedError(str(error).splitlines()[0].rstrip(".")) from None


class _Sips:
    """A stream that is read a little at a time, however much is asked for.

    gzip gives nothing of a read in which it meets damage, and asks for more from Python 3.12 on.
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw

    def read(self, size: int) -> bytes:
        return self._raw.read(min(size, _GZIP_READ_BYTES))


def _gzip_pieces(raw: BinaryIO) -> Pieces:
    stream = gzip.GzipFile(fileobj=cast(BinaryIO, _Sips(raw)), mode="rb")
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


def text_bytes(file: InputFile) -> int:
    """The bytes of text a file holds, by a rule of thumb where it does not say so."""
    return file.text_size or int(file.size * compression_ratio(file.compression))


def decompressed(raw: BinaryIO, kind: Compression) -> BinaryIO:
    """The bytes of an open file as they were before it was compressed; DamagedError as they end."""
    if kind == "none":
        return raw
    return cast(BinaryIO, PieceStream(lambda: _pieces_of(raw, kind)))


def _pieces_of(raw: BinaryIO, kind: Compression) -> Pieces:
    raw.seek(0)
    watched = Watched(raw)
    try:
        yield from _KINDS[kind].pieces(cast(BinaryIO, watched))
    except _DAMAGE as error:
        if watched.error:
            raise
        raise DamagedError("" if _is_cut(error) else str(error)) from None


def _is_cut(error: Exception) -> bool:
    return isinstance(error, EOFError) or str(error).startswith("Truncated")
