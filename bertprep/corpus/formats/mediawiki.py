"""Dumps of MediaWiki (pages-articles.xml): the prose of each article, from its wikitext."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

import regex

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.mediawiki.site import HEADER_BYTES, Site
from bertprep.corpus.mediawiki.wikicode import text_of
from bertprep.corpus.records import Record, parted_records
from bertprep.corpus.sample import Sample
from bertprep.options import FileFormat

_DUMP = re.compile(rb"(?:<\?xml[^>]*>\s*)?<mediawiki\b")
_PIECE = re.compile(rb"^ *<page>\s*<title>[^<]*</title>\s*<ns>-?\d+</ns>", re.MULTILINE)
_PAGE = regex.compile(rb"<page>")
_TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
_NAMESPACE = re.compile(rb"<ns>(-?\d+)</ns>")
_MODEL = re.compile(rb"<model>([^<]*)</model>")
_TEXT = re.compile(rb"<text\b[^>]*?(?:/>|>([^<]*(?:<(?!/text>)[^<]*)*)</text>)")
# In any language: exports of old do not say otherwise that a page only leads on.
_LEADS_ON = re.compile(rb"\s*#[^\s\[\]#*:]{3,60}\s*:?\s*\[\[[^\]\n]+\]\]")
_END = b"</page>"
_ESCAPES = {
    b"&lt;": b"<",
    b"&gt;": b">",
    b"&quot;": b'"',
    b"&#039;": b"'",
    b"&#x27;": b"'",
    b"&amp;": b"&",
}
_REASONS = {
    "template": "wiki_template",
    "table": "wiki_table",
    "element": "wiki_element",
    "link": "wiki_file",
    "list_item": "wiki_list_item",
    "section_line": "wiki_list_section",
}


class MediaWiki(Format):
    """Pages between ``<page>`` and ``</page>``; of several revisions of one, the last."""

    name: ClassVar[FileFormat] = "mediawiki"
    shown: ClassVar[str] = "a MediaWiki dump"
    evidence: ClassVar[str] = "<mediawiki>, or pages with titles and namespaces"

    def recognises(self, sample: Sample) -> bool:
        return bool(_DUMP.match(sample.text) or _PIECE.search(sample.head))

    def documents(self, source: Source) -> Iterator[Document]:
        site = _site(source)
        pages = parted_records(
            source.stream, source.start, source.end, _PAGE, is_line=False, sizes=source.sizes
        )
        for record in pages:
            if record.header:
                yield from _article(record, site, source)


def _site(source: Source) -> Site:
    source.stream.seek(0)
    return Site.of_header(source.stream.read(HEADER_BYTES).partition(b"<page>")[0])


def _article(record: Record, site: Site, source: Source) -> Iterator[Document]:
    page, end, _ = record.content.partition(_END)
    if not end:
        what = "opens a <page> that no </page> closes (a truncated file?)"
        return source.bad("unterminated_page", record, what, None)
    title = _found(_TITLE, page)
    if reason := _not_an_article(page):
        return source.drops.add(reason, source.name, record.offset, title)
    texts = _TEXT.findall(page)
    wikitext = source.utf8(record._replace(content=_unescaped(texts[-1] if texts else b"")))
    if wikitext is None:
        return
    text = _prose(wikitext, title, site, record, source)
    if not text:
        reason = "wiki_redirect" if _LEADS_ON.match(wikitext) else "no_prose"
        return source.drops.add(reason, source.name, record.offset, title)
    if source.options.keep_titles:
        text = title + b"\n" + text
    else:
        source.drops.add("title_line", source.name, record.offset, title)
    yield Document(record.offset, text)


def _prose(wikitext: bytes, title: bytes, site: Site, record: Record, source: Source) -> bytes:
    def dropped(why: str, what: str) -> None:
        note = source.drops.add_named if why == "template" else source.drops.add
        note(_REASONS[why], source.name, record.offset, what)

    page_title = title.decode("utf-8", "replace")
    return text_of(wikitext.decode("utf-8"), page_title, site, dropped).encode("utf-8", "replace")


def _not_an_article(page: bytes) -> str:
    """Why a page is left out, if it is."""
    head = page.partition(b"<text")[0]
    if b"<redirect" in head:
        return "wiki_redirect"
    if _found(_NAMESPACE, head) not in (b"", b"0"):
        return "wiki_other_page"
    if _found(_MODEL, head) not in (b"", b"wikitext"):
        return "wiki_other_page"
    return ""


def _found(pattern: re.Pattern[bytes], page: bytes) -> bytes:
    found = pattern.search(page)
    return _unescaped(found[1]) if found else b""


def _unescaped(text: bytes) -> bytes:
    if b"&" in text:
        for escape, character in _ESCAPES.items():
            text = text.replace(escape, character)
    return text
