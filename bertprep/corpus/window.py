"""The part of a stream that is in memory, and its plain copy, in which patterns are looked for."""

from __future__ import annotations

from typing import BinaryIO

import regex

from bertprep.corpus.sizes import READ_SIZES, ReadSizes

BOM = b"\xef\xbb\xbf"
# Patterns are looked for in a plain copy of the text, of the same length, in which each line break
# begins with \n and other white space (that of str.isspace) is in one byte a character: fast, and a
# set of bytes is repeated in no memory at all, a group of alternatives in some for each repetition.
WHITE = b" \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f"
_BLANKS_OF_TWO = regex.compile(rb"\xc2[\x85\xa0]")
_BLANKS_OF_THREE = regex.compile(rb"\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)")
LONGEST_CHARACTER = 3  # of those that matter here: white space and the byte order mark


class RecordTooLong(Exception):  # noqa: N818 - who knows the file's name makes an error of it
    """A record has no end within what a record may have; ``offset`` is a byte near its first."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class Window:
    """The part of a stream that is in memory: it grows at the end and is released at the front.

    Args:
        stream: of the whole file, decompressed.
        start: the first byte to hold.
        end: the byte behind the range that is read.
        lone_cr_breaks: whether a \\r that no \\n follows is a line break; else it is a blank.
        sizes: how many bytes are read at a time, and held.
    """

    def __init__(
        self,
        stream: BinaryIO,
        start: int,
        end: int,
        lone_cr_breaks: bool = True,
        sizes: ReadSizes = READ_SIZES,
    ) -> None:
        stream.seek(start)
        self.sizes = sizes
        self._lone_cr_breaks = lone_cr_breaks
        self._stream = stream
        self._end = end
        self.base = start
        self.data = b""
        self._plain: bytes | None = None
        self.exhausted = False
        self.grow()

    def grow(self) -> None:
        """Reads on, only a little past the range's end; doubling keeps any record's cost linear.

        Raises:
            RecordTooLong: if as much as a record may have is in memory already.
        """
        room = self.sizes.record + self.sizes.block - len(self.data)
        if room <= 0:
            raise RecordTooLong(self.base)
        ahead = min(self.sizes.block, self._end - self.base - len(self.data))
        more = self._stream.read(min(room, max(ahead, self.sizes.overrun, len(self.data))))
        self.exhausted = not more
        if more:
            self.data += more
            self._plain = None

    def release(self, length: int) -> None:
        """Forgets so many bytes of ``data``, the first."""
        self.data = self.data[length:]
        self._plain = None if self._plain is None else self._plain[length:]
        self.base += length

    @property
    def plain(self) -> bytes:
        """The plain copy of the data, in which patterns are looked for."""
        if self._plain is None:
            self._plain = plain_copy(self.data, self._lone_cr_breaks)
        return self._plain

    def may_go_on(self, position: int) -> bool:
        """Whether what ends at a byte of ``data`` could be longer, once a character is whole."""
        return len(self.data) - position < LONGEST_CHARACTER and not self.exhausted

    def covers_range(self) -> bool:
        """Whether all that may yet be found ends past the range."""
        return self.base + len(self.data) >= self._end + LONGEST_CHARACTER


def plain_copy(data: bytes, lone_cr_breaks: bool = True) -> bytes:
    """The data with \\r\\n and \\r as \\n and a space, longer blanks as two or three spaces."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n ").replace(b"\r", b"\n" if lone_cr_breaks else b" ")
    if data.isascii():
        return data
    data = _BLANKS_OF_THREE.sub(b"   ", _BLANKS_OF_TWO.sub(b"  ", data))
    return data.replace("\u3000".encode(), b"   ").replace("\u1680".encode(), b"   ")


def is_marked(window: Window) -> bool:
    """Whether the window begins with a byte order mark."""
    while len(window.data) < len(BOM) and not window.exhausted:
        window.grow()
    return window.data.startswith(BOM)


def skip_line(window: Window) -> None:
    """Releases what is left of a line."""
    while (end := window.data.find(b"\n") + 1) == 0 and not window.exhausted:
        if window.covers_range():
            break
        window.grow()
    window.release(end or len(window.data))
