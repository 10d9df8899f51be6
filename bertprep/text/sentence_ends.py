"""Where the sentences of a text end, by rule.

Only the few places where a sentence might end are looked at, all together, as numpy arrays.

The rules are those of the Unicode annex on text segmentation (UAX #29, sentence boundaries) in
spirit: a stop with the closing quotes and brackets after it ends a sentence when white space and
a plausible first character follow, and a CJK stop does so with nothing after it.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from bertprep.text.abbreviation_rules import has_ordinals
from bertprep.text.abbreviation_stops import in_abbreviation
from bertprep.text.language import DocumentLanguages
from bertprep.text.list_items import first_paragraphs, items_of
from bertprep.text.marks_at_stops import with_notes, with_quotes, within_titles
from bertprep.text.punctuation import Kind, Kinds, Mask, group
from bertprep.text.sentence_openings import glued_ends, may_begin
from bertprep.text.speakers import before_speakers
from bertprep.text.stop_runs import Runs, ends_anywhere, stop_runs, with_odd_quotes
from bertprep.text.stretches import Stretches, walk

__all__ = ["sentence_ends"]

Offsets = NDArray[np.int64]

# Nothing of a word until the line ends.
_NO_WORD = re.compile(
    r"[^\w\n\r\v\f\x1c-\x1e\x85\u2028\u2029]{1,100}(?=[\n\r\v\f\x85\u2028\u2029]|\Z)"
)
_BEFORE_FIRST = group(Kind.OPENER, Kind.WIDE_OPENER, Kind.QUOTE, Kind.CLOSER, Kind.DASH, Kind.SPACE)
_CLOSES_TOO = "“‘«‹"  # marks that open in one language and close in another


def sentence_ends(
    text: str, kinds: Kinds, white: Stretches, lines: Offsets, languages: DocumentLanguages
) -> Offsets:
    """Offsets just past the last character of sentences, those before line breaks left out.

    Args:
        text: documents, joined.
        kinds: uint8[len(text) + 1], the kinds of its characters.
        white: its white space.
        lines: int64[k], ascending: where its lines end.
        languages: of the documents.

    Returns:
        int64[n], in no order.
    """
    runs = stop_runs(kinds)
    runs = runs._replace(ends=with_odd_quotes(kinds, runs.ends))
    runs = runs._replace(ends=with_notes(text, kinds, lines, runs.ends))
    runs = runs._replace(ends=with_quotes(text, kinds, lines, runs.ends, runs.strength))
    if len(told := before_speakers(text, kinds, runs.ends)):
        runs = runs.take(np.delete(np.arange(len(runs.ends)), told))
    wide = ends_anywhere(kinds, runs)
    spaced = np.flatnonzero((kinds[runs.ends] == Kind.SPACE) & ~wide)
    following = white.after(runs.ends[spaced])
    low = np.flatnonzero(kinds[following] == Kind.COMMA)
    low = low[kinds.take(following[low] + 1, mode="clip") == Kind.COMMA]
    following[low] += 2  # past „ as ,,
    following = walk(kinds, following, _BEFORE_FIRST, 1, 4)
    plausible, lowered = may_begin(kinds, lines, runs.take(spaced), following)
    glued = glued_ends(kinds, lines, runs, runs.ends[spaced[plausible]])
    candidates = np.concatenate([spaced[plausible], glued])
    following = np.concatenate([following[plausible], runs.ends[glued]])
    without = np.concatenate([lowered[plausible], np.zeros(len(glued), bool)])
    ending = ~(_asides(text, kinds, runs, candidates) | _without_words(text, kinds, following))
    ending &= ~_numero(text, kinds, runs.first[candidates], following)
    single = (runs.strength[candidates] == Kind.DOT) & (runs.stops[candidates] == 1)
    dots = runs.first[candidates[single]]
    ending[single] &= ~in_abbreviation(
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
    paragraphs = first_paragraphs(text, kinds, lines, runs.ends)
    return np.concatenate([ended, items.starts, np.array(paragraphs, np.int64)])


def _asides(text: str, kinds: Kinds, runs: Runs, candidates: Offsets) -> Mask:
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
