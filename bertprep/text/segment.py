"""Cut text into sentences.

Every character is looked up once in a table of kinds (space, upper case, closing bracket, stop,
...); from there on only the few places where a sentence might end are looked at, all together,
as numpy arrays. What a kind cannot tell, such as the stop of "Mr.", is asked of
`bertprep.text.abbreviations`, for the words that may be one. Every step is bounded, so no text,
however odd, takes more than linear time.

The rules are those of the Unicode annex on text segmentation (UAX #29, sentence boundaries) in
spirit: a stop with the closing quotes and brackets after it ends a sentence when white space and
a plausible first character follow, and a CJK stop does so with nothing after it.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import Literal, NamedTuple, get_args

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.text.abbreviations import (
    ABBREVIATIONS,
    ABBREVIATIONS_LOWERED,
    MAX_ABBREVIATION,
    continues,
)
from bertprep.text.stretches import LONGEST_ENDED, LONGEST_OPEN, cut_points, weight

__all__ = ["Mode", "Segmenter"]

Mode = Literal["rules", "wrapped", "lines"]
Offsets = NDArray[np.int64]
Kinds = NDArray[np.uint8]
Mask = NDArray[np.bool_]


class Kind(IntEnum):
    """The kind of a character, for the rules; the order lets one comparison select a group."""

    SPACE = 0
    BREAK = 1  # line break; up to here: white space
    OTHER = 2
    LOWER = 3
    UPPER = 4
    CASELESS = 5
    WIDE = 6  # written without spaces: Han, kana
    PARTICLE = 7  # kana that go on after a Japanese quotation
    ACCENT = 8
    DIGIT = 9
    SYMBOL = 10
    DASH = 11
    COMMA = 12
    OPENER = 13
    WIDE_OPENER = 14
    CLOSER = 15  # from here on: what may follow the first stop and still belong to it
    QUOTE = 16  # opens or closes
    DOT = 17  # from here on: stops
    MARK = 18
    WIDE_DOT = 19  # from here on: stops that need no space after them
    WIDE_MARK = 20


# Later lines override earlier ones.
_PATTERNS = (
    (Kind.LOWER, r"\p{Ll}"),
    (Kind.UPPER, r"[\p{Lu}\p{Lt}]"),
    (Kind.CASELESS, r"[\p{Lo}\p{Lm}]"),
    (Kind.LOWER, r"[ªº]"),
    (Kind.WIDE, r"[\p{Han}\p{Hiragana}\p{Katakana}]"),
    (Kind.PARTICLE, r"[とっのはがをにもでへや]"),
    (Kind.ACCENT, r"\p{M}"),
    (Kind.DIGIT, r"\p{N}"),
    (Kind.SYMBOL, r"[\p{Sc}\p{So}•‣⁃·*#@§¶†‡]"),
    (Kind.DASH, r"\p{Pd}"),
    (Kind.COMMA, r"[,;:，、：；､]"),
    (Kind.OPENER, r"[\p{Ps}\p{Pi}„‚`¿¡]"),
    (Kind.CLOSER, r"[\p{Pe}\p{Pf}]"),
    (Kind.WIDE_OPENER, r"[「『（《〈【〔［｛〖｢]"),
    (Kind.QUOTE, r"""["'’＂]"""),
    (Kind.MARK, r"[\p{STerm}…‥]"),
    (Kind.DOT, r"\."),
    (Kind.MARK, r"．"),
    (Kind.WIDE_DOT, r"[。｡；]"),
    (Kind.WIDE_MARK, r"[！？]"),
    (Kind.SPACE, r"[\s\x1c-\x1f]"),
    (Kind.BREAK, r"[\n\r\v\f\x85\u2028\u2029]"),
)

# The planes that hold characters; to look at the rest, too, would take a worker longer to start.
ASSIGNED = (range(0x40000), range(0xE0000, 0xE1000))


def _group(*kinds: Kind) -> Mask:
    mask = np.zeros(len(Kind), bool)
    mask[list(kinds)] = True
    return mask


_CASED = _group(Kind.LOWER, Kind.UPPER)
_WORD = _CASED | _group(Kind.CASELESS, Kind.ACCENT, Kind.DIGIT, Kind.DOT, Kind.QUOTE)
_FIRST = _group(Kind.UPPER, Kind.CASELESS, Kind.WIDE, Kind.PARTICLE, Kind.DIGIT, Kind.SYMBOL)
_BEFORE_FIRST = _group(
    Kind.OPENER, Kind.WIDE_OPENER, Kind.QUOTE, Kind.CLOSER, Kind.DASH, Kind.SPACE
)
_BEFORE_WORD = _BEFORE_FIRST | _group(Kind.BREAK)
_AFTER_MARK = _group(Kind.WIDE, Kind.WIDE_OPENER)
_QUOTE = _group(Kind.QUOTE)
_CLOSING = _group(Kind.QUOTE, Kind.CLOSER)
_SPACE = _group(Kind.SPACE)


class Segmenter:
    """Find the sentences of a batch of text.

    The text may be many documents joined with blank lines. Calling it gives the character offsets
    where sentences start and end, in order, without the white space around them; every other
    character is in exactly one sentence.

    Modes: "rules" applies the rules of this module, and a line break ends a sentence; "wrapped"
    does so for text broken into lines of some width, where only a blank line ends one; "lines"
    takes each line for a sentence, as \\n ends it and nothing else: the input format of
    google-research/bert.

    >>> text = "Mr. Smith left. He did!\\nWhy?"
    >>> starts, ends = Segmenter()(text)
    >>> [text[start:end] for start, end in zip(starts, ends)]
    ['Mr. Smith left.', 'He did!', 'Why?']
    """

    def __init__(self, mode: Mode = "rules") -> None:
        if mode not in get_args(Mode):
            raise ValueError(f"segmenter mode: expected one of {get_args(Mode)}, got {mode!r}")
        self.mode = mode

    def __call__(self, text: str) -> tuple[Offsets, Offsets]:
        kinds = _kinds_of(text)
        edges = _word_edges(kinds)
        breaks = np.flatnonzero(kinds[:-1] == Kind.BREAK)
        if self.mode == "wrapped":
            breaks = _paragraph_breaks(text, edges, breaks)
            kinds[:-1][kinds[:-1] == Kind.BREAK] = Kind.SPACE
            kinds[breaks] = Kind.BREAK
        if self.mode == "lines":
            ended = [text[at] == "\n" for at in breaks.tolist()]
            breaks = breaks[np.array(ended, bool)]
            return _trim(edges, breaks, len(text))
        cuts = np.concatenate([breaks, _sentence_ends(text, kinds, edges)])
        cuts.sort(kind="stable")
        starts, ends = _trim(edges, cuts, len(text))
        more = _stretch_cuts(text, kinds, starts, ends)
        if not more:
            return starts, ends
        cuts = np.concatenate([cuts, np.array(more, np.int64)])
        cuts.sort(kind="stable")
        return _trim(edges, cuts, len(text))


@cache
def kind_table() -> Kinds:
    """The kind of each code point."""
    table = np.full(0x110000, Kind.OTHER, np.uint8)
    for codes in ASSIGNED:
        characters, kinds = "".join(map(chr, codes)), table[codes.start : codes.stop]
        for kind, pattern in _PATTERNS:
            for match in regex.finditer(f"{pattern}+", characters):
                kinds[match.start() : match.end()] = kind
    return table


def _kinds_of(text: str, at_once: int = 1 << 20) -> Kinds:
    """The kind of each character, and one line break more: also the kind at offset -1.

    So many characters are looked up ``at_once``: that takes four bytes of memory for each.
    """
    kinds = np.full(len(text) + 1, Kind.BREAK, np.uint8)
    for start in range(0, len(text), at_once):
        part = text[start : start + at_once].encode("utf-32-le", "surrogatepass")
        codes = np.frombuffer(part, np.uint32)
        # mode "raise" would buffer the output
        kind_table().take(codes, out=kinds[start : start + len(codes)], mode="clip")
    return kinds


def _word_edges(kinds: Kinds) -> Offsets:
    """Where runs of non-space start (even indices) and end (odd), then the end of the text."""
    white = kinds <= Kind.BREAK
    edges = np.flatnonzero(white[1:] != white[:-1]) + 1
    first = [] if white[0] else [0]
    return np.concatenate([np.array(first, np.int64), edges, [len(white) - 1]])


def _paragraph_breaks(text: str, edges: Offsets, breaks: Offsets) -> Offsets:
    """The line breaks with another one in the same white space; \\r\\n is one."""
    lone = np.array([text[at - 1 : at + 1] != "\r\n" for at in breaks.tolist()], bool)
    breaks = breaks[lone]
    gaps = np.searchsorted(edges, breaks, "right")
    same = gaps[1:] == gaps[:-1]
    second: Offsets = breaks[1:][same]
    return second


def _trim(edges: Offsets, cuts: Offsets, length: int) -> tuple[Offsets, Offsets]:
    """The non-space stretches between cuts, as starts and ends."""
    starts = np.concatenate([[0], cuts])
    index = np.searchsorted(edges, starts, "right").clip(max=len(edges) - 1)
    starts = np.where(index & 1, starts, edges[index])
    ends = np.concatenate([cuts, [length]])
    index = np.searchsorted(edges, ends, "left")
    ends = np.where(index & 1, ends, edges[(index - 1).clip(min=0)])
    kept = starts < ends
    return starts[kept], ends[kept]


def _sentence_ends(text: str, kinds: Kinds, edges: Offsets) -> Offsets:
    """Offsets just past the last character of sentences, those before line breaks left out."""
    runs = _stop_runs(kinds)
    runs = runs._replace(ends=_with_odd_quotes(kinds, runs.ends))
    wide = _ends_wide(kinds, runs)
    spaced = np.flatnonzero((kinds[runs.ends] == Kind.SPACE) & ~wide)
    following = edges[np.searchsorted(edges, runs.ends[spaced]) + 1]
    following = _walk(kinds, following, _BEFORE_FIRST, 1, 4)
    lowered = _opens_without_capitals(kinds, runs, spaced, following)
    plausible = _FIRST[kinds[following]] | lowered
    glued = _glued(kinds, runs, runs.ends[spaced[plausible]])
    candidates = np.concatenate([spaced[plausible], glued])
    following = np.concatenate([following[plausible], runs.ends[glued]])
    without = np.concatenate([lowered[plausible], np.zeros(len(glued), bool)])
    ending = kinds[runs.first[candidates] - 1] != Kind.OPENER  # (?) and [...] are asides
    single = (runs.strength[candidates] == Kind.DOT) & (runs.stops[candidates] == 1)
    dots = runs.first[candidates[single]]
    ending[single] &= ~_in_abbreviation(text, kinds, dots, following[single], without[single])
    wide[candidates[ending]] = True
    ended: Offsets = runs.ends[wide]
    return ended


def _opens_without_capitals(kinds: Kinds, runs: _Runs, spaced: Offsets, following: Offsets) -> Mask:
    """Which of the runs a sentence in lower case follows: their line has no capital at all.

    Not behind a closing quote ("why?" he said) or dots that may mean a pause.
    """
    lower: Mask = kinds[following] == Kind.LOWER
    lower &= (kinds[runs.ends[spaced] - 1] >= Kind.DOT) & (runs.strength[spaced] <= Kind.MARK)
    lower &= (runs.stops[spaced] == 1) | (runs.strength[spaced] == Kind.MARK)
    at = np.flatnonzero(lower)
    if len(at):
        lower[at] = _without_capitals(kinds, runs.ends[spaced[at]])
    return lower


def _without_capitals(kinds: Kinds, offsets: Offsets) -> Mask:
    """Whether the lines of these offsets have no capital."""
    (firsts, lasts), which = np.unique(_lines_of(kinds, offsets), axis=1, return_inverse=True)
    lines = zip(firsts.tolist(), lasts.tolist(), strict=True)
    found = [not (kinds[first:last] == Kind.UPPER).any() for first, last in lines]
    without: Mask = np.array(found, bool)[which.ravel()]
    return without


def _glued(kinds: Kinds, runs: _Runs, regular: Offsets) -> Offsets:
    """The runs with a capital right behind them, in lines where this is how sentences end.

    "The end.The next": such there are more of in the line than stops followed by a space.
    """
    glued: Offsets = np.flatnonzero(kinds[runs.ends] == Kind.UPPER)
    before, after = runs.first[glued] - 1, kinds.take(runs.ends[glued] + 1, mode="clip")
    shaped = (kinds[before] == Kind.LOWER) & _CASED[kinds[before - 1]]
    shaped |= kinds[before] == Kind.DIGIT
    glued = glued[shaped & ((after == Kind.LOWER) | (after == Kind.SPACE))]
    if not len(glued):
        return glued
    ends = runs.ends[glued]
    lines = _lines_of(kinds, ends)
    many, others = (np.diff(np.searchsorted(at, lines), axis=0)[0] for at in (ends, regular))
    ending: Offsets = glued[(many > 1) & (many > others)]
    return ending


def _lines_of(kinds: Kinds, offsets: Offsets) -> Offsets:
    """int64[2, n]: where the lines of these offsets begin and end, but for their line breaks."""
    breaks = np.flatnonzero(kinds == Kind.BREAK)  # the last is at the end of the text
    line = np.searchsorted(breaks, offsets)
    return np.stack((np.where(line > 0, breaks[line - 1], 0), breaks[line]))


def _stretch_cuts(text: str, kinds: Kinds, starts: Offsets, ends: Offsets) -> list[int]:
    """Where to cut what is too long for a sentence."""
    long = np.flatnonzero(ends - starts > LONGEST_OPEN // 3)
    starts, ends = starts[long], ends[long]
    last = _walk(kinds, ends - 1, _CLOSING, -1, 4)
    limits = np.where(kinds[last] >= Kind.DOT, LONGEST_ENDED, LONGEST_OPEN)
    dense = np.flatnonzero(_is_dense(kinds))
    many = np.searchsorted(dense, ends) - np.searchsorted(dense, starts)
    cut = ends - starts + 2 * many > limits
    points: list[int] = []
    for start, end, limit in zip(*(c[cut].tolist() for c in (starts, ends, limits)), strict=True):
        stretch = text[start:end]
        if (end - start) * weight(stretch) > limit:
            points.extend(start + point for point in cut_points(stretch))
    return points


def _is_dense(kinds: Kinds) -> Mask:
    """Han and kana, and what may be Hangul."""
    dense: Mask = kinds - np.uint8(Kind.CASELESS) <= Kind.PARTICLE - Kind.CASELESS
    return dense


class _Runs(NamedTuple):
    """Runs of stops, quotes and closing brackets with a stop in them.

    The offset of the first stop, the end of the run, the strongest kind of stop in it and the
    number of stops.
    """

    first: Offsets
    ends: Offsets
    strength: Kinds
    stops: Offsets


def _stop_runs(kinds: Kinds) -> _Runs:
    tail = np.flatnonzero(kinds >= Kind.CLOSER)
    if not len(tail):
        return _Runs(tail, tail, np.empty(0, np.uint8), tail)
    heads = np.concatenate([[0], np.flatnonzero(np.diff(tail) != 1) + 1])
    tail_kinds = kinds[tail]
    is_stop = tail_kinds >= Kind.DOT
    count = np.add.reduceat(is_stop, heads, dtype=np.int64)
    first = np.minimum.reduceat(np.where(is_stop, tail, len(kinds)), heads)
    ends = np.concatenate([tail[heads[1:] - 1], tail[-1:]]) + 1
    strength = np.maximum.reduceat(tail_kinds, heads)
    some = count > 0
    return _Runs(first[some], ends[some], strength[some], count[some])


def _with_odd_quotes(kinds: Kinds, ends: Offsets) -> Offsets:
    """Move the ends past „So.“, whose closing mark opens elsewhere, and past « Si ! »."""

    def kinds_at(distance: int) -> Kinds:  # at the end of the text: a line break
        return kinds.take(ends + distance, mode="clip")

    german = (kinds_at(0) == Kind.OPENER) & (kinds_at(1) <= Kind.BREAK)
    closer = (kinds_at(1) == Kind.CLOSER) & (kinds_at(2) <= Kind.BREAK)
    ends = ends + german
    ends[(kinds_at(0) == Kind.SPACE) & closer] += 2
    return ends


def _ends_wide(kinds: Kinds, runs: _Runs) -> Mask:
    """Which runs end a sentence with no need of white space, as the CJK stops do."""
    ends, strength = runs.ends, runs.strength
    following, last = kinds[ends], kinds[ends - 1]
    # 「…。」と言った and 何？と goes on; 。の does not.
    quoted = (following == Kind.PARTICLE) & (last != Kind.WIDE_DOT)
    goes_on = (following == Kind.COMMA) | quoted
    spaceless_mark = (strength == Kind.MARK) & _AFTER_MARK[following]
    ending: Mask = ((strength >= Kind.WIDE_DOT) & ~goes_on) | spaceless_mark
    return ending


def _walk(kinds: Kinds, offsets: Offsets, group: Mask, step: int, limit: int) -> Offsets:
    """Move each offset past characters of the group, `limit` of them at most."""
    for _ in range(limit):
        offsets = offsets + step * group[kinds[offsets]]
    return offsets


def _in_abbreviation(
    text: str, kinds: Kinds, dots: Offsets, following: Offsets, lowered: Mask
) -> Mask:
    """Which full stops belong to an abbreviation, an initial or an ordinal number.

    ``lowered`` are those in lines without capitals.
    """
    starts = _walk(kinds, dots - 1, _WORD, -1, MAX_ABBREVIATION + 1) + 1
    starts = _walk(kinds, starts, _QUOTE, 1, 2)
    inside = np.zeros(len(dots), bool)
    # Neither the end of a longer word nor "C" in 20 °C.
    short = np.flatnonzero(_BEFORE_WORD[kinds[starts - 1]])
    short = short[_may_be_abbreviated(text, kinds, starts[short], dots[short], lowered[short])]
    before = kinds[_walk(kinds, starts[short] - 1, _SPACE, -1, 4)]
    heads = (before == Kind.BREAK) | (before >= Kind.DOT)
    # Nothing of the line before: a document's sentences must not depend on its neighbours.
    lefts = np.where(before == Kind.BREAK, starts[short], (starts[short] - 20).clip(min=0))
    columns = (lefts, starts[short], dots[short], following[short], heads, lowered[short])
    inside[short] = [
        continues(text[left:start], text[start:dot], text[after : after + 20], head, low)
        for left, start, dot, after, head, low in zip(*(c.tolist() for c in columns), strict=True)
    ]
    return inside


def _may_be_abbreviated(
    text: str, kinds: Kinds, starts: Offsets, dots: Offsets, lowered: Mask
) -> Mask:
    """Listed words, numbers, single letters and letters joined by stops: about one in twenty."""
    words = [text[start:dot] for start, dot in zip(starts.tolist(), dots.tolist(), strict=True)]
    listed = np.fromiter(map(ABBREVIATIONS.__contains__, words), bool, len(dots))
    for at in np.flatnonzero(lowered).tolist():
        listed[at] |= words[at] in ABBREVIATIONS_LOWERED
    last, previous = kinds[dots - 1], kinds[dots - 2]
    initial = _CASED[last] & ((starts == dots - 1) | (previous == Kind.DOT))
    listed |= initial | (last == Kind.DIGIT)
    return listed
