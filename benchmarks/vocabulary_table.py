"""Vocabularies learned on one text and tried on another of the same language, as a Markdown table.

    python benchmarks/vocabulary_table.py texts.tsv --sizes 8000 30522 > table.md

Lines of texts.tsv are a name, "cased" or "uncased", the text to learn from and another text (UTF-8
files, several with a space between them), with tabs between these four. Of the first text, every
tenth block of 50 lines is held out: it is "in", the other text is "out". Cells are pieces a word
with BERT's own encoder, over the words that are [UNK] with none of the vocabularies (a word that is
[UNK] takes one piece only: who loses more words would look better), and after it the words of ten
thousand that are [UNK]. The learners are those of vocabulary_quality.py: bertprep, the WordPiece
trainer of `tokenizers` and the BPE of `sentencepiece`, whose packages have to be installed. Neither
of the first two makes a piece of two characters seen but once; sentencepiece does, if there is
room.

With --keep a vocabulary that was learned is kept in a folder, and taken from there the next time.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from vocabulary_quality import (
    Learner,
    count_words,
    encoded,
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
    """A text to learn from, and others to try the vocabulary on."""

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


def rows(text: Text, sizes: list[int], keep: Path | None) -> Iterator[str]:
    lines, held_out = split_lines(read_lines(text.learned))
    counted, *tried = (
        count_words(part, not text.cased) for part in (lines, held_out, read_lines(text.other))
    )
    for size in sizes:
        learned = []
        for name, learner in LEARNERS.items():
            kept = keep / f"{text.name}, {size}, {name}.txt" if keep else None
            if kept and kept.exists():
                learned.append(kept.read_text("utf-8").split("\n"))
                continue
            learned.append(learner(lines, counted, size, not text.cased))
            if kept:
                kept.write_text("\n".join(learned[-1]), "utf-8")
        columns = [cells(learned, words) for words in tried]
        flat = [cell for pair in zip(*columns, strict=True) for cell in pair]
        yield f"| {text.name} | {size:,} | {' | '.join(flat)} |"


def cells(learned: list[list[str]], words: dict[str, int]) -> list[str]:
    """One for each vocabulary."""
    counts = np.fromiter(words.values(), np.int64, len(words))
    found = [encoded(pieces, words) for pieces in learned]
    known = ~np.any([unknown for _, unknown in found], axis=0)
    return [
        f"{lengths[known] @ counts[known] / counts[known].sum():.4f} "
        f"({unknown @ counts / counts.sum() * 10_000:.1f})"
        for lengths, unknown in found
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[8000, 30522])
    parser.add_argument("--keep", type=Path, help="a folder for what was learned")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(exist_ok=True)
    os.environ["RAYON_NUM_THREADS"] = "1"
    heads = [f"{name}, {where}" for name in LEARNERS for where in ("in", "out")]
    print(f"| text | size | {' | '.join(heads)} |\n|---|--:|{'--:|' * len(heads)}")
    for text in read_texts(options.texts):
        for row in rows(text, options.sizes, options.keep):
            print(row, flush=True)


if __name__ == "__main__":
    main()
