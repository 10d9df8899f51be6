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

from bertprep.inputs import BOM

BLOCK_BYTES = 4 << 20
_OVERRUN_BYTES = 1 << 16
_LOOK_BACK_BYTES = 1 << 12

# White space by str.isspace(), in UTF-8; a blank is any of it but a line break.
_BLANK = (
    rb"(?:[ \t\x0b\x0c\x1c-\x1f]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]"
    rb"|\xe2\x81\x9f|\xe3\x80\x80)"
)
_NEWLINE = rb"(?:\r\n|\n|\r(?!\n))"
_LEADING = regex.compile(rb"(?:" + BOM + rb"|" + _BLANK + rb"|[\r\n])*+")
_TRAILING = regex.compile(rb"(?:" + _BLANK + rb"|[\r\n])++\Z")

# Separators are whole runs of white space from their first line break on, so that a record starts
# at its first visible character.
BLANK_LINE = regex.compile(
    _NEWLINE + rb"(?:" + _BLANK + rb"*+" + _NEWLINE + rb")++" + _BLANK + rb"*+"
)
LINE_BREAK = regex.compile(rb"[\r\n](?:" + _BLANK + rb"|[\r\n])*+")
JSON_LINE_BREAK = regex.compile(rb"\n[ \t\r\n]*+")
_WIKI_MARK = regex.compile(rb'^(?:(?P<open><doc [a-z]+="[^\n]*>)|</doc>)[ \t\r]*$', regex.MULTILINE)


class Record(NamedTuple):
    """A stretch of the stream; ``header`` is the opening tag of a WikiExtractor document."""

    offset: int
    content_offset: int
    content: bytes
    header: bytes = b""


class Window:
    """The part of a stream that is in memory: it grows at the end and is released at the front."""

    def __init__(self, stream: BinaryIO, start: int, end: int) -> None:
        self._stream = stream
        self._end = end
        self.base = start
        self.data = b""
        self.exhausted = False
        self.grow()

    def grow(self) -> None:
        """Reads on, only a little past the range's end; doubling keeps any record's cost linear."""
        ahead = min(BLOCK_BYTES, self._end - self.base - len(self.data))
        more = self._stream.read(max(ahead, _OVERRUN_BYTES, len(self.data)))
        self.exhausted = not more
        self.data += more

    def release(self, length: int) -> None:
        self.data = self.data[length:]
        self.base += length

    def may_go_on(self, position: int) -> bool:
        """Whether what was found up to ``position`` could still change with more bytes."""
        return position == len(self.data) and not self.exhausted


def separated_records(
    stream: BinaryIO, start: int, end: int, separator: regex.Pattern[bytes]
) -> Iterator[Record]:
    """The records between separators, those whose first byte lies in ``[start, end)``."""
    run_start = _start_of_white_space(stream, start)
    window = _window(stream, run_start, end)
    if run_start == 0:
        _skip_leading(window)
    else:
        _skip_past(window, separator)
    while window.base < start and window.data:
        _skip_past(window, separator)
    while window.base < end:
        position = 0
        for match in separator.finditer(window.data):
            if window.may_go_on(match.end()):
                break
            yield _stripped(window, position, match.start())
            position = match.end()
            if window.base + position >= end:
                return
        if window.exhausted:
            if position < len(window.data):
                yield _stripped(window, position, len(window.data))
            return
        window.release(position)
        window.grow()


def whole_record(stream: BinaryIO) -> Iterator[Record]:
    """The whole stream as one record, without its byte order mark."""
    data = stream.read()
    start = len(BOM) if data.startswith(BOM) else 0
    yield Record(start, start, data[start:])


def wikiextractor_records(
    stream: BinaryIO, start: int, end: int, stray: Callable[[int, str], None]
) -> Iterator[Record]:
    """The ``<doc ...>`` to ``</doc>`` stretches that open in ``[start, end)``.

    ``stray(offset, what)`` is told of text outside of them and of documents that never close.
    """
    window = _window(stream, max(0, start - 1), end)
    if start > 0:
        _skip_line(window)
    opened: Record | None = None
    # What stands before the first opening tag belongs to the range before, if there is one.
    inside_corpus = start == 0
    while True:
        position = 0
        for mark in _WIKI_MARK.finditer(window.data):
            if window.may_go_on(mark.end()):
                break
            at = window.base + mark.start()
            if opened is not None:
                content = window.data[position : mark.start()]
                if mark["open"]:
                    stray(opened.offset, "unterminated_document")
                else:
                    yield opened._replace(content=content)
            elif inside_corpus:
                _check_blank(window, position, mark.start(), stray)
            opened = None
            position = mark.end()
            if mark["open"]:
                if at >= end:
                    return
                inside_corpus = True
                opened = Record(at, window.base + position, b"", mark["open"])
            elif not inside_corpus:
                continue
        if window.exhausted:
            if opened is not None:
                stray(opened.offset, "unterminated_document")
            elif inside_corpus:
                _check_blank(window, position, len(window.data), stray)
            return
        window.release(position)
        window.grow()


def _check_blank(window: Window, start: int, end: int, stray: Callable[[int, str], None]) -> None:
    text = window.data[start:end].removeprefix(BOM)
    if text.strip():
        stray(window.base + end - len(text.lstrip()), "text_outside_document")


def _window(stream: BinaryIO, start: int, end: int) -> Window:
    if start:
        stream.seek(start)
    return Window(stream, start, end)


def _start_of_white_space(stream: BinaryIO, position: int) -> int:
    """Where the white space that reaches up to ``position`` begins; there, if none does."""
    while position > 0:
        back = max(0, position - _LOOK_BACK_BYTES)
        stream.seek(back)
        before = _whole_characters(stream.read(position - back + 1))
        blank = _TRAILING.search(before)
        if not blank:
            return back + len(before)
        if blank.start() > 0:
            return back + int(blank.start())
        position = back
    return 0


def _whole_characters(data: bytes) -> bytes:
    """Drops the last byte, and with it the beginning of the character that it continues."""
    end = len(data) - 1
    while end > 0 and data[end] & 0xC0 == 0x80 and len(data) - end <= 4:
        end -= 1
    return data[:end]


def _skip_leading(window: Window) -> None:
    while window.may_go_on(length := _LEADING.match(window.data).end()):
        window.grow()
    window.release(length)


def _skip_past(window: Window, separator: regex.Pattern[bytes]) -> None:
    """Releases the rest of a record that began before the range, and the separator after it."""
    while True:
        match = separator.search(window.data)
        if match and not window.may_go_on(match.end()):
            window.release(match.end())
            return
        if window.exhausted:
            window.release(len(window.data))
            return
        window.grow()


def _skip_line(window: Window) -> None:
    while (newline := window.data.find(b"\n")) < 0 and not window.exhausted:
        window.grow()
    window.release(newline + 1 if newline >= 0 else len(window.data))


def _stripped(window: Window, start: int, end: int) -> Record:
    offset = window.base + start
    return Record(offset, offset, window.data[start:end])


def line_number(stream: BinaryIO, offset: int) -> int:
    """The line, from 1, that holds byte ``offset`` of a freshly opened stream."""
    line, left = 1, offset
    while left > 0 and (block := stream.read(min(left, io.DEFAULT_BUFFER_SIZE * 64))):
        line += block.count(b"\n")
        left -= len(block)
    return line
