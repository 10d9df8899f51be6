"""Sentence pairs, the corpus of codertimo/BERT-pytorch.

A line is a sentence, a tab, and the sentence after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import ClassVar

import regex

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.identity import document_text
from bertprep.corpus.records import Record, line_records
from bertprep.corpus.sample import Sample
from bertprep.options import FileFormat

_FEWEST_LINES = 3
_FORMED_SHARE = 0.9
_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]|\p{L}[\p{L}\p{M}]*")
# Fewer words than a sentence has are a name, a label or a number, more are an article.
_FEWEST_WORDS, _MOST_WORDS = 4, 100
_SPELLED = r" but a backslash and a t, of which sed 's/\\t/\t/' makes one"


class SentencePairs(Format):
    """Two sentences a line.

    They are told from other lines by what all at the beginning of a file have in common: a guess
    from the text itself, so it is made only of what prose would hardly be by chance.
    """

    name: ClassVar[FileFormat] = "sentence-pairs"
    shown: ClassVar[str] = "sentence pairs, two a line with a tab between"
    evidence: ClassVar[str] = "two sentences with a tab between in each line"
    is_segmented: ClassVar[bool] = False

    def recognises(self, sample: Sample) -> bool:
        rows = _two_columns(sample.lines)
        return bool(rows) and _are_sentences(rows)

    def documents(self, source: Source) -> Iterator[Document]:
        for record in line_records(source.stream, source.start, source.end, sizes=source.sizes):
            yield from _pair(record, source)


def _pair(record: Record, source: Source) -> Iterator[Document]:
    for document in source.decoded(record):
        fault = pair_fault(document.text.decode("utf-8"))
        if fault is None:
            yield document
        else:
            what = f"is not a sentence, a tab and the next sentence: {fault}"
            source.bad("bad_pair", record, what, None)


def pair_fault(line: str) -> str | None:
    """Why a line is no pair of sentences, or None if it is one."""
    first, *others = line.split("\t")
    if not others:
        return "it has no tab" + (_SPELLED if r"\t" in line else "")
    if len(others) > 1:
        return f"it has {len(others)} tabs"
    before, behind = (document_text(half.encode()) for half in (first, *others))
    if not before or not behind:
        return f"nothing stands {'behind' if before else 'before'} its tab"
    return None


def _two_columns(lines: Sequence[bytes]) -> list[list[bytes]]:
    """The lines as rows if nearly all have one tab, with something on both sides; else none.

    A bad line does not make prose of the others.
    """
    rows = [line.split(b"\t") for line in lines if line.strip()]
    good = [row for row in rows if len(row) == 2 and row[0].strip() and row[1].strip()]
    return good if len(good) >= max(_FEWEST_LINES, _FORMED_SHARE * len(rows)) else []


def _are_sentences(rows: Sequence[Sequence[bytes]]) -> bool:
    """Whether the cells of each column mostly have as many words as a sentence has."""
    return all(
        _FEWEST_WORDS <= median(map(_count_words, column)) <= _MOST_WORDS
        for column in zip(*rows, strict=True)
    )


def _count_words(cell: bytes) -> int:
    return len(_WORD.findall(cell.decode("utf-8", "replace")))
