"""Reviews of films as aclImdb has them: one a file, in one line, ``<br />`` for its line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import whole_record
from bertprep.corpus.sample import Sample
from bertprep.options import FileFormat, ReadOptions

_BREAK = re.compile(rb"\s*(?:<br ?/>\s*)+")
_TAG = re.compile(rb"</?[a-zA-Z][^<>]*>")
_LONGEST = 1 << 15


class Imdb(Format):
    """A file is a review."""

    name: ClassVar[FileFormat] = "imdb"
    shown: ClassVar[str] = "reviews, <br /> as a line break"
    evidence: ClassVar[str] = "one line with <br /> and no other tag"

    def recognises(self, sample: Sample) -> bool:
        text = sample.text.strip()
        if not sample.is_whole or len(text) > _LONGEST or b"\n" in text or b"<br />" not in text:
            return False
        return not _TAG.search(_BREAK.sub(b"\n", text))

    def documents(self, source: Source) -> Iterator[Document]:
        for record in whole_record(source.stream, source.sizes):
            content = _BREAK.sub(b"\n", record.content)
            yield from source.decoded(record._replace(content=content))

    def may_be_cut(self, options: ReadOptions) -> bool:
        return False
