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

import re
from collections import Counter
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from bertprep.text.abbreviations import (
    ABBREVIATIONS,
    ABBREVIATIONS_LOWERED,
    MAX_ABBREVIATION,
    continues,
    has_ordinals,
)
from bertprep.text.enclosed import with_notes, with_quotes, within_titles
from bertprep.text.items import items_of
from bertprep.text.kinds import ARMENIAN, GREEK, Kind, Kinds, Mask, group, kinds_and_marks
from bertprep.text.language import DocumentLanguages
from bertprep.text.stretches import Stretches
from bertprep.text.thai import load_thai, thai_ends
from bertprep.text.without_stops import LONGEST_ENDED, LONGEST_OPEN, cut_points, weight

__all__ = ["Mode", "Segmenter"]

Mode = Literal["rules", "wrapped", "lines", "thai"]
Offsets = NDArray[np.int64]


_ONE = np.zeros(1, np.int64)


# Behind a letter of the script: the mark, and what it is there.
_BY_SCRIPT = (
    (GREEK, ";", Kind.MARK),
    (ARMENIAN, ":", Kind.MARK),
    (ARMENIAN, ".", Kind.COMMA),
)
_EMOTICON = re.compile(r"[:;]-?(?:[)(]{1,3}|D)(?=\s)")
# Nothing of a word until the line ends.
_NO_WORD = re.compile(
    r"[^\w\n\r\v\f\x1c-\x1e\x85\u2028\u2029]{1,100}(?=[\n\r\v\f\x85\u2028\u2029]|\Z)"
)

_CASED = group(Kind.LOWER, Kind.UPPER)
_WORD = _CASED | group(Kind.CASELESS, Kind.ACCENT, Kind.DIGIT, Kind.DOT)
_FIRST = group(
    *(Kind.UPPER, Kind.CASELESS, Kind.WIDE, Kind.PARTICLE, Kind.DIGIT, Kind.SYMBOL, Kind.INVERTED)
)
_BEFORE_FIRST = group(Kind.OPENER, Kind.WIDE_OPENER, Kind.QUOTE, Kind.CLOSER, Kind.DASH, Kind.SPACE)
_BEFORE_WORD = _BEFORE_FIRST | group(Kind.BREAK)
_AFTER_MARK = group(Kind.WIDE, Kind.WIDE_OPENER)
_QUOTE = group(Kind.QUOTE)
_LONG_WORD = 6  # letters; in abbreviations this many in a row are rare
_CLOSES_TOO = "“‘«‹"  # marks that open in one language and close in another
_CLOSING = group(Kind.QUOTE, Kind.CLOSER)
_SPACE = group(Kind.SPACE)
_BEFORE_EYES = group(Kind.SPACE, Kind.BREAK, Kind.DOT, Kind.ELLIPSIS, Kind.MARK)
_BEHIND_EYES = group(Kind.OPENER, Kind.CLOSER, Kind.DASH, Kind.UPPER)


class Segmented(NamedTuple):
    """Where sentences start and end, and in how many documents a language decided about them."""

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
    google-research/bert; "thai" is as "rules", and cuts Thai by pythainlp. The abbreviations are
    those of ``language``, a code such as "es"; without one, each document shows its own.

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
        """Where the sentences of a text start and end.

        Args:
            text: documents, joined with blank lines.
            documents: int64[n], where they start: the language of each is a property of its own.
        """
        return self.segment(text, documents)[:2]

    def segment(self, text: str, documents: Offsets = _ONE) -> Segmented:
        """The same, and the languages on which it depended; arguments as for a call."""
        languages = DocumentLanguages(text, documents, self.language)
        starts, ends = self._offsets(text, languages)
        return Segmented(starts, ends, languages.counts())

    def _offsets(self, text: str, languages: DocumentLanguages) -> tuple[Offsets, Offsets]:
        kinds, marks = kinds_and_marks(text)
        _settle_by_script(text, kinds, marks)
        _settle_emoticons(text, kinds)
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
        cuts = np.concatenate([breaks, _sentence_ends(text, kinds, white, lines, languages)])
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


def _settle_by_script(text: str, kinds: Kinds, marks: Offsets) -> None:
    """Greek ; asks; Armenian : ends a sentence, and the stop there is a colon."""
    for at in marks.tolist():
        letter = ord(text[at - 2] if text[at - 1] in "»)" else text[at - 1])
        for letters, mark, kind in _BY_SCRIPT:
            if text[at] == mark and letter in letters:
                kinds[at] = kind


def _settle_emoticons(text: str, kinds: Kinds) -> None:
    """:) ends a sentence as an exclamation mark does."""
    if not (":" in text or ";" in text):
        return
    behind = kinds[1:]
    eyes = behind >= Kind.DASH
    eyes |= behind == Kind.UPPER
    eyes &= kinds[:-1] == Kind.COMMA
    at = np.flatnonzero(eyes)
    at = at[_BEFORE_EYES[kinds[at - 1]]]
    for eye in at[_BEHIND_EYES[kinds[at + 1]]].tolist():
        if emoticon := _EMOTICON.match(text, eye):
            kinds[eye : emoticon.end()] = Kind.MARK


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


def _sentence_ends(
    text: str, kinds: Kinds, white: Stretches, lines: Offsets, languages: DocumentLanguages
) -> Offsets:
    """Offsets just past the last character of sentences, those before line breaks left out."""
    runs = _stop_runs(kinds)
    runs = runs._replace(ends=_with_odd_quotes(kinds, runs.ends))
    runs = runs._replace(ends=with_notes(text, kinds, runs.ends))
    runs = runs._replace(ends=with_quotes(text, kinds, lines, runs.ends, runs.strength))
    wide = _ends_wide(kinds, runs)
    spaced = np.flatnonzero((kinds[runs.ends] == Kind.SPACE) & ~wide)
    following = white.after(runs.ends[spaced])
    low = np.flatnonzero(kinds[following] == Kind.COMMA)
    low = low[kinds.take(following[low] + 1, mode="clip") == Kind.COMMA]
    following[low] += 2  # past „ as ,,
    following = _walk(kinds, following, _BEFORE_FIRST, 1, 4)
    plausible, lowered = _plausible(kinds, lines, runs.take(spaced), following)
    glued = _glued(kinds, lines, runs, runs.ends[spaced[plausible]])
    candidates = np.concatenate([spaced[plausible], glued])
    following = np.concatenate([following[plausible], runs.ends[glued]])
    without = np.concatenate([lowered[plausible], np.zeros(len(glued), bool)])
    ending = ~(_asides(text, kinds, runs, candidates) | _without_words(text, kinds, following))
    ending &= ~_numero(text, kinds, runs.first[candidates], following)
    single = (runs.strength[candidates] == Kind.DOT) & (runs.stops[candidates] == 1)
    dots = runs.first[candidates[single]]
    ending[single] &= ~_in_abbreviation(
        text, kinds, dots, following[single], without[single], languages
    )
    wide[candidates[ending]] = True
    wide[within_titles(text, kinds, runs.first)] = False
    items = items_of(
        text, kinds, lines, lambda at: [has_ordinals(name) for name in languages.at(at)]
    )
    ended = runs.ends[wide]
    if len(items.mark_ends):
        ended = np.setdiff1d(ended, items.mark_ends, assume_unique=True)
    return np.concatenate([ended, items.starts])


def _plausible(kinds: Kinds, lines: Offsets, runs: _Runs, following: Offsets) -> tuple[Mask, Mask]:
    """Behind which of the runs a sentence may begin, and which of their lines have no capital.

    The second is told only of runs before a small letter.
    """
    first = kinds[following]
    plausible: Mask = _FIRST[first]
    lowered = np.zeros(len(plausible), bool)
    small = np.flatnonzero(first == Kind.LOWER)
    if len(small):
        runs, following = runs.take(small), following[small]
        lowered[small] = _opens_without_capitals(kinds, lines, runs)
        plausible[small] = lowered[small] | _elided(kinds, following)
        plausible[small] |= _behind_long_word(kinds, runs, following)
    return plausible, lowered


def _asides(text: str, kinds: Kinds, runs: _Runs, candidates: Offsets) -> Mask:
    """Which of the runs stand in brackets of their own: (?) and [...].

    Not (?). nor the stop behind a mark that opens elsewhere and closes here: „So“.
    """
    asides: Mask = kinds[runs.first[candidates] - 1] == Kind.OPENER
    at = np.flatnonzero(asides)
    if not len(at):
        return asides
    first, ends = runs.first[candidates[at]], runs.ends[candidates[at]]
    asides[at] = kinds[ends - 1] < Kind.DOT
    whole = np.flatnonzero(kinds[ends - 1] >= Kind.DOT)  # no bracket closes behind the stops
    whole = whole[ends[whole] - first[whole] == runs.stops[candidates[at[whole]]]]
    asides[at[whole]] = [text[one - 1] not in _CLOSES_TOO for one in first[whole].tolist()]
    return asides


def _without_words(text: str, kinds: Kinds, following: Offsets) -> Mask:
    """Behind which of these symbols no word of the line follows: the last of "So! 😂"."""
    symbols: Mask = kinds[following] == Kind.SYMBOL
    at = np.flatnonzero(symbols)
    symbols[at] = [bool(_NO_WORD.match(text, one)) for one in following[at].tolist()]
    return symbols


def _numero(text: str, kinds: Kinds, stops: Offsets, following: Offsets) -> Mask:
    """Which of these stops belong to an N° before a number."""
    signs: Mask = (kinds[stops - 1] == Kind.SYMBOL) & (kinds[following] == Kind.DIGIT)
    at = np.flatnonzero(signs)
    signs[at] = [text[stop - 2 : stop] in ("N°", "n°") for stop in stops[at].tolist()]
    return signs


def _behind_long_word(kinds: Kinds, runs: _Runs, following: Offsets) -> Mask:
    """Which of the runs before small letters are the stop of a word too long to be an abbreviation.

    What follows is a sentence then, though it has no capital.
    """
    long: Mask = (kinds[following - 1] == Kind.SPACE) & (runs.strength == Kind.DOT)
    at = np.flatnonzero(long & (runs.ends - runs.first == 1))
    for step in range(1, _LONG_WORD + 1):
        at = at[kinds.take(runs.first[at] - step, mode="clip") == Kind.LOWER]
    long[:] = False
    long[at] = True
    return long


def _elided(kinds: Kinds, following: Offsets) -> Mask:
    """Which of these small letters are all of an article before a capital: 'n Man, 's Nachts."""
    after, first = (kinds.take(following + step, mode="clip") for step in (1, 2))
    elided: Mask = kinds[following - 1] == Kind.QUOTE
    elided &= (after == Kind.SPACE) & (first == Kind.UPPER)
    return elided


def _opens_without_capitals(kinds: Kinds, lines: Offsets, runs: _Runs) -> Mask:
    """Which of the runs before small letters end a sentence: their line has no capital at all.

    Not behind a closing quote ("why?" he said) or dots that may mean a pause.
    """
    lower: Mask = (kinds[runs.ends - 1] >= Kind.DOT) & (runs.strength <= Kind.MARK)
    lower &= (runs.stops == 1) | (runs.strength == Kind.MARK)
    at = np.flatnonzero(lower)
    lower[at] = _without_capitals(kinds, lines, runs.ends[at])
    return lower


def _without_capitals(kinds: Kinds, lines: Offsets, offsets: Offsets) -> Mask:
    """Whether the lines of these offsets have no capital."""
    asked, places = np.unique(np.searchsorted(lines, offsets), return_inverse=True)
    spans = zip(*_lines_of(lines, lines[asked]).tolist(), strict=True)
    without = np.array([not (kinds[first:last] == Kind.UPPER).any() for first, last in spans], bool)
    found: Mask = without[places]
    return found


def _glued(kinds: Kinds, lines: Offsets, runs: _Runs, regular: Offsets) -> Offsets:
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
    around = _lines_of(lines, ends)
    many, others = (np.diff(np.searchsorted(at, around), axis=0)[0] for at in (ends, regular))
    ending: Offsets = glued[(many > 1) & (many > others)]
    return ending


def _lines_of(breaks: Offsets, offsets: Offsets) -> Offsets:
    """int64[2, n]: where the lines of these offsets begin and end, but for their line breaks."""
    line = np.searchsorted(breaks, offsets)
    return np.stack((np.where(line > 0, breaks[line - 1], 0), breaks[line]))


def _stretch_cuts(text: str, kinds: Kinds, starts: Offsets, ends: Offsets) -> list[int]:
    """Where to cut what is too long for a sentence."""
    long = np.flatnonzero(ends - starts > LONGEST_OPEN // 3)
    starts, ends = starts[long], ends[long]
    last = _walk(kinds, ends - 1, _CLOSING, -1, 4)
    limits = np.where(kinds[last] >= Kind.DOT, LONGEST_ENDED, LONGEST_OPEN)
    may_be = ends - starts > limits // 3
    columns = (starts[may_be], ends[may_be], limits[may_be])
    points: list[int] = []
    for start, end, limit in zip(*(column.tolist() for column in columns), strict=True):
        stretch = text[start:end]
        if _most_weight(kinds[start:end]) > limit < len(stretch) * weight(stretch):
            points.extend(start + point for point in cut_points(stretch))
    return points


def _most_weight(kinds: Kinds) -> int:
    """How many Latin letters these characters stand for at most."""
    dense = kinds - np.uint8(Kind.CASELESS) <= Kind.PARTICLE - Kind.CASELESS  # and, perhaps, Hangul
    return len(kinds) + 2 * int(np.count_nonzero(dense))


class _Runs(NamedTuple):
    """Runs of stops, quotes and closing brackets with a stop in them.

    The offset of the first stop, the end of the run, the strongest kind of stop in it and the
    number of stops.
    """

    first: Offsets
    ends: Offsets
    strength: Kinds
    stops: Offsets

    def take(self, indices: Offsets) -> _Runs:
        """Those with these indices."""
        first, ends, strength, stops = self
        return _Runs(first[indices], ends[indices], strength[indices], stops[indices])


def _stop_runs(kinds: Kinds) -> _Runs:
    stops = np.flatnonzero(kinds >= Kind.DOT)
    if not len(stops):
        return _Runs(stops, stops, np.empty(0, np.uint8), stops)
    ends = Stretches(kinds >= Kind.CLOSER).after(stops + 1)
    heads = np.flatnonzero(np.diff(ends, prepend=-1))
    count = np.diff(heads, append=len(stops))
    return _Runs(stops[heads], ends[heads], np.maximum.reduceat(kinds[stops], heads), count)


def _with_odd_quotes(kinds: Kinds, ends: Offsets) -> Offsets:
    """Move the ends past „So.“, whose closing mark opens elsewhere, past « Si ! » and ? !."""

    def kinds_behind(at: Offsets, distance: int) -> Kinds:  # at the end of the text: a line break
        return kinds.take(ends[at] + distance, mode="clip")

    behind = kinds[ends]
    german, spaced = np.flatnonzero(behind == Kind.OPENER), np.flatnonzero(behind == Kind.SPACE)
    german = german[kinds_behind(german, 1) <= Kind.BREAK]
    next_kinds = kinds_behind(spaced, 1)
    closed, marked = spaced[next_kinds == Kind.CLOSER], spaced[next_kinds == Kind.MARK]
    closed = closed[kinds_behind(closed, 2) <= Kind.BREAK]
    marked = marked[kinds_behind(marked, -1) == Kind.MARK]
    ends = ends.copy()
    ends[german] += 1
    ends[np.concatenate((closed, marked))] += 2
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
    offsets = offsets.copy()
    going = np.flatnonzero(group[kinds[offsets]])
    for _ in range(limit):
        offsets[going] += step
        going = going[group[kinds[offsets[going]]]]
    return offsets


def _in_abbreviation(
    text: str,
    kinds: Kinds,
    dots: Offsets,
    following: Offsets,
    lowered: Mask,
    languages: DocumentLanguages,
) -> Mask:
    """Which full stops belong to an abbreviation, an initial or an ordinal number.

    ``lowered`` are those in lines without capitals.
    """
    starts = _walk(kinds, dots - 1, _WORD, -1, MAX_ABBREVIATION + 1) + 1
    inside = np.zeros(len(dots), bool)
    # Neither the end of a longer word nor "C" in 20 °C.
    # The word behind an apostrophe is one (l'Ing.), but not what is left of "don't".
    left = kinds[starts - 1]
    quoted = np.flatnonzero(left == Kind.QUOTE)
    quoted = quoted[(dots[quoted] - starts[quoted] < 2) & ~_BEFORE_WORD[kinds[starts[quoted] - 2]]]
    is_word = _BEFORE_WORD[left]
    is_word[quoted] = False
    short = np.flatnonzero(is_word)
    short = short[_may_be_abbreviated(text, kinds, starts[short], dots[short], lowered[short])]
    before = kinds[_walk(kinds, starts[short] - 1, _SPACE, -1, 4)]
    heads = (before == Kind.BREAK) | (before >= Kind.DOT)
    # Nothing of the line before: a document's sentences must not depend on its neighbours.
    lefts = np.where(before == Kind.BREAK, starts[short], (starts[short] - 20).clip(min=0))
    columns = (lefts, starts[short], dots[short], following[short], heads, lowered[short])
    rows = zip(*(column.tolist() for column in columns), strict=True)
    inside[short] = [
        continues(text[left:start], text[start:dot], text[after : after + 20], head, low, language)
        for (left, start, dot, after, head, low), language in zip(
            rows, languages.at(dots[short]), strict=True
        )
    ]
    return inside


def _may_be_abbreviated(
    text: str, kinds: Kinds, starts: Offsets, dots: Offsets, lowered: Mask
) -> Mask:
    """Listed words, numbers, single letters and letters joined by stops: about one in twenty."""
    spans = zip(starts.tolist(), dots.tolist(), strict=True)
    listed = np.array([text[start:dot] in ABBREVIATIONS for start, dot in spans], bool)
    for at in np.flatnonzero(lowered).tolist():
        listed[at] |= text[starts[at] : dots[at]] in ABBREVIATIONS_LOWERED
    last, previous = kinds[dots - 1], kinds[dots - 2]
    initial = _CASED[last] & ((starts == dots - 1) | (previous == Kind.DOT))
    caseless = (last == Kind.CASELESS) | ((last == Kind.ACCENT) & (previous == Kind.CASELESS))
    initial |= caseless & ((dots - starts <= 2) | (kinds.take(dots - 3, mode="clip") == Kind.DOT))
    initial |= caseless & (previous == Kind.DOT)
    listed |= initial | (last == Kind.DIGIT)
    return listed
