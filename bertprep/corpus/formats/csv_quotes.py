"""Quotes of a table: whether they enclose cells, and whether the last that begins one ends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from bertprep.corpus.compression import Watched

_READ_BYTES = 1 << 18
# A cell that a quote begins, and one that it ends as well.
_QUOTE = re.compile(r'(?:^|\t)"(?P<whole>(?:[^"]|"")*"(?=\t|\r?$))?', re.MULTILINE)
_CLOSES = re.compile(rb'(?:[^"]+|"")*"(?!")')


class CountedQuotes(Watched):
    """A stream that counts the quotes in what is read of it.

    Attributes:
        quotes: how many there were.
    """

    quotes = 0

    def read(self, size: int = -1) -> bytes:
        data = super().read(size)
        self.quotes += data.count(b'"')
        return data


def ends_within_quotes(stream: BinaryIO, delimiter: str) -> bool:
    """Whether a quote begins a cell, and none ends it before the end of the file.

    Args:
        stream: of the file; it is read from its first byte on.
        delimiter: of the cells.
    """
    opens = re.compile(rb'(?:^|%s)"' % re.escape(delimiter).encode())
    is_open = False
    for line in _lines(stream):
        is_open = _is_open_after(line, is_open, opens)
    return is_open


def _is_open_after(line: bytes, is_open: bool, opens: re.Pattern[bytes]) -> bool:
    at = 0
    while True:
        pattern = _CLOSES.match if is_open else opens.search
        found = pattern(line, at)
        if not found:
            return is_open
        at, is_open = found.end(), not is_open


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    left = b""
    while data := stream.read(_READ_BYTES):
        *lines, left = (left + data.replace(b"\r", b"\n")).split(b"\n")
        yield from lines
    yield left


def quotes_enclose(text: str, is_whole: bool) -> bool:
    """Whether all quotes that begin a cell between tabs end one, too; there are some.

    Args:
        text: of the table.
        is_whole: or whether its last cell may be cut.
    """
    whole = [bool(found["whole"]) for found in _QUOTE.finditer(text)]
    return bool(whole) and all(whole if is_whole else whole[:-1])
