"""The share of cuts that are within a word, of scripts that have no spaces between words.

    python benchmarks/cuts_within_words.py th=thai.txt lo=lao.txt km=khmer.txt my=burmese.txt
    python benchmarks/cuts_within_words.py --words km=khpos.txt my=mypos.txt

With --words the words of a text are set apart by blanks, a sentence a line, as in khPOS and myPOS
(`_`, `~`, `^` or `|` joins the parts of a compound): they are taken for true, and the text is cut
without blanks and stops, in paragraphs of some 1,200 letters.

Without it a text is given behind its language's code, UTF-8, a paragraph a line. It is cut as the
segmenter cuts what no rule ends: all of it as it stands, all of it without a blank or a stop, and
each paragraph without them. A cut is within a word where ICU, which has dictionaries of these
languages, finds no edge of a word (PyICU has to be installed, or icukit-pyicu, which brings ICU).
Between a digit and a letter is an edge. ICU takes some compounds for one word, and joins what it
does not know: some of these cuts are none.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import regex

from bertprep.text.without_stops import cut_points

_NUMBER_EDGE = regex.compile(r"(?<=\p{N})(?!\p{N})|(?<!\p{N})(?=\p{N})")
_PARAGRAPH = 1200  # letters
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


def share_of_words(lines: list[str]) -> str:
    """Of a text with words set apart: the cuts in paragraphs without blanks and stops."""
    within = cuts = 0
    for paragraph in paragraphs(lines):
        points = cut_points("".join(paragraph))
        cuts += len(points)
        within += len(set(points) - set(accumulate(map(len, paragraph), initial=0)))
    return f"{within} of {cuts:,} ({within / max(1, cuts):.1%})"


def paragraphs(lines: list[str]) -> Iterator[list[str]]:
    """Words, their marks off, of so many lines as make a paragraph."""
    words: list[str] = []
    for line in lines:
        words += [word for found in line.split() if (word := _NO_LETTER.sub("", found))]
        if sum(map(len, words)) > _PARAGRAPH:
            yield words
            words = []
    yield words


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", nargs="+", metavar="LANGUAGE=FILE")
    parser.add_argument("--words", action="store_true", help="their words are set apart by blanks")
    options = parser.parse_args()
    if options.words:
        print("| text | bare paragraphs |\n|---|--:|")
    else:
        print("| text | as it is | bare | bare paragraphs |\n|---|--:|--:|--:|")
    for given in options.texts:
        language, _, path = given.partition("=")
        lines = Path(path).read_text("utf-8").splitlines()
        if options.words:
            print(f"| {Path(path).stem} | {share_of_words(lines)} |")
            continue
        bare = [_NO_LETTER.sub("", line) for line in lines]
        cells = (share(t, language) for t in ([" ".join(lines)], ["".join(bare)], bare))
        print(f"| {Path(path).stem} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
