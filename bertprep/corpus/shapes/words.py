"""Whether a text is made of words at all: the rule for all that no other shape knows."""

from __future__ import annotations

import regex

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_OPENING = r"[\p{Ps}\p{Pi}\"'\u2019\u2018\u201C\u201E*_~¿¡•\p{Pd}]*"
_CLOSING = r"[\p{Pe}\p{Pf}\p{STerm}\p{Pd}\"'\u2019\u201C\u201D,;:*_~\u2026।]*"
_LETTERS = r"[\p{L}\p{M}][\p{L}\p{M}\u200C\u200D]*+"
# A word, or several joined; an initial or an abbreviation; a number is none.
_WORD = regex.compile(
    rf"{_OPENING}(?:(?:\p{{L}}\.){{1,6}}|{_LETTERS}(?:[\p{{Pd}}'\u2019\u02BC·&/@]{_LETTERS})*+){_CLOSING}"
)
# What machines write is in Latin letters; of other scripts, some part words by no blanks.
_OTHER_SCRIPT = regex.compile(r"(?V1)[\p{L}--[\p{Latin}\p{Cyrillic}\p{Greek}]]")
# Names of things in programs: neither this one nor that of a firm, a Mac or a Scot are many.
_CAMEL = regex.compile(r"\P{L}*\p{Ll}+(?:\p{Lu}\p{Ll}+)+\P{L}*")
# Neither for nor against: names, addresses, numbered words (a text may have numbers for its words).
_NAMED = regex.compile(r"[@#]\w+\W*|https?://\S+|\p{P}*\p{L}+\d+\p{P}*")
_NUMBER = regex.compile(r"[\p{P}\p{S}]*\d[\d.,:/\p{Pd}]*[\p{P}\p{S}]*")
_WEIGHT_OF_NUMBERS = 0.25  # prose has some, and scores or sums many
# A molecule in a line of its own (SMILES), which somebody may well train on as on DNA.
_MOLECULE = regex.compile(
    r"(?=\S*[CcNO])(?:Cl|Br|Si|Se|Na|[BCNOPSFIHKbcnops]|[\d()\[\]=#@+\\/.%:-])+"
)
_AROUND = ".,;:!?()\"'"
_FILLED = regex.compile(r"[\p{L}\p{N}]")
_FEWEST, _MOST_TOKENS = 40, 1500
_FEWEST_LETTERS = 2000  # where there are few tokens, as in code without blanks
_MOST_BROKEN = 0.01  # bytes that are no UTF-8 are told of when they are read
# Of prose more than nine in ten are words; of the oddest that was found, three in four.
_REFUSED, _WARNED = 0.4, 0.65


def no_words(part: Part) -> Finding | None:
    """Text most of which is no words: code, dumps, codes, figures."""
    if _is_plain(part.text):
        return None
    share = share_of_words(part.text)
    if share is None or share >= _WARNED:
        return None
    what = f"does not look like text: {share:.0%} of what stands between blanks are words"
    advice = "leave it out by --exclude, or take its text out of it first"
    return Finding("no words", what, advice, is_warning=share >= _REFUSED)


def _is_plain(text: str) -> bool:
    """Whether it is certain, and told fast, that enough are words: there may be many files."""
    tokens = text.split(None, _MOST_TOKENS)[:_MOST_TOKENS]
    plain = sum([token.strip(_AROUND).isalpha() for token in tokens])
    if len(tokens) >= _FEWEST and sum(map(bool, map(_CAMEL.fullmatch, tokens[:_FEWEST]))) > 2:
        return False
    return len(tokens) >= _FEWEST and plain > _WARNED * len(tokens)


def share_of_words(text: str) -> float | None:
    """Which share of what stands between blanks is words; None if that is too little to tell."""
    tokens = text.strip("\ufffd").split(None, _MOST_TOKENS)[:_MOST_TOKENS]
    if text.count("\ufffd") > _MOST_BROKEN * len(text):
        return None
    filled = [token for token in tokens if _FILLED.search(token) and not _NAMED.fullmatch(token)]
    if len(filled) < _FEWEST and sum(map(len, filled)) < _FEWEST_LETTERS:
        return None
    if sum(bool(_MOLECULE.fullmatch(token)) for token in filled) > 0.95 * len(filled):
        return None
    words = sum(map(_is_word, filled))
    numbers = sum(bool(_NUMBER.fullmatch(token)) for token in filled)
    return words / (len(filled) - (1 - _WEIGHT_OF_NUMBERS) * numbers)


def _is_word(token: str) -> bool:
    is_plain = _WORD.fullmatch(token) and not _CAMEL.fullmatch(token)
    return bool(is_plain or _OTHER_SCRIPT.search(token))
