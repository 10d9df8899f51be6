"""WikiText, the language modelling data of Merity et al.

An article begins with a line `` = Title = ``, a section with `` = = Section = = ``; words stand
apart, ``@-@`` is a hyphen within a word, and ``<unk>`` stands for a rare word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import regex

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import Record, parted_records
from bertprep.corpus.sample import Sample
from bertprep.options import FileFormat

_TITLE = regex.compile(rb"^ = (?!= )(?P<title>[^\n]{1,400}?)(?<! =) = ?[ \t\r]*$", regex.MULTILINE)
_SECTION = regex.compile(rb"^ (?:= )++(?P<title>[^\n]{1,400}?)(?: =)++ *$", regex.MULTILINE)
_JOINED = regex.compile(rb" @([-,.])@ ")
_SPACED_SHARE = 0.8


class WikiText(Format):
    """Articles that begin with a heading between single equals signs."""

    name: ClassVar[FileFormat] = "wikitext"
    shown: ClassVar[str] = "WikiText, <unk> as [UNK]"
    evidence: ClassVar[str] = "headings ' = Title = ' and lines between blanks"
    marks_unknown: ClassVar[bool] = True

    def recognises(self, sample: Sample) -> bool:
        lines = [line for line in sample.lines if line.strip()]
        spaced = sum(line.startswith(b" ") and line.endswith(b" ") for line in lines)
        if not lines or spaced < _SPACED_SHARE * len(lines):
            return False
        return bool(_TITLE.search(sample.head) or _SECTION.search(sample.head))

    def documents(self, source: Source) -> Iterator[Document]:
        for record in parted_records(
            source.stream, source.start, source.end, _TITLE, True, source.sizes
        ):
            for document in source.decoded(_with_title(record, source)):
                text = _SECTION.sub(rb"\g<title>", document.text)
                yield document._replace(text=_JOINED.sub(rb"\1", text))


def _with_title(record: Record, source: Source) -> Record:
    title = _TITLE.match(record.header)
    if not title:
        return record
    if source.options.keep_titles:
        return record._replace(content=title["title"] + b"\n" + record.content.lstrip(b"\r\n"))
    source.drops.add("title_line", source.name, record.offset, title["title"])
    return record
