"""WikiExtractor's output: an article from its ``<doc ...>`` line to its ``</doc>`` line."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, ClassVar

import regex

from bertprep.corpus.formats.article_escapes import unescaped
from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import Record, stretches
from bertprep.corpus.sample import Sample
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.corpus.window import BOM, WHITE, Window, is_marked, plain_copy, skip_line
from bertprep.options import FileFormat

_HEADER = re.compile(rb'<doc [a-z]+="[^\n]*>[ \t\r]*(?:\n|\Z)')
_WITHIN = re.compile(rb'^</doc>[ \t\r]*\n\s*<doc id="[^\n]*>[ \t\r]*$', re.MULTILINE)
_TITLE = re.compile(rb'title="(.*)"[^"]*>$', re.DOTALL)
_WIKI_MARK = regex.compile(rb'^(?:(?P<open><doc [a-z]+="[^\n]*>)|</doc>)[ \t\r]*$', regex.MULTILINE)
_STRAY = {
    "unterminated_document": "opens a <doc> that no </doc> line closes (a truncated file?)",
    "text_outside_document": "holds text outside of <doc> and </doc>",
}

Stray = Callable[[Record, str], None]


class WikiExtractor(Format):
    """Articles between tags."""

    name: ClassVar[FileFormat] = "wikiextractor"
    shown: ClassVar[str] = "WikiExtractor"
    evidence: ClassVar[str] = "articles between <doc ...> and </doc> lines"

    def recognises(self, sample: Sample) -> bool:
        # A piece of a file begins within an article.
        return bool(_HEADER.match(sample.text) or _WITHIN.search(sample.head))

    def documents(self, source: Source) -> Iterator[Document]:
        def stray(record: Record, reason: str) -> None:
            source.bad(reason, record, _STRAY[reason], None)

        for record in wikiextractor_records(
            source.stream, source.start, source.end, stray, source.sizes
        ):
            for document in source.decoded(_without_title(record, source)):
                yield document._replace(text=unescaped(document.text))


def _without_title(record: Record, source: Source) -> Record:
    title = _TITLE.search(record.header)
    content = record.content.lstrip(b"\r\n")
    line, newline, rest = content.partition(b"\n")
    if source.options.keep_titles or not title or not newline or not line.strip():
        return record
    # Some versions escape &, < and > in one of the two places, some in both.
    if _unescaped(line.strip()) != _unescaped(title[1]):
        return record
    end = record.content_offset + len(record.content)
    source.drops.add("title_line", source.name, end - len(content), line.strip())
    return record._replace(content=rest, content_offset=end - len(rest))


def _unescaped(text: bytes) -> bytes:
    return html.unescape(text.decode("utf-8", "replace")).encode("utf-8")


def wikiextractor_records(
    stream: BinaryIO, start: int, end: int, stray: Stray, sizes: ReadSizes = READ_SIZES
) -> Iterator[Record]:
    """The ``<doc ...>`` to ``</doc>`` stretches whose opening lines begin in a range.

    Args:
        stream: of the whole file, decompressed.
        start: the first byte of the range.
        end: the byte behind it.
        stray: is told of text outside of them and of documents that never close: the record, and
            the reason why it is none.
        sizes: how many bytes are read at a time.
    """
    window = Window(stream, start - 1 if start > len(BOM) else 0, end, sizes=sizes)
    if window.base == 0:
        window.release(len(BOM) if is_marked(window) else 0)
    while window.base < start and window.data:
        skip_line(window)
    if start > 0:
        # What stands before the first opening tag belongs to the range before.
        _skip_to_opening(window, end)
        if window.base >= end:
            return
    opened: Record | None = None
    for offset, text, mark in stretches(window, _WIKI_MARK):
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
    blank = len(text) - len(plain_copy(text.replace(BOM, b"   ")).lstrip(WHITE))
    if blank < len(text):
        offset += blank
        stray(Record(offset, offset, text[blank:]), "text_outside_document")
