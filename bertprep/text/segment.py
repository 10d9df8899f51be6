"""Cut text into sentences.

Every character is looked up once in a table of kinds (space, upper case, closing bracket, stop,
...); by them `bertprep.text.sentence_ends` finds where sentences end. What no rule ends is cut
where it is too long. Every step is bounded, so no text, however odd, takes more than linear time.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from bertprep.text.language import DocumentLanguages
from bertprep.text.punctuation import CLOSING, Kind, Kinds, kinds_and_marks
from bertprep.text.script_marks import settle_by_script, settle_emoticons
from bertprep.text.sentence_ends import sentence_ends
from bertprep.text.stretches import Stretches, walk
from bertprep.text.thai import load_thai, thai_ends
from bertprep.text.without_stops import LONGEST_ENDED, LONGEST_OPEN, cut_points, weight

__all__ = ["Mode", "Segmenter"]

Mode = Literal["rules", "wrapped", "lines", "thai"]
Offsets = NDArray[np.int64]


_ONE = np.zeros(1, np.int64)


class Segmented(NamedTuple):
    """The sentences of a text.

    Attributes:
        starts: int64[n], ascending: the offsets at which they start.
        ends: int64[n], the offsets behind them.
        languages: in how many documents each decided about them.
    """

    starts: Offsets
    ends: Offsets
    languages: Counter[str]


class Segmenter:
    """Find the sentences of a batch of text.

    The text may be many documents joined with blank lines. Calling it gives the character offsets
    where sentences start and end, in order, without the white space around them; every other
    character is in exactly one sentence.

    Modes: "rules" applies the rules of this module, and a line break ends a sentence; "wrapped"
    does so for text broken into lines of some width, where only a blank line ends one; "lines"
    takes each line for a sentence, as \\n ends it and nothing else: the input format of
    google-research/bert; "thai" is as "rules", and cuts Thai by pythainlp.

    Args:
        mode: one of these.
        language: whose abbreviations there are, a code such as "es"; without one, each document
            shows its own.

    Raises:
        ValueError: for another mode.
        UsageError: if pythainlp is needed and not installed.

    >>> text = "Mr. Smith left. He did!\\nWhy?"
    >>> starts, ends = Segmenter()(text)
    >>> [text[start:end] for start, end in zip(starts, ends)]
    ['Mr. Smith left.', 'He did!', 'Why?']
    """

    def __init__(self, mode: Mode = "rules", language: str = "") -> None:
        if mode not in get_args(Mode):
            raise ValueError(f"segmenter mode: expected one of {get_args(Mode)}, got {mode!r}")
        self.mode = mode
        self._cut_thai = load_thai() if mode == "thai" else None
        self.language = language

    def __call__(self, text: str, documents: Offsets = _ONE) -> tuple[Offsets, Offsets]:
        """Where the sentences of a text start and end, int64[m] each.

        Args:
            text: documents, joined with blank lines.
            documents: int64[n], where they start: the language of each is a property of its own.
        """
        return self.segment(text, documents)[:2]

    def segment(self, text: str, documents: Offsets = _ONE) -> Segmented:
        """The same, and the languages on which it depended.

        Args:
            text: documents, joined with blank lines.
            documents: int64[n], where they start.
        """
        languages = DocumentLanguages(text, documents, self.language)
        starts, ends = self._offsets(text, languages)
        return Segmented(starts, ends, languages.counts())

    def _offsets(self, text: str, languages: DocumentLanguages) -> tuple[Offsets, Offsets]:
        kinds, marks = kinds_and_marks(text)
        settle_by_script(text, kinds, marks)
        settle_emoticons(text, kinds)
        white = Stretches(kinds <= Kind.BREAK)
        lines = np.flatnonzero(kinds == Kind.BREAK)  # the last is at the end of the text
        breaks = lines[:-1]
        if self.mode == "wrapped":
            breaks = _paragraph_breaks(text, white, breaks)
            kinds[:-1][kinds[:-1] == Kind.BREAK] = Kind.SPACE
            kinds[breaks] = Kind.BREAK
            lines = np.append(breaks, lines[-1:])
        if self.mode == "lines":
            ended = [text[at] == "\n" for at in breaks.tolist()]
            breaks = breaks[np.array(ended, bool)]
            return _trim(white, breaks, len(text))
        cuts = np.concatenate([breaks, sentence_ends(text, kinds, white, lines, languages)])
        cuts.sort(kind="stable")
        starts, ends = _trim(white, cuts, len(text))
        if self._cut_thai:
            found = thai_ends(text, starts, ends, self._cut_thai)
            cuts = np.union1d(cuts, np.array(found, np.int64))
            starts, ends = _trim(white, cuts, len(text))
        more = _stretch_cuts(text, kinds, starts, ends)
        if not more:
            return starts, ends
        cuts = np.concatenate([cuts, np.array(more, np.int64)])
        cuts.sort(kind="stable")
        return _trim(white, cuts, len(text))


def _paragraph_breaks(text: str, white: Stretches, breaks: Offsets) -> Offsets:
    """The line breaks with another one in the same white space; \\r\\n is one.

    A form feed is none: a page may end within a sentence.
    """
    lone = [text[at] != "\f" and text[at - 1 : at + 1] != "\r\n" for at in breaks.tolist()]
    breaks = breaks[np.array(lone, bool)]
    behind = white.after(breaks)
    same = behind[1:] == behind[:-1]
    second: Offsets = breaks[1:][same]
    return second


def _trim(white: Stretches, cuts: Offsets, length: int) -> tuple[Offsets, Offsets]:
    """The non-space stretches between cuts, as starts and ends."""
    starts = white.after(np.concatenate([[0], cuts]))
    ends = white.before(np.concatenate([cuts, [length]]))
    kept = starts < ends
    return starts[kept], ends[kept]


def _stretch_cuts(text: str, kinds: Kinds, starts: Offsets, ends: Offsets) -> list[int]:
    """Where to cut what is too long for a sentence."""
    long = np.flatnonzero(ends - starts > LONGEST_OPEN // 3)
    starts, ends = starts[long], ends[long]
    last = walk(kinds, ends - 1, CLOSING, -1, 4)
    limits = np.where(kinds[last] >= Kind.DOT, LONGEST_ENDED, LONGEST_OPEN)
    may_be = ends - starts > limits // 3
    columns = (starts[may_be], ends[may_be], limits[may_be])
    may_be = _most_weights(kinds, *columns[:2]) > columns[2]
    points: list[int] = []
    for start, end, limit in zip(*(column[may_be].tolist() for column in columns), strict=True):
        stretch = text[start:end]
        if len(stretch) > limit or limit < len(stretch) * weight(stretch):
            points.extend(start + point for point in cut_points(stretch))
    return points


def _most_weights(kinds: Kinds, starts: Offsets, ends: Offsets) -> Offsets:
    """How many Latin letters the characters of stretches stand for at most."""
    dense = kinds - np.uint8(Kind.CASELESS) <= Kind.PARTICLE - Kind.CASELESS  # and, perhaps, Hangul
    places = np.flatnonzero(dense)
    counts = np.searchsorted(places, ends) - np.searchsorted(places, starts)
    weights: Offsets = ends - starts + 2 * counts
    return weights
