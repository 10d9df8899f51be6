"""A stream to read and to seek over bytes that come in pieces, as of a decompressor."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

Pieces = Iterator[bytes]

_SKIP_BYTES = 1 << 18


class DamagedError(Exception):
    """A stream is unsound.

    Attributes:
        reason: what is wrong, or nothing if it only ends too early.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def describe(self, kind: str) -> str:
        """The message about a file of this compression or format, after its name."""
        if "too much memory" in self.reason:
            return (
                "needs over 128 MiB to be read (zstd --long); compress it anew: "
                "zstd -dc --long=31 OLD | zstd > NEW"
            )
        if "Dictionary mismatch" in self.reason:
            return (
                "was compressed with a dictionary, which is not in it; decompress it with that: "
                "zstd -dc -D DICTIONARY OLD | zstd > NEW"
            )
        what = f"is damaged ({self.reason})" if self.reason else "is truncated"
        return f"{what}: it is no sound {kind} file; fetch it again"


class PieceStream(io.RawIOBase):
    """Pieces as one stream.

    It gives all there is before damage, and only then raises DamagedError, each time.

    Args:
        start: gives the pieces from the first on.
    """

    def __init__(self, start: Callable[[], Pieces]) -> None:
        super().__init__()
        self._start = start
        self._restart()

    def _restart(self) -> None:
        self._pieces = self._start()
        self._left = memoryview(b"")
        self._position = 0
        self._damage: DamagedError | None = None

    def read(self, size: int | None = -1) -> bytes:
        parts: list[memoryview] = []
        whole = size is None or size < 0
        left = -1 if whole else int(size or 0)
        while left and (piece := self._left or self._next_piece()):
            part = piece if whole else piece[:left]
            self._left = piece[len(part) :]
            parts.append(part)
            left -= len(part)
        # Who asks for everything needs the end; who asks for a part gets it the next time.
        if self._damage and (whole or (size and not parts)):
            raise self._damage
        data = b"".join(parts)
        self._position += len(data)
        return data

    def _next_piece(self) -> memoryview:
        try:
            while not self._damage:
                piece = next(self._pieces, None)
                if piece != b"":  # a decoder may give nothing of some bytes
                    return memoryview(piece or b"")
        except DamagedError as error:
            self._damage = error
        return memoryview(b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, position: int, whence: int = 0) -> int:
        """Goes to a byte from the first on; back only by reading all before it again."""
        if position < self._position:
            self._restart()
        while position > self._position and self.read(min(_SKIP_BYTES, position - self._position)):
            pass
        return self._position
