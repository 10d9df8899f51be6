"""One JSON array in a file: each of its objects, or strings, holds a document."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.formats.jsonl import OBJECT, json_document
from bertprep.corpus.records import Record
from bertprep.corpus.sample import Sample
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.corpus.window import BOM, Window
from bertprep.options import FileFormat, ReadOptions

_BEGINS = re.compile(rb"\[\s*(?:" + OBJECT + rb'|"[^"\\]*+(?:\\.[^"\\]*+)*+"\s*[,\]])', re.DOTALL)
_OPENING = re.compile(rb"(?:" + BOM + rb")?\s*\[")
# Strings, which may hold any of the others, those that a window cuts off, and what parts elements.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{},]', re.DOTALL)
_DEPTH = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}


class JsonArray(Format):
    """A JSON array."""

    name: ClassVar[FileFormat] = "json"
    shown: ClassVar[str] = "a JSON array"
    evidence: ClassVar[str] = "an array of objects or strings from its first byte on"
    has_fields: ClassVar[bool] = True

    def recognises(self, sample: Sample) -> bool:
        lines = sample.first.filled
        if len(lines) > 1 and all(line.endswith(b"]") for line in lines):
            return False  # an array a line
        return bool(_BEGINS.match(sample.text))

    def documents(self, source: Source) -> Iterator[Document]:
        for record in _elements(source):
            yield from json_document(record, source, may_be_string=True)

    def may_be_cut(self, options: ReadOptions) -> bool:
        return False


def _elements(source: Source) -> Iterator[Record]:
    window = _opened(source.stream, source.sizes)
    if window is None:
        if source.stream.tell():
            source.bad("bad_json", Record(0, 0, b""), "is where no JSON array begins", None)
        return
    while True:
        position, mark = 0, b""
        while mark != b"]" and (end := _end_of_element(window.data, position)) >= 0:
            mark = window.data[end : end + 1]
            yield from _element(window, position, end)
            position = end + 1
        window.release(position)
        if mark == b"]":
            return
        if window.exhausted:
            yield from _element(window, 0, len(window.data))
            at = window.base
            what = "is in an array that nothing closes (a truncated file?)"
            return source.bad("bad_json", Record(at, at, b""), what, None)
        window.grow()


def _opened(stream: BinaryIO, sizes: ReadSizes = READ_SIZES) -> Window | None:
    """A window from the first element on, if an array begins there."""
    window = Window(stream, 0, sys.maxsize, sizes=sizes)
    while len(window.data.removeprefix(BOM).strip()) < len(BOM) and not window.exhausted:
        window.grow()
    found = _OPENING.match(window.data)
    if not found:
        return None
    window.release(found.end())
    return window


def _element(window: Window, start: int, end: int) -> Iterator[Record]:
    content = window.data[start:end]
    blank = len(content) - len(content.lstrip())
    if blank < len(content):
        offset = window.base + start + blank
        yield Record(offset, offset, content.strip())


def _end_of_element(data: bytes, start: int) -> int:
    """Where the comma or bracket after an element is, or -1 if that is not there yet."""
    depth = 0
    for found in _TOKEN.finditer(data, start):
        token = found[0]
        if token == b'"':
            return -1
        if not depth and token in (b",", b"]"):
            return found.start()
        depth += _DEPTH.get(token, 0)
    return -1
