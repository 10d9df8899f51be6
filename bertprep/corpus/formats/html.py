"""HTML: a file is a page, and a page a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import whole_record
from bertprep.corpus.sample import Sample
from bertprep.corpus.web.pages import check_extractor, page_text
from bertprep.options import FileFormat, ReadOptions

# Before the first tag. Atomic: a comment that could end at any later one would double the ways with
# each of them.
PROLOG = rb"(?:<\?xml[^>]*>\s*+|<!--(?>.*?-->)\s*+)*+"
_PAGE = re.compile(PROLOG + rb"<(?i:!doctype\s+html|html)\b", re.DOTALL)


class Html(Format):
    """Pages, of which the main text is taken."""

    name: ClassVar[FileFormat] = "html"
    shown: ClassVar[str] = "HTML, its main text"
    evidence: ClassVar[str] = "<!doctype html> or <html> at its beginning"

    def recognises(self, sample: Sample) -> bool:
        return bool(_PAGE.match(sample.text))

    def check(self, stream: BinaryIO, path: str, options: ReadOptions) -> int:
        check_extractor(f"{path} is an HTML page")
        return 0

    def documents(self, source: Source) -> Iterator[Document]:
        for record in whole_record(source.stream, source.sizes):
            text = page_text(record.content, "utf-8" if source.encoding else "")
            if text:
                yield Document(record.offset, text.encode("utf-8", "replace"))
            else:
                source.drops.add("no_main_text", source.name, record.offset, record.content)

    def may_be_cut(self, options: ReadOptions) -> bool:
        return False
