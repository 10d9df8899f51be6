"""Quality and speed of the sentence segmenter.

    python benchmarks/segmentation_quality.py --gold gold/*.jsonl --text corpus.txt

A gold file has one JSON object a line with the fields `doc` (text) and `sentences` (its sentences
in order). A boundary is the number of non-space characters before it, so that white space counts
for nothing; a document's last one is given and left out. Beside the segmenter stands a baseline
that splits after every stop followed by white space, and after the CJK stops.

Speed is the best of several runs over a text read whole, in MB of UTF-8 per second.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Iterable
from itertools import accumulate
from pathlib import Path

from bertprep.text.segment import Segmenter

Split = Callable[[str], list[str]]

_BASELINE = re.compile(r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])|\n+")


def split_baseline(text: str) -> list[str]:
    return _BASELINE.split(text)


def split_by_rules(text: str) -> list[str]:
    starts, ends = Segmenter()(text)
    return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def boundaries(sentences: Iterable[str]) -> set[int]:
    """Non-space characters before each inner boundary: ["a b", "c"] -> {2}."""
    sizes = [size for sentence in sentences if (size := len("".join(sentence.split())))]
    return set(accumulate(sizes[:-1]))


def score(split: Split, records: list[dict[str, str]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over all inner boundaries of the documents."""
    right = found = wanted = 0
    for record in records:
        gold, ours = boundaries(record["sentences"]), boundaries(split(record["doc"]))
        right, found, wanted = right + len(gold & ours), found + len(ours), wanted + len(gold)
    precision, recall = right / max(found, 1), right / max(wanted, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def show_mistakes(records: list[dict[str, str]], most: int = 200) -> None:
    """Print the boundaries missed (-) and made up (+), with the text around."""
    for record in records:
        dense = "".join(record["doc"].split())
        gold, ours = boundaries(record["sentences"]), boundaries(split_by_rules(record["doc"]))
        for at in sorted(gold ^ ours)[: max(most, 0)]:
            before, after = dense[max(0, at - 25) : at], dense[at : at + 25]
            print("  +" if at in ours else "  -", before, "|", after)


def megabytes_per_second(text: str, mode: str, runs: int) -> float:
    segment, best = Segmenter(mode), float("inf")  # type: ignore[arg-type]
    segment("Builds the table.")
    for _ in range(runs):
        begin = time.perf_counter()
        segment(text)
        best = min(best, time.perf_counter() - begin)
    return len(text.encode()) / best / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", nargs="*", type=Path, default=[], help="JSON lines to score on")
    parser.add_argument("--text", nargs="*", type=Path, default=[], help="UTF-8 text to time on")
    parser.add_argument("--mode", default="rules", choices=["rules", "wrapped", "lines"])
    parser.add_argument("--characters", type=int, default=4_000_000, help="taken of each text")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--mistakes", action="store_true", help="also print every mistake")
    options = parser.parse_args()
    for path in options.gold:
        records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for name, split in (("baseline", split_baseline), ("rules", split_by_rules)):
            precision, recall, f1 = score(split, records)
            print(f"{path.name:24} {name:8} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}")
        if options.mistakes:
            show_mistakes(records)
    for path in options.text:
        text = path.read_text("utf-8")[: options.characters]
        speed = megabytes_per_second(text, options.mode, options.runs)
        print(f"{path.name:24} {options.mode:8} {speed:.0f} MB/s")


if __name__ == "__main__":
    main()
