"""Cuts a byte stream into raw records, each with the offset of its first byte.

A range of a file yields exactly the records whose first byte lies in it, so ranges can be read
apart, in any order, and together give every record once.  Offsets count bytes of the (decompressed)
stream.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

import regex

from bertprep.corpus.inputs import BOM

BLOCK_BYTES = 4 << 20
_OVERRUN_BYTES = 1 << 16
_LOOK_BACK_BYTES = 1 << 12

# Patterns are looked for in a plain copy of the text, of the same length, in which each line break
# begins with \n and other white space (that of str.isspace) is in one byte a character: fast, and a
# set of bytes is repeated in no memory at all, a group of alternatives in some for each repetition.
_WHITE = b" \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f"
_BLANK = rb"[ \t\x0b\x0c\x1c-\x1f]"
_BLANKS_OF_TWO = regex.compile(rb"\xc2[\x85\xa0]")
_BLANKS_OF_THREE = regex.compile(rb"\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)")
_LONGEST_CHARACTER = 3  # of those that matter here: white space and the byte order mark

# Separators are whole runs of white space from their first line break on, so that a record starts
# at its first visible character.
BLANK_LINE = regex.compile(rb"\n" + _BLANK + rb"*+\n[" + _WHITE + rb"]*+")
BLANK_LINES = regex.compile(rb"\n" + _BLANK + rb"*+\n" + _BLANK + rb"*+\n[" + _WHITE + rb"]*+")
LINE_BREAK = regex.compile(rb"\n[" + _WHITE + rb"]*+")
_SPACES = regex.compile(rb"[" + _WHITE + rb"]*+")
_LEADING = regex.compile(rb"(?:" + BOM + rb")?+[" + _WHITE + rb"]*+")
_WIKI_MARK = regex.compile(rb'^(?:(?P<open><doc [a-z]+="[^\n]*>)|</doc>)[ \t\r]*$', regex.MULTILINE)


class Record(NamedTuple):
    """A stretch of the stream; ``header`` is the opening tag of a WikiExtractor document."""

    offset: int
    content_offset: int
    content: bytes
    header: bytes = b""


Stray = Callable[[Record, str], None]


class Window:
    """The part of a stream that is in memory: it grows at the end and is released at the front."""

    def __init__(self, stream: BinaryIO, start: int, end: int) -> None:
        stream.seek(start)
        self._stream = stream
        self._end = end
        self.base = start
        self.data = b""
        self._plain: bytes | None = None
        self.exhausted = False
        self.grow()

    def grow(self) -> None:
        """Reads on, only a little past the range's end; doubling keeps any record's cost linear."""
        ahead = min(BLOCK_BYTES, self._end - self.base - len(self.data))
        more = self._stream.read(max(ahead, _OVERRUN_BYTES, len(self.data)))
        self.exhausted = not more
        if more:
            self.data += more
            self._plain = None

    def release(self, length: int) -> None:
        self.data = self.data[length:]
        self._plain = None if self._plain is None else self._plain[length:]
        self.base += length

    @property
    def plain(self) -> bytes:
        """The plain copy of the data, in which patterns are looked for."""
        if self._plain is None:
            self._plain = _plain_copy(self.data)
        return self._plain

    def may_go_on(self, position: int) -> bool:
        """Whether what ends at ``position`` could be longer, once a cut character is complete."""
        return len(self.data) - position < _LONGEST_CHARACTER and not self.exhausted

    def covers_range(self) -> bool:
        """Whether all that may yet be found ends past the range."""
        return self.base + len(self.data) >= self._end + _LONGEST_CHARACTER


def separated_records(
    stream: BinaryIO, start: int, end: int, separator: regex.Pattern[bytes]
) -> Iterator[Record]:
    """The records between separators, those whose first byte lies in ``[start, end)``."""
    position, before = _look_back(stream, start, separator)
    window = Window(stream, position, end)
    _skip_past(window, before)
    while window.base < start and window.data:
        _skip_past(window, separator)
    while window.base < end:
        position = 0
        for match in separator.finditer(window.plain):
            # Where the white space ends does not matter once that is past the range.
            if window.may_go_on(match.end()) and not window.covers_range():
                break
            yield _record(window, position, match.start())
            position = match.end()
            if window.base + position >= end:
                return
        if window.exhausted:
            if position < len(window.data):
                yield _record(window, position, len(window.data))
            return
        window.release(position)
        window.grow()


def _record(window: Window, start: int, end: int) -> Record:
    offset = window.base + start
    return Record(offset, offset, window.data[start:end])


def _plain_copy(data: bytes) -> bytes:
    """The data with \\r\\n and \\r as \\n and a space, longer blanks as two or three spaces."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n ").replace(b"\r", b"\n")
    if data.isascii():
        return data
    data = _BLANKS_OF_THREE.sub(b"   ", _BLANKS_OF_TWO.sub(b"  ", data))
    return data.replace("\u3000".encode(), b"   ").replace("\u1680".encode(), b"   ")


def _look_back(
    stream: BinaryIO, start: int, separator: regex.Pattern[bytes]
) -> tuple[int, regex.Pattern[bytes]]:
    """Where to look for the first record from ``start`` on, and what to skip before it.

    The white space before ``start`` may hold a separator, or the beginning of one.
    """
    start = _character_start(stream, start) if start > 0 else 0
    length = _LOOK_BACK_BYTES
    while start > 0:
        back = max(0, start - length)
        stream.seek(back)
        before = _plain_copy(stream.read(start - back))
        visible = len(before.rstrip(_WHITE))
        blank = before[visible:]
        if separator.search(blank) or (back == 0 and before[:visible] in (b"", BOM)):
            return start, _SPACES
        if back == 0 or visible >= _LONGEST_CHARACTER:
            line_break = blank.find(b"\n")
            return back + visible + (line_break if line_break >= 0 else len(blank)), separator
        length *= 2
    return 0, _LEADING


def _character_start(stream: BinaryIO, position: int) -> int:
    """The first byte of the character that byte ``position`` belongs to."""
    back = min(position, _LONGEST_CHARACTER)
    stream.seek(position - back)
    data = stream.read(back + 1)
    while back > 0 and data[back : back + 1] and data[back] & 0xC0 == 0x80:
        back -= 1
        position -= 1
    return position


def _skip_past(window: Window, pattern: regex.Pattern[bytes]) -> None:
    """Releases all up to the end of the pattern's first match, or the range if there is none."""
    while True:
        match = pattern.search(window.plain)
        if match and not window.may_go_on(match.end()):
            return window.release(match.end())
        if window.exhausted or window.covers_range():
            return window.release(len(window.data))
        window.grow()


def whole_record(stream: BinaryIO) -> Iterator[Record]:
    """The whole stream as one record, without its byte order mark."""
    data = stream.read()
    start = len(BOM) if data.startswith(BOM) else 0
    yield Record(start, start, data[start:])


def wikiextractor_records(stream: BinaryIO, start: int, end: int, stray: Stray) -> Iterator[Record]:
    """The ``<doc ...>`` to ``</doc>`` stretches whose opening lines begin in ``[start, end)``.

    ``stray(record, reason)`` is told of text outside of them and of documents that never close.
    """
    window = Window(stream, start - 1 if start > len(BOM) else 0, end)
    if window.base == 0:
        _skip_mark(window)
    while window.base < start and window.data:
        _skip_line(window)
    if start > 0:
        # What stands before the first opening tag belongs to the range before.
        _skip_to_opening(window, end)
        if window.base >= end:
            return
    opened: Record | None = None
    for offset, text, mark in _wiki_stretches(window):
        if opened is None:
            _check_blank(offset, text, stray)
        elif mark is None or mark["open"]:
            stray(opened._replace(content=text), "unterminated_document")
        else:
            yield opened._replace(content=text)
        opened = None
        if mark and mark["open"]:
            at = offset + len(text)
            if at >= end:
                return
            opened = Record(at, at + len(mark[0]), b"", mark["open"])


def _wiki_stretches(
    window: Window,
) -> Iterator[tuple[int, bytes, regex.Match[bytes] | None]]:
    """(offset, text, the tag after it) for all tags and the end of the stream."""
    while True:
        position = 0
        for mark in _WIKI_MARK.finditer(window.data):
            if window.may_go_on(mark.end()):
                break
            yield window.base + position, window.data[position : mark.start()], mark
            position = mark.end()
        if window.exhausted:
            yield window.base + position, window.data[position:], None
            return
        window.release(position)
        window.grow()


def _skip_mark(window: Window) -> None:
    while len(window.data) < len(BOM) and not window.exhausted:
        window.grow()
    window.release(len(BOM) if window.data.startswith(BOM) else 0)


def _skip_line(window: Window) -> None:
    while (end := window.data.find(b"\n") + 1) == 0 and not window.exhausted:
        if window.covers_range():
            break
        window.grow()
    window.release(end or len(window.data))


def _skip_to_opening(window: Window, end: int) -> None:
    """Releases whole lines up to the first opening tag, or to the end of the range."""
    while window.base < end:
        for mark in _WIKI_MARK.finditer(window.data):
            if window.may_go_on(mark.end()):
                break
            if mark["open"]:
                return window.release(mark.start())
        else:
            lines = window.data.rfind(b"\n") + 1
            window.release(len(window.data) if window.exhausted else lines)
        if window.exhausted:
            return
        window.grow()


def _check_blank(offset: int, text: bytes, stray: Stray) -> None:
    blank = len(text) - len(_plain_copy(text.replace(BOM, b"   ")).lstrip(_WHITE))
    if blank < len(text):
        offset += blank
        stray(Record(offset, offset, text[blank:]), "text_outside_document")


def line_number(stream: BinaryIO, offset: int) -> int:
    """The line, from 1, that holds byte ``offset`` of a freshly opened stream."""
    line, left = 1, offset
    while left > 0 and (block := stream.read(min(left, io.DEFAULT_BUFFER_SIZE * 64))):
        line += block.count(b"\n")
        left -= len(block)
    return line
