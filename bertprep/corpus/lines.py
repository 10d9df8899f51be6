"""Formats in which a line is a record, whatever white space it begins with.

Sentence pairs are the corpus of codertimo/BERT-pytorch: a line is a sentence, a tab, and the
sentence after it.  PTB is the Penn Treebank as Mikolov's language modelling data has it: a line is
a sentence of words apart by blanks, and nothing says where a document ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from bertprep.corpus.inputs import BOM
from bertprep.corpus.records import Record, Window

# A document of PTB, about 70 of its sentences.
PTB_DOCUMENT_BYTES = 8 << 10

_LINE_END = re.compile(rb"[\r\n]+")
_BLANK = b" \r\n\v\f"  # a tab is not: it says that there are two sentences
_SPELLED = r" but a backslash and a t, of which sed 's/\\t/\t/' makes one"


def line_records(stream: BinaryIO, start: int, end: int, stretch: int = 1) -> Iterator[Record]:
    """The lines of a file; those that begin in the same ``stretch`` of its bytes are one record.

    Stretches are counted from the file's first byte, so that records are the same whatever the
    ranges; one belongs to the range that holds its first byte.  With a stretch of one byte each
    line is a record.  Blank records are left out.
    """
    first = start - start % stretch
    # The byte before it tells whether a line begins there; a byte order mark is part of no line.
    window = Window(stream, first - 1 if first > len(BOM) else 0, end)
    position = len(BOM) if window.base == 0 and _marked(window) else 0
    while (offset := window.base + position) < end:
        next_stretch = offset - offset % stretch + stretch
        line_end = _LINE_END.search(window.data, next_stretch - 1 - window.base)
        is_whole = line_end is not None and line_end.end() < len(window.data)
        if not is_whole and not window.exhausted:
            if offset < start and window.covers_range():
                return  # the line before the range goes on past its end
            window.release(position)
            position = 0
            window.grow()
            continue
        stop = line_end.end() if line_end else len(window.data)
        content = window.data[position:stop].rstrip(b"\r\n")
        if offset >= start and content.strip(_BLANK):
            yield Record(offset, offset, content)
        if line_end is None:
            return
        position = stop


def _marked(window: Window) -> bool:
    while len(window.data) < len(BOM) and not window.exhausted:
        window.grow()
    return window.data.startswith(BOM)


def pair_fault(line: str) -> str | None:
    """Why a line is no pair of sentences, or None if it is one."""
    first, *others = line.split("\t")
    if not others:
        return "it has no tab" + (_SPELLED if r"\t" in line else "")
    if len(others) > 1:
        return f"it has {len(others)} tabs"
    if not first.strip() or not others[0].strip():
        return f"nothing stands {'behind' if first.strip() else 'before'} its tab"
    return None
