"""Letters and blanks that are no language: ciphers, chance, words without any mark between."""

from __future__ import annotations

import re
from collections import Counter

import regex

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_BARE = re.compile(rb"[a-z ]{8192,}")
# In all languages of Latin letters nearly every word of four letters has one of these.
_VOWEL = regex.compile(r"[aeiouyw]|[^\x00-\x7f]")
_BEFORE, _BEHIND = re.compile(rb"\s[.,]+[a-z0-9]"), re.compile(rb"[a-z0-9][.,]+\s")
_FEWEST_STOPS = 20
_LOWER = re.compile(r"[a-z]{4,}")
_UPPER = re.compile(r"[A-Z]{4,}")
_AROUND = ".,;:!?()\"'"
_ALL_CAPITALS = 0.8  # or they are abbreviations
_ACCENTS = re.compile("[\xc0-\xff]")
_MOST_ACCENTS = 0.5
_FEWEST, _MOST = 100, 1500
_WITHOUT_VOWELS, _FEWEST_LETTERS = 0.06, 12
_FEWEST_DISTINCT, _DISTINCT = 800, 0.95
_WORDS_OF_LINES = 8
_FEWEST_CHARACTERS, _MOST_CHARACTERS, _KINDS_OF_CHARACTERS = 1000, 4000, 0.4
_SAME_ENDING = 0.45
_CAPITALS = re.compile(r"[A-Z#.]{5,}|[A-Z#.]")
_MOST_OF_PROTEINS, _FEWEST_VOWELS = 20, 0.28
_ALONE = regex.compile(r"(?V1)[\p{Latin}\p{Greek}\p{Cyrillic}]\p{M}*")
_ALONE_SHARE = 0.6
_ADVICE = "leave it out by --exclude"


def bare_words(part: Part) -> Finding | None:
    """One line of words in small letters, as in text8: no sentence ends, and no document."""
    if (
        b"\n" in part.data[:8192]
        or not _BARE.search(part.data)
        or part.data.count(b" ") * 20 < len(part.data)
    ):
        return None
    return Finding(
        "bare words",
        "is one long line of words without capitals, stops or line breaks (as text8 is)",
        "it is one document, cut anywhere into sentences; give the text that it was made of",
        is_warning=True,
    )


def gibberish(part: Part) -> Finding | None:
    """Words that no language has, or characters by chance."""
    return _characters(part.text[:_MOST_CHARACTERS]) or _words(part)


def _characters(text: str) -> Finding | None:
    if len(text) < _FEWEST_CHARACTERS or len(set(text)) < _KINDS_OF_CHARACTERS * len(text):
        return None
    return _finding(f"{len(set(text)):,} of its first {len(text):,} characters differ")


def _words(part: Part) -> Finding | None:
    tokens = part.text.split(None, _MOST)[:_MOST]
    if len(tokens) < _FEWEST:
        return None
    if sum(len(token) < 4 for token in tokens) >= _ALONE_SHARE * len(tokens) and _are_spaced(
        tokens
    ):
        what = "has a blank between its letters"
        return Finding("spaced letters", what, f"they are taken as words; {_ADVICE}, or join them "
                       "first", is_warning=True)  # fmt: skip
    if len(_BEFORE.findall(part.data)) > max(_FEWEST_STOPS, 2 * len(_BEHIND.findall(part.data))):
        return _finding("stops and commas stand before words, as in text that is turned round")
    words = {token for token in tokens if _LOWER.fullmatch(token)}
    long = [word for token in tokens if len(word := token.strip(_AROUND)) > 3]
    capitals = [word for word in long if _UPPER.fullmatch(word)]
    kinds = len(set("".join(capitals)))
    if len(capitals) > _ALL_CAPITALS * len(long) and kinds > _MOST_OF_PROTEINS:
        words |= set(map(str.lower, capitals))
    without = sum(not _VOWEL.search(word) for word in words)
    is_sequence = len(set("".join(words))) < _FEWEST_LETTERS  # as of DNA
    if len(words) >= _FEWEST and not is_sequence and without > _WITHOUT_VOWELS * len(words):
        return _finding(f"{without / len(words):.0%} of its words have no vowel")
    if _are_accents(part.text[:_MOST_CHARACTERS]):
        return _finding("most of its letters have accents, as where another encoding was read")
    if ending := _one_ending(tokens):
        return _finding(f"most of its words end in -{ending}")
    if _are_drawn(tokens):
        return _finding("its letters come as by chance")
    if _never_repeats(tokens, len(part.filled), part):
        return _finding("hardly a word comes twice")
    return None


def _are_accents(text: str) -> bool:
    accents = len(_ACCENTS.findall(text))
    return accents > _MOST_ACCENTS * sum(map(str.isalpha, text)) and accents > _FEWEST


def _one_ending(tokens: list[str]) -> str:
    """The two letters that most words end in, as in secret languages of children; or nothing."""
    words = {token.strip(".,;:!?\"'").lower() for token in tokens}
    ends = Counter(word[-2:] for word in words if len(word) > 4 and word.isalpha())
    if ends.total() < _FEWEST or not (most := ends.most_common(1)[0])[0].isascii():
        return ""
    return most[0] if most[1] > _SAME_ENDING * ends.total() else ""


def _are_drawn(tokens: list[str]) -> bool:
    """Whether runs of capitals have more kinds of letters than proteins, about as many of each."""
    words = [token for token in tokens if _CAPITALS.fullmatch(token)]
    if len(words) < 0.9 * len(tokens):
        return False
    counts = Counter("".join(words))
    vowels = sum(counts[vowel] for vowel in "AEIOU") / counts.total()
    return len(counts) > _MOST_OF_PROTEINS and vowels < _FEWEST_VOWELS


def _are_spaced(tokens: list[str]) -> bool:
    alone = sum(bool(_ALONE.fullmatch(token)) for token in tokens)
    letters = {token for token in tokens if len(token) == 1}
    return alone >= _ALONE_SHARE * len(tokens) and sum(map(str.islower, letters)) > 10


def _never_repeats(tokens: list[str], lines: int, part: Part) -> bool:
    words = [token.strip(".,;:!?").lower() for token in tokens]
    if len(words) < _FEWEST_DISTINCT or len(set(words)) < _DISTINCT * len(words):
        return False
    return part.data.count(b" ") >= (_WORDS_OF_LINES - 1) * lines and "".join(words[:99]).isascii()


def _finding(why: str) -> Finding:
    what = f"looks like no language: {why}"
    return Finding("no language", what, f"it is read as text; {_ADVICE}", is_warning=True)
