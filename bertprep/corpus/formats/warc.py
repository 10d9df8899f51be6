"""Web archives, WARC with its WET and ARC: a page that was fetched is a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, ClassVar

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import Record
from bertprep.corpus.sample import HEAD_BYTES, Sample
from bertprep.corpus.web.pages import check_extractor, page_text
from bertprep.corpus.web.ranges import first_record
from bertprep.corpus.web.records import ARC, WARC, WebRecord, web_records
from bertprep.corpus.web.responses import Content, content_of, content_of_response
from bertprep.options import FileFormat, ReadOptions

_PAGES = ("text/html", "application/xhtml+xml")
_OF_PAGES = re.compile(rb"(?mi)^WARC-Type: *(?:response|resource)\b")


class Warc(Format):
    """Records; of pages the main text, of WET the text that it holds."""

    name: ClassVar[FileFormat] = "warc"
    shown: ClassVar[str] = "a web archive"
    evidence: ClassVar[str] = "a record of WARC or ARC at its beginning"

    def recognises(self, sample: Sample) -> bool:
        return bool(WARC.match(sample.text) or ARC.match(sample.text))

    def check(self, stream: BinaryIO, path: str, options: ReadOptions) -> int:
        head = stream.read(HEAD_BYTES)
        if ARC.match(head.lstrip()) or _OF_PAGES.search(head):
            check_extractor(f"{path} is a web archive of HTML pages")
        return 0

    def documents(self, source: Source) -> Iterator[Document]:
        start = first_record(source.stream, source.start, source.end)
        if start is not None:
            for record in web_records(source.stream, start, source.end):
                yield from _document(record, source)


def _document(record: WebRecord, source: Source) -> Iterator[Document]:
    url = record.headers.get("warc-target-uri", "")
    content = _content(record)
    if content is None or content.kind not in (*_PAGES, "text/plain"):
        return source.drops.add("web_other_record", source.name, record.offset, url)
    if content.kind == "text/plain":
        yield from _plain(content, record, source)
        return
    text = page_text(content.data, content.charset)
    if not text:
        return source.drops.add("no_main_text", source.name, record.offset, url)
    yield Document(record.offset, text.encode("utf-8", "replace"))


def _content(record: WebRecord) -> Content | None:
    if record.kind == "response":
        return content_of_response(record.body)
    if record.kind in ("resource", "conversion"):
        return content_of(record.headers.get("content-type", ""), record.body)
    return None


def _plain(content: Content, record: WebRecord, source: Source) -> Iterator[Document]:
    data = content.data
    if content.charset:
        with suppress(LookupError, ValueError):  # then it is what it is, or bad
            data = data.decode(content.charset).encode("utf-8")
    yield from source.decoded(Record(record.offset, record.offset, data))
