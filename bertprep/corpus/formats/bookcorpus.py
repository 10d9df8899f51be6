"""A sentence a line and nothing else, as BookCorpus was published: books do not show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import line_records
from bertprep.corpus.sample import Part, Sample
from bertprep.corpus.sizes import READ_SIZES
from bertprep.options import FileFormat, ReadOptions

_FEWEST_LINES = 100
_SENTENCE = re.compile(rb"[^A-Z]+ (?:[.!?;:]|\.\.\.|''|\"|\)) *\r?")
_SENTENCE_SHARE, _COMMA_SHARE = 0.85, 0.1


class BookCorpus(Format):
    """The lines that begin in the same 8 KiB of a file are a document; each is a sentence."""

    name: ClassVar[FileFormat] = "bookcorpus"
    shown: ClassVar[str] = "a sentence a line"
    evidence: ClassVar[str] = "sentences in lower case, their marks apart, and no blank line"
    is_segmented: ClassVar[bool] = False

    def recognises(self, sample: Sample) -> bool:
        """It is a part of a long text without a blank line, and each line ends as a sentence."""
        return len(sample.lines) >= _FEWEST_LINES and all(map(_are_sentences, sample.parts))

    def documents(self, source: Source) -> Iterator[Document]:
        sizes = source.sizes
        for record in line_records(source.stream, source.start, source.end, sizes.document, sizes):
            yield from source.decoded(record)

    def detail(self, options: ReadOptions) -> str:
        return f"those that begin in the same {READ_SIZES.document >> 10} KiB are a document"


def _are_sentences(part: Part) -> bool:
    lines = part.lines
    if not all(map(bytes.strip, lines)):
        return False
    ended = sum(bool(_SENTENCE.fullmatch(line)) for line in lines)
    apart = sum(b" , " in line for line in lines)
    return ended >= _SENTENCE_SHARE * len(lines) and apart >= _COMMA_SHARE * len(lines)
