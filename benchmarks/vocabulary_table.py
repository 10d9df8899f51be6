"""Vocabularies learned on one text and tried on another of the same language, as a Markdown table.

    python benchmarks/vocabulary_table.py texts.tsv --sizes 8000 30522 > table.md

Lines of texts.tsv are a name, "cased" or "uncased", the text to learn from and another text (UTF-8
files, several with a space between them), with tabs between these four. Of the first text, every
tenth block of 50 lines is held out: it is "in", the other text is "out". Cells are pieces a word
with BERT's own encoder, and after it the words of ten thousand that are [UNK], which count as one
piece. The learners are those of vocabulary_quality.py: bertprep, the WordPiece trainer of
`tokenizers` and the BPE of `sentencepiece`, whose packages have to be installed. Neither of the
first two makes a piece of two characters seen but once; sentencepiece does, if there is room.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from vocabulary_quality import (
    Learner,
    count_words,
    judge,
    ours,
    read_lines,
    split_lines,
    with_sentencepiece,
    with_tokenizers,
)

LEARNERS: dict[str, Learner] = {
    "bertprep": ours,
    "tokenizers": with_tokenizers,
    "sentencepiece": with_sentencepiece,
}


class Text(NamedTuple):
    """What to learn from, and what else to try it on."""

    name: str
    cased: bool
    learned: list[Path]
    other: list[Path]


def read_texts(path: Path) -> list[Text]:
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line]
    return [
        Text(name, casing == "cased", *([Path(p) for p in paths.split(" ")] for paths in places))
        for name, casing, *places in rows
    ]


def rows(text: Text, sizes: list[int]) -> Iterator[str]:
    lines, held_out = split_lines(read_lines(text.learned))
    counted, *tried = (
        count_words(part, not text.cased) for part in (lines, held_out, read_lines(text.other))
    )
    for size in sizes:
        cells = []
        for learner in LEARNERS.values():
            pieces = learner(lines, counted, size, not text.cased)
            for words in tried:
                each, unknown = judge(pieces, words)
                cells.append(f"{each:.4f} ({unknown * 10_000:.1f})")
        yield f"| {text.name} | {size:,} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[8000, 30522])
    options = parser.parse_args()
    os.environ["RAYON_NUM_THREADS"] = "1"
    heads = [f"{name}, {where}" for name in LEARNERS for where in ("in", "out")]
    print(f"| text | size | {' | '.join(heads)} |\n|---|--:|{'--:|' * len(heads)}")
    for text in read_texts(options.texts):
        for row in rows(text, options.sizes):
            print(row, flush=True)


if __name__ == "__main__":
    main()
