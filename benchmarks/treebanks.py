"""Documents and their sentences, from JSON lines or from the CoNLL-U files of treebanks.

Of a treebank that does not say where its documents begin, ten sentences in a row are taken for
one, as are those of one that has documents of a single sentence. Between two sentences stands a
space (none where the script has none), and a blank line between paragraphs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PSEUDO = 10
_UNSPACED = ("zh", "ja", "th", "lo", "km", "my", "lzh", "yue")


class Record(NamedTuple):
    """A document, its sentences in order, and the code of its language."""

    doc: str
    sentences: list[str]
    language: str


class _Line(NamedTuple):
    text: str
    glued: bool  # nothing stands between it and the next
    document: bool  # it begins one
    paragraph: bool


def read(path: Path, most: int) -> list[Record]:
    """The documents of a file, so many sentences of them at ``most``."""
    if path.suffix == ".jsonl":
        found = map(json.loads, path.read_text("utf-8").splitlines())
        language = path.name.partition("_")[0]
        return [Record(r["doc"], r["sentences"], language) for r in found]
    return _documents(list(_lines(path))[:most], path.name.partition("_")[0])


def _lines(path: Path) -> Iterator[_Line]:
    for block in path.read_text("utf-8").split("\n\n"):
        rows = block.splitlines()
        texts = [row[9:].strip() for row in rows if row.startswith("# text = ")]
        last = next((row for row in reversed(rows) if row[:1].isdigit()), "")
        if texts and texts[0]:
            document, paragraph = (
                any(row.startswith(mark) for row in rows) for mark in ("# newdoc", "# newpar")
            )
            yield _Line(texts[0], "SpaceAfter=No" in last, document, paragraph)


def _documents(lines: list[_Line], language: str) -> list[Record]:
    counted = sum(line.document for line in lines)
    pseudo = not counted or len(lines) < 2 * counted
    spaced = language not in _UNSPACED
    # Most treebanks of loose sentences say of each that no space is behind it.
    honest = sum(line.glued for line in lines) * 2 < len(lines)
    records: list[Record] = []
    for number, line in enumerate(lines):
        if number == 0 or (number % PSEUDO == 0 if pseudo else line.document):
            records.append(Record("", [], language))
            gap = ""
        elif line.paragraph:
            gap = "\n\n"
        else:
            gap = " " if spaced and not (honest and lines[number - 1].glued) else ""
        doc, sentences, _ = records[-1]
        records[-1] = Record(doc + gap + line.text, [*sentences, line.text], language)
    return records
