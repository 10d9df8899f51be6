"""PTB, the Penn Treebank as Mikolov's language modelling data has it.

A line is a sentence of words apart by blanks, ``<unk>`` stands for a rare one, and nothing says
where a document ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import line_records
from bertprep.corpus.sample import Sample
from bertprep.corpus.sizes import READ_SIZES
from bertprep.options import FileFormat

_FEWEST_LINES = 3
# It is in lower case but for N, which stands for a number.
_FOREIGN = re.compile(rb"[A-MO-Z\t\x80-\xff]|[A-Za-z]N|N[A-Za-z]")


class Ptb(Format):
    """The Penn Treebank as lines of words."""

    name: ClassVar[FileFormat] = "ptb"
    shown: ClassVar[str] = (
        f"PTB, one sentence a line, {READ_SIZES.document >> 10} KiB a document, <unk> as [UNK]"
    )
    evidence: ClassVar[str] = "lines of lower-case words with <unk>"
    is_segmented: ClassVar[bool] = False
    marks_unknown: ClassVar[bool] = True

    def recognises(self, sample: Sample) -> bool:
        """Each line begins with a blank, holds no capital but N, and some hold ``<unk>``."""
        return (
            len(sample.lines) >= _FEWEST_LINES
            and any(b" <unk> " in line for line in sample.lines)
            and all(line.startswith(b" ") and not _FOREIGN.search(line) for line in sample.lines)
        )

    def documents(self, source: Source) -> Iterator[Document]:
        sizes = source.sizes
        for record in line_records(source.stream, source.start, source.end, sizes.document, sizes):
            yield from source.decoded(record)
