"""The share of cuts that are within a word, of scripts that have no spaces between words.

    python benchmarks/cuts_within_words.py th=thai.txt lo=lao.txt km=khmer.txt my=burmese.txt

A text is given behind its language's code, UTF-8, a paragraph a line. It is cut as the segmenter
cuts what no rule ends: all of it as it stands, all of it without a blank or a stop, and each
paragraph without them. A cut is within a word where ICU, which has dictionaries of these languages,
finds no edge of a word (PyICU has to be installed). Between a digit and
a letter is an edge. ICU takes some compounds for one word, and joins what it does not know: some of
these cuts are none.
"""

from __future__ import annotations

import argparse
import importlib
from itertools import accumulate
from pathlib import Path

import regex

from bertprep.text.without_stops import cut_points

_NUMBER_EDGE = regex.compile(r"(?<=\p{N})(?!\p{N})|(?<!\p{N})(?=\p{N})")
_NO_LETTER = regex.compile(r"[^\p{L}\p{M}\p{N}]+")


def word_edges(text: str, language: str) -> set[int]:
    """Where ICU finds that words begin or end, in characters."""
    icu = importlib.import_module("icu")
    breaks = icu.BreakIterator.createWordInstance(icu.Locale(language))
    breaks.setText(icu.UnicodeString(text))
    units = set(breaks) | {0}
    of_characters = accumulate((len(c.encode("utf-16-le")) // 2 for c in text), initial=0)
    found = {at for at, unit in enumerate(of_characters) if unit in units}
    return found | {match.start() for match in _NUMBER_EDGE.finditer(text)}


def share(texts: list[str], language: str) -> str:
    within = cuts = 0
    for text in texts:
        points = cut_points(text)
        cuts += len(points)
        within += len(set(points) - word_edges(text, language))
    return f"{within} of {cuts:,} ({within / max(1, cuts):.1%})"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", nargs="+", metavar="LANGUAGE=FILE")
    print("| text | as it is | bare | bare paragraphs |\n|---|--:|--:|--:|")
    for given in parser.parse_args().texts:
        language, _, path = given.partition("=")
        lines = Path(path).read_text("utf-8").splitlines()
        bare = [_NO_LETTER.sub("", line) for line in lines]
        cells = (share(t, language) for t in ([" ".join(lines)], ["".join(bare)], bare))
        print(f"| {Path(path).stem} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
