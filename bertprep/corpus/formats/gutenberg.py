"""Books of Project Gutenberg: a book is a document, without the licence before and behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

import regex

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import Record, parted_records
from bertprep.corpus.sample import Sample
from bertprep.corpus.unwrapped import unwrapped
from bertprep.options import FileFormat, ReadOptions

# Of books made before 2003 the licence alone ends with a mark, unless the other one follows.
_START = regex.compile(
    rb"^(?:\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK[^\n]*"
    rb"|\*END ?\*? ?THE SMALL PRINT![^\n]*\*END\*\r?"
    rb"(?!(?:\n[^\n]*+){1,40}?\n\*\*\* ?START OF))$",
    regex.MULTILINE | regex.IGNORECASE,
)
_END = re.compile(
    rb"^(?:\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG EBOOK"
    rb"|End of (?:the |this )?Project Gutenberg)",
    re.MULTILINE | re.IGNORECASE,
)
_PRODUCED = re.compile(r"\A\s*(?:Produced|Transcribed|E-text prepared) by .*?\n[ \t]*\n", re.DOTALL)
_EMPHASIS = re.compile(r"(?<!\w)_([^_\n]+(?:\n[^_\n]+)?)_(?!\w)")
_MARKS = re.compile(r"\[(?:Illustration|Footnote \d+)(?::[^\]]*)?\]")


class Gutenberg(Format):
    """Books between the marks that begin and end them."""

    name: ClassVar[FileFormat] = "gutenberg"
    shown: ClassVar[str] = "books of Project Gutenberg, their lines joined"
    evidence: ClassVar[str] = "*** START OF THE PROJECT GUTENBERG EBOOK, or *END*THE SMALL PRINT!"

    def recognises(self, sample: Sample) -> bool:
        return bool(_START.search(sample.head))

    def documents(self, source: Source) -> Iterator[Document]:
        for record in parted_records(
            source.stream, source.start, source.end, _START, True, source.sizes
        ):
            if record.header:
                yield from _book(record, source)

    def may_be_cut(self, options: ReadOptions) -> bool:
        return False  # a book is longer than what is looked ahead


def _book(record: Record, source: Source) -> Iterator[Document]:
    end = _END.search(record.content)
    body = record.content[: end.start()] if end else record.content
    source.drops.add("licence", source.name, record.offset, record.header)
    for document in source.decoded(record._replace(content=body)):
        text = document.text.decode("utf-8").replace("\r\n", "\n")
        text = _MARKS.sub("", _PRODUCED.sub("", text))
        text = unwrapped(_EMPHASIS.sub(r"\1", text))
        yield document._replace(text=text.encode("utf-8"))
