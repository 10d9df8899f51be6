"""Quality and speed of the sentence segmenter.

    python benchmarks/segmentation_quality.py --gold FOLDER --peers pysbd blingfire punkt
    python benchmarks/segmentation_quality.py --text corpus.txt

A gold folder has treebanks (``*.conllu``; one line of the table each) or JSON lines with the fields
`doc` (text) and `sentences` (its sentences in order); ``benchmarks.treebanks`` says how documents
are made of a treebank. A boundary is the number of non-space characters before it, so that white
space counts for nothing; a document's last one is given and left out. "marked" are the boundaries
behind a character that ends sentences, with quotes and brackets after it; a set without any such
(verse) has no score of them, and counts for nothing in their mean. --mistakes prints each mistake,
and how many of the marked ones a set has.

Speed is the best of several runs over a text read whole, in MB of UTF-8 per second of CPU.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterable
from itertools import accumulate
from pathlib import Path
from statistics import mean

import regex
from splitters import installed
from treebanks import Record, read

from bertprep.text.segment import Segmenter

Split = Callable[[str, str], list[str]]

_MARKED = regex.compile(r"""[\p{STerm}.…．。｡][\p{Pe}\p{Pf}\p{Pi}"'’“”»«]*\Z""")


def rules(text: str, language: str) -> list[str]:
    """The segmenter, which is not told the language."""
    starts, ends = Segmenter()(text)
    return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def boundaries(sentences: Iterable[str]) -> set[int]:
    """Non-space characters before each inner boundary: ["a b", "c"] -> {2}."""
    sizes = [size for sentence in sentences if (size := len("".join(sentence.split())))]
    return set(accumulate(sizes[:-1]))


class Score:
    """Counts of boundaries: right ones, those found and those wanted."""

    def __init__(self) -> None:
        self.right = self.found = self.wanted = 0

    def add(self, wanted: set[int], found: set[int]) -> None:
        self.right += len(wanted & found)
        self.found += len(found)
        self.wanted += len(wanted)

    @property
    def f1(self) -> float:
        """In percent; not a number if there is nothing to find and nothing was found."""
        either = self.found + self.wanted
        return 200 * self.right / either if either else math.nan


def score(split: Split, records: list[Record]) -> tuple[float, float]:
    """F1 over all inner boundaries of the documents, and over the marked ones."""
    every, marked = Score(), Score()
    for record in records:
        dense = "".join(record.doc.split())
        wanted = boundaries(record.sentences)
        found = boundaries(split(record.doc, record.language))
        every.add(wanted, found)
        ended = {at for at in wanted | found if _MARKED.search(dense, max(0, at - 4), at)}
        marked.add(wanted & ended, found & ended)
    return every.f1, marked.f1


def show_mistakes(records: list[Record]) -> None:
    """Print the boundaries missed (-) and made up (+), with the text around, then how many."""
    missed = made_up = 0
    for record in records:
        dense = "".join(record.doc.split())
        places = [at for at, letter in enumerate(record.doc) if not letter.isspace()]
        wanted, found = boundaries(record.sentences), boundaries(rules(record.doc, ""))
        for at in sorted(wanted ^ found):
            place = places[at] if at < len(places) else len(record.doc)
            if _MARKED.search(dense, max(0, at - 4), at):
                missed, made_up = missed + (at in wanted), made_up + (at in found)
            before = record.doc[max(0, place - 40) : place].replace("\n", "⏎")
            after = record.doc[place : place + 30].replace("\n", "⏎")
            print("  +" if at in found else "  -", before, "|", after)
    print(f"  {missed} marked boundaries missed, {made_up} made up")


def compare(paths: list[Path], splits: dict[str, Split], most: int, mistakes: bool) -> None:
    """Print the table."""
    table: list[list[float]] = []
    print(f"{'':22}", *(f"{name:>16}" for name in splits))
    for path in paths:
        records = read(path, most)
        if sum(len(record.sentences) for record in records) < 2:
            continue
        scores = [score(split, records) for split in splits.values()]
        print(f"{path.stem:22}", *(f"{f1:8.1f} {marked:7.1f}" for f1, marked in scores), flush=True)
        table.append([figure for pair in scores for figure in pair])
        if mistakes:
            show_mistakes(records)
    means = [
        mean(figure for figure in column if not math.isnan(figure))
        for column in zip(*table, strict=True)
    ]
    print(
        f"{'mean':22}", *(f"{means[i]:8.2f} {means[i + 1]:7.2f}" for i in range(0, len(means), 2))
    )


def megabytes_per_second(text: str, mode: str, runs: int) -> float:
    segment, best = Segmenter(mode), float("inf")  # type: ignore[arg-type]
    segment("Builds the table.")
    for _ in range(runs):
        begin = time.process_time()
        segment(text)
        best = min(best, time.process_time() - begin)
    return len(text.encode()) / best / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, help="a folder of *.conllu or *.jsonl to score on")
    parser.add_argument("--files", default="*", help="of it, those whose name fits")
    parser.add_argument("--peers", nargs="*", default=[], help="splitters to stand beside")
    parser.add_argument("--sentences", type=int, default=1000, help="taken of each treebank")
    parser.add_argument("--mistakes", action="store_true", help="also print every mistake")
    parser.add_argument("--text", nargs="*", type=Path, default=[], help="UTF-8 text to time on")
    parser.add_argument("--mode", default="rules", choices=["rules", "wrapped", "lines"])
    parser.add_argument("--characters", type=int, default=4_000_000, help="taken of each text")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    if options.gold:
        found = sorted(options.gold.glob(options.files))
        paths = [path for path in found if path.suffix in (".conllu", ".jsonl")]
        splits = {"rules": rules, **installed(options.peers)}
        compare(paths, splits, options.sentences, options.mistakes)
    for path in options.text:
        text = path.read_text("utf-8")[: options.characters]
        speed = megabytes_per_second(text, options.mode, options.runs)
        print(f"{path.name:24} {options.mode:8} {speed:.0f} MB/s")


if __name__ == "__main__":
    main()
