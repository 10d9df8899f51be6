"""Cuts a byte stream into raw records, each with the offset of its first byte.

A range of a file yields exactly the records whose first byte lies in it, so ranges can be read
apart, in any order, and together give every record once.  Offsets count bytes of the (decompressed)
stream.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import regex

from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.corpus.window import (
    BOM,
    LONGEST_CHARACTER,
    WHITE,
    RecordTooLong,
    Window,
    is_marked,
    plain_copy,
    skip_line,
)

_BLANK = rb"[ \t\x0b\x0c\x1c-\x1f]"

# Separators are whole runs of white space from their first line break on, so that a record starts
# at its first visible character.
BLANK_LINE = regex.compile(rb"\n" + _BLANK + rb"*+\n[" + WHITE + rb"]*+")
BLANK_LINES = regex.compile(rb"\n" + _BLANK + rb"*+\n" + _BLANK + rb"*+\n[" + WHITE + rb"]*+")
LINE_BREAK = regex.compile(rb"\n[" + WHITE + rb"]*+")
_SPACES = regex.compile(rb"[" + WHITE + rb"]*+")
_LINE_END = regex.compile(rb"[\r\n]+")
_BLANK_LINE_BYTES = b" \r\n\v\f"  # a tab is not: it says that there are two sentences
_LEADING = regex.compile(rb"(?:" + BOM + rb")?+[" + WHITE + rb"]*+")


class Record(NamedTuple):
    """A stretch of the stream; ``header`` is the opening tag of a WikiExtractor document."""

    offset: int
    content_offset: int
    content: bytes
    header: bytes = b""


def separated_records(
    stream: BinaryIO,
    start: int,
    end: int,
    separator: regex.Pattern[bytes],
    lone_cr_breaks: bool = True,
    sizes: ReadSizes = READ_SIZES,
) -> Iterator[Record]:
    """The records between separators whose first byte lies in a range.

    Args:
        stream: of the whole file, decompressed.
        start: the first byte of the range.
        end: the byte behind it.
        separator: what lies between two records.
        lone_cr_breaks: whether a \\r that no \\n follows is a line break; else it is a blank.
        sizes: how many bytes are read at a time.
    """
    position, before = _look_back(stream, start, separator, lone_cr_breaks, sizes.look_back)
    window = Window(stream, position, end, lone_cr_breaks, sizes)
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


def _look_back(
    stream: BinaryIO,
    start: int,
    separator: regex.Pattern[bytes],
    lone_cr_breaks: bool,
    length: int,
) -> tuple[int, regex.Pattern[bytes]]:
    """Where to look for the first record from ``start`` on, and what to skip before it.

    The white space before ``start`` may hold a separator, or the beginning of one.  So many
    bytes as ``length`` are read at first.
    """
    start = _character_start(stream, start) if start > 0 else 0
    while start > 0:
        back = max(0, start - length)
        stream.seek(back)
        before = plain_copy(stream.read(start - back), lone_cr_breaks)
        visible = len(before.rstrip(WHITE))
        blank = before[visible:]
        if separator.search(blank) or (back == 0 and before[:visible] in (b"", BOM)):
            return start, _SPACES
        if back == 0 or visible >= LONGEST_CHARACTER:
            line_break = blank.find(b"\n")
            return back + visible + (line_break if line_break >= 0 else len(blank)), separator
        length *= 2
    return 0, _LEADING


def _character_start(stream: BinaryIO, position: int) -> int:
    """The first byte of the character that byte ``position`` belongs to."""
    back = min(position, LONGEST_CHARACTER)
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


def whole_record(stream: BinaryIO, sizes: ReadSizes = READ_SIZES) -> Iterator[Record]:
    """The whole stream as one record, without its byte order mark; RecordTooLong as ``Window``."""
    data = stream.read(sizes.record)
    if stream.read(1):  # asked for in any case: a gzip file tells of its damage only then
        raise RecordTooLong(0)
    start = len(BOM) if data.startswith(BOM) else 0
    yield Record(start, start, data[start:])


def line_records(
    stream: BinaryIO, start: int, end: int, stretch: int = 1, sizes: ReadSizes = READ_SIZES
) -> Iterator[Record]:
    """The lines of a file that begin in a range; blank ones are left out.

    Lines that begin in the same stretch are one record.  Stretches are counted from the file's
    first byte, so that records are the same whatever the ranges; one belongs to the range that
    holds its first byte.

    Args:
        stream: of the whole file, decompressed.
        start: the first byte of the range.
        end: the byte behind it.
        stretch: bytes; with one, each line is a record.
        sizes: how many bytes are read at a time.
    """
    first = start - start % stretch
    # The byte before it tells whether a line begins there; a byte order mark is part of no line.
    window = Window(stream, first - 1 if first > len(BOM) else 0, end, sizes=sizes)
    position = len(BOM) if window.base == 0 and is_marked(window) else 0
    while (offset := window.base + position) < end:
        next_stretch = offset - offset % stretch + stretch
        line_end = _LINE_END.search(window.data, next_stretch - 1 - window.base)
        is_whole = line_end is not None and line_end.end() < len(window.data)
        if not is_whole and not window.exhausted:
            if offset < start and window.covers_range():
                return  # the line before the range goes on past its end
            window.release(position)
            position = 0
            window.grow()
            continue
        stop = line_end.end() if line_end else len(window.data)
        content = window.data[position:stop].rstrip(b"\r\n")
        if offset >= start and content.strip(_BLANK_LINE_BYTES):
            yield Record(offset, offset, content)
        if line_end is None:
            return
        position = stop


def parted_records(
    stream: BinaryIO,
    start: int,
    end: int,
    mark: regex.Pattern[bytes],
    is_line: bool,
    sizes: ReadSizes = READ_SIZES,
) -> Iterator[Record]:
    """The stretches that begin with a mark whose first byte lies in the range.

    What stands before the first mark of the file is a record, too.  The mark is the record's
    ``header`` and no part of its content.

    Args:
        stream: the file.
        start: the first byte of the range.
        end: the byte after its last.
        mark: matches a whole line if it ``is_line``, else a string that cannot overlap itself.
        is_line: which of the two.
        sizes: how much is read at a time.
    """
    window = Window(stream, start - 1 if is_line and start > 0 else start, end, sizes=sizes)
    if start == 0:
        window.release(len(BOM) if is_marked(window) else 0)
    elif is_line:
        skip_line(window)
    opened = Record(window.base, window.base, b"") if start == 0 else None
    if not opened and not _skip_to_mark(window, mark, end, is_line):
        return
    for offset, text, found in stretches(window, mark):
        if opened and text.strip():
            yield opened._replace(content=text)
        if found:
            at = offset + len(text)
            if at >= end:
                return
            opened = Record(at, at + len(found[0]), b"", found[0])


def _skip_to_mark(window: Window, mark: regex.Pattern[bytes], end: int, is_line: bool) -> bool:
    """Releases all before the first mark; False if there is none in the range."""
    while window.base < end:
        found = mark.search(window.data)
        if found and not window.may_go_on(found.end()):
            window.release(found.start())
            return window.base < end
        if window.exhausted and not found:
            return False
        if not found:
            kept = window.data.rfind(b"\n") + 1 if is_line else len(window.data) - 64
            window.release(max(0, kept))
        window.grow()
        if window.exhausted and found:
            window.release(found.start())
            return window.base < end
    return False


def stretches(
    window: Window, mark: regex.Pattern[bytes]
) -> Iterator[tuple[int, bytes, regex.Match[bytes] | None]]:
    """(offset, text, the mark after it) for all marks and the end of the stream."""
    while True:
        position = 0
        for found in mark.finditer(window.data):
            if window.may_go_on(found.end()):
                break
            yield window.base + position, window.data[position : found.start()], found
            position = found.end()
        if window.exhausted:
            yield window.base + position, window.data[position:], None
            return
        window.release(position)
        window.grow()


def line_number(stream: BinaryIO, offset: int) -> int:
    """The line, from 1, that holds byte ``offset`` of a freshly opened stream."""
    line, left = 1, offset
    while left > 0 and (block := stream.read(min(left, io.DEFAULT_BUFFER_SIZE * 64))):
        line += block.count(b"\n")
        left -= len(block)
    return line
