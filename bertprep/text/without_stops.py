"""Where to cut a stretch of text that no rule ends: Thai, transcripts, whatever lacks stops.

Uncut, it would be one sentence of hundreds of tokens, of which a row holds a part.  It is cut into
parts about as long as sentences are, best behind a stop or a clause mark, else at white space, else
(in scripts without spaces) before a word that hardly stands within another, else between words as
Unicode tells them apart, else between two characters as readers see them.

Lengths are counted in Latin letters: a Han character, kana or Hangul syllable says as much as
three; and a letter of Thai and its like, which vocabularies of many languages spell, as two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

import regex

from bertprep.text.unspaced import PARTICLES, SYLLABLE

_Places = Callable[[], list[int]]  # of one kind

# A stretch without a stop at its end is cut when longer than this; one with it, when so long that
# no sentence of prose is.
LONGEST_OPEN = 300
LONGEST_ENDED = 900
_LEAST, _USUAL, _MOST = 40, 120, 180
# BERT takes a word of over 100 characters, decomposed, for [UNK]: a run of letters is cut before.
_LONGEST_RUN = 84

_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
# Scripts whose words are not told apart by spaces: Thai, Lao, Khmer, Burmese, ...
_UNSPACED = regex.compile(r"\p{Line_Break=SA}")
_RUN = regex.compile(r"[^\s\p{P}\p{Han}$+<=>^`|~]+")
_LEAST_RUN = _LONGEST_RUN // 3 + 1  # decomposed, a Hangul syllable is three letters
_MAY_RUN = re.compile(rf"[^ ]{{{_LEAST_RUN}}}")  # found much quicker, and rare in words with spaces
# Places to cut at, the best first; a match ends where the next part begins.
_PLACES = tuple(
    map(
        regex.compile,
        (
            # A stop; not that of "3.14", "a.m.", "www.example.com" or "a.html?page=1".
            r"(?V1)[\p{STerm}--[.]][\p{Pe}\p{Pf}\"']*(?:\s+|(?<![?!])|(?<=[?!])(?![\w&=%#/+-]))"
            r"|(?<=\p{L}{3})\.[\p{Pe}\p{Pf}\"']*\s+",
            # A clause mark, or a bracket closed or a dash between spaces.
            r"(?V1)[\p{Terminal_Punctuation}--[.:,\u0F0B\u1361\p{STerm}]]\s*|[,:\p{Pe}]\s+"
            r"|\s\p{Pd}+\s+",
            r"[\s\u200B]+|[\u0F0B\u1361]",
        ),
    )
)
_WORD_BOUNDARY = regex.compile(r"(?V1w)\b")
_CHARACTER = regex.compile(r"\X")
_LONGEST_CHARACTER = 20


def weight(text: str) -> float:
    """How many Latin letters a character of the text stands for, on average."""
    if text.isascii():
        return 1
    more = 2 * len(_DENSE.findall(text)) + len(_UNSPACED.findall(text))
    return 1 + more / max(1, len(text))


def cut_points(text: str) -> list[int]:
    """Offsets where the parts of a stretch begin, all but the first, ascending.

    No part is longer than ``_MOST`` but where white space is, and none has a run of letters that
    BERT would take for one unknown word.

    >>> text = "one two three four five six seven eight nine ten " * 4
    >>> [text[: cut_points(text)[0]][-5:], len(cut_points(text))]
    [' ten ', 1]
    """
    scale = weight(text)
    kinds = _PLACES if scale == 1 or not _UNSPACED.search(text) else (*_PLACES, *PARTICLES)
    places = [_found_once(place, text) for place in kinds]
    forced = [0, *_cuts_in_runs(text, places[len(_PLACES) :]), len(text)]
    points: list[int] = []
    for start, end in pairwise(forced):
        points.extend(_cut_between(text, start, end, places, scale))
        points.append(end)
    return points[:-1]


def _found_once(place: regex.Pattern[str], text: str) -> _Places:
    """Where the matches end, ascending, found when they are first asked for."""
    return cache(lambda: [match.end() for match in place.finditer(text)])


def _cuts_in_runs(text: str, particles: list[_Places]) -> Iterator[int]:
    """Where runs of letters must be cut, in equal parts or nearly, best before a particle."""
    for match in _RUN.finditer(text) if _MAY_RUN.search(text) else ():
        start, end = match.span()
        if end - start < _LEAST_RUN:
            continue
        longest = int(_LONGEST_RUN / (1 + 2 * len(_DENSE.findall(match[0])) / (end - start)))
        while end - start > longest:
            parts = -(-(end - start) // longest)
            size = -(-(end - start) // parts)
            first, wanted, last = start + size // 3, start + size, start + longest
            for of_kind in particles:
                if (found := _nearest(of_kind(), wanted, first, min(last, end - 1))) is not None:
                    start = found
                    break
            else:
                start = _between_words(text, start + size // 2, wanted, last)
            yield start


def _cut_between(
    text: str, start: int, end: int, places: list[_Places], scale: float
) -> Iterator[int]:
    """Cuts ``text[start:end]`` where it is longer than a part may be."""
    least, usual, most = (int(length / scale) for length in (_LEAST, _USUAL, _MOST))
    while end - start > most:
        wanted = start + min(usual, (end - start) // 2)
        last = min(start + most, end - least)
        for of_kind in places:
            if (found := _nearest(of_kind(), wanted, start + least, last)) is not None:
                start = found
                break
        else:
            start = _between_words(text, start + least, wanted, last)
        yield start


def _nearest(places: list[int], wanted: int, first: int, last: int) -> int | None:
    """The place nearest to the wanted one, of those from the first to the last."""
    at = bisect_left(places, wanted)
    near = [place for place in places[max(0, at - 1) : at + 1] if first <= place <= last]
    return min(near, key=lambda place: abs(place - wanted), default=None)


def _between_words(text: str, first: int, wanted: int, last: int) -> int:
    """A boundary of words, or else of characters, near the wanted one of a text without spaces."""
    unspaced = _UNSPACED.search(text, first, last) is not None
    for place in (SYLLABLE if unspaced else _WORD_BOUNDARY, _CHARACTER):
        # Some way beyond, as the last match would end within a character otherwise.
        found_here = place.finditer(text, first, min(len(text), last + _LONGEST_CHARACTER))
        ends = [match.end() for match in found_here]
        found = _nearest(ends, wanted, first + 1, last)
        if found is not None:
            return found
    return last
