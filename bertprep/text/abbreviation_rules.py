"""Whether a sentence goes on behind a word and its full stop.

`continues` settles the one question a table of characters cannot: in "Mr. Smith", "No. 7",
"U.S. Army" or "3. Oktober" the stop belongs to the word.  Which words those are is in
`abbreviation_words`.
"""

from __future__ import annotations

import regex

from bertprep.common.scripts import UNSPACED
from bertprep.text.abbreviation_words import (
    ABBREVIATIONS,
    CLOSING,
    ENDING,
    ORDINAL_CUES,
    ROMANS,
    Lists,
    lists_for,
)

_ROMAN = regex.compile(r"(?:[IVXLCDM]{2,8}|[VX])\b")  # "I" is the pronoun
_OUTLINE = regex.compile(
    r"(?:(?:[A-Z]|[IVX]{1,5}|\d{1,2})\.){1,3}(?:[A-Z]|[IVX]{1,5}|\d{1,2})"
)  # B.II.6
# "between A and B.": letters that name something, and no initials. "I" is the pronoun.
_LABEL = regex.compile(
    r"(?<![\w.])(?!I\b)\p{Lu},?\s(?:and|or|und|oder|et|ou|y|o|e|i|a|en|of|og|och|eller|ja|tai|és|vagy"
    r"|și|sau|ve|veya|dan|atau|и|или|та|і|й|або|και|ή)\s\Z"
)
# Where a number of four figures is an article's: not in "N°. 1026." nor in "When? 1990."
_NEW = regex.compile(r"(?:\A|[\p{L}\p{M}\p{N})\]]\.)\s{0,4}\Z")
_WORD = regex.compile(r"\w{1,16}")
_LAST_WORD = regex.compile(r"(\w{1,16})\s{1,4}\Z")
_LAST_ABBREVIATED = regex.compile(r"(\w{1,16})\.\s{1,4}\Z")
_IN_PIECES = regex.compile(r"\b[a-zäöü]\.\s\Z")  # the "z. " before B in "z. B."
_INITIAL = regex.compile(r"[^\W\d_]\.")
_DATE = regex.compile(r"\b\d{1,2}\.\s?\Z")  # the "3. " before 5 in "3. 5."
_FIGURE = regex.compile(r"[\d№§]")
_BEHIND_NUMBER = regex.compile(r"[\dIVXLC]\s{0,2}\Z")
_BEHIND_AMOUNT = regex.compile(r"\d\s?(?:[^\W\d_]{2,4}\.?\s)?\Z")  # 5, 5 mlrd.
_CURRENCY = regex.compile(r"[A-Z]{3}\b")  # 5 mlrd. EUR
_BEHIND_RANGE = regex.compile(r"\d\s?\p{Pd}\s?\Z")  # the "2-" of the score 2-1
_BEHIND_T = regex.compile(r"\bт\.\s\Z")  # "и т. д." with a space in it
_LAST_DAY = 31  # of a month, and numbers above it are rarely said in order
# A letter, or some joined by stops, of a script without capitals: தி.மு.க; their names: எஸ்.எஸ்
_LETTER = rf"[[\p{{Lo}}\p{{Georgian}}]--[{UNSPACED}\p{{Hangul}}\p{{Tibetan}}]]\p{{M}}*"
_CASELESS = regex.compile(rf"(?V1){_LETTER}|(?:(?:{_LETTER}){{1,2}}\.)+(?:{_LETTER}){{1,2}}")
_PARAGRAPH = regex.compile(r"\d{1,3}[a-z]?\)")  # what is left of (3) behind its bracket


def continues(
    before: str,
    word: str,
    after: str,
    heads: bool = False,
    lowered: bool = False,
    language: str = "",
) -> bool:
    """Whether the sentence goes on after `word` and its full stop.

    Args:
        before: the text before the word; a score of characters is enough.
        word: the word, without its full stop.
        after: the text behind that; a score of characters is enough.
        heads: whether the word is the first of its line, sentence or quotation, as an item's
            number or letter is.
        lowered: whether the text has no capitals.
        language: the document's; for one that has no list, and for none, the common ones hold.

    >>> continues("I met ", "Mr", "Smith."), continues("He said ", "no", "Then he left.")
    (True, False)
    >>> continues("in the ", "U.S", "Army"), continues("in the ", "U.S", "The army")
    (True, False)
    """
    lists = lists_for(language, lowered)
    if after[:1] in ("¿", "¡") or word in ENDING:
        return False
    if word[-1:].isdigit():
        if lists.ordinals and _DATE.search(before):
            return bool(_FIGURE.match(after))  # 20. 3. 1990, 20. 3. - 20. 4.
        return (heads and _numbers_item(before, word)) or _is_ordinal(before, word, after, lists)
    if word in CLOSING or (word in ("д", "п") and _BEHIND_T.search(before)):
        return after[:1].islower()
    if word in lists.leading:
        return True
    if word in lists.numbered and (_FIGURE.match(after) or _ROMAN.match(after)):
        return True
    if heads and (word in ROMANS or _OUTLINE.fullmatch(word)):
        return True
    if word.isupper() and not word[1:] and _LABEL.search(before):
        return False
    # A single letter, or the last of letters joined by stops.
    letters = word[-2:-1] in ("", ".") and word not in lists.dated
    if letters and (heads or _IN_PIECES.search(before) or _INITIAL.match(after)):
        return True
    may_be_name = letters and (len(word) > 1 or lowered or word.isupper())
    return _leads_on(before, word, after, lists, may_be_name)


def _leads_on(before: str, word: str, after: str, lists: Lists, may_be_name: bool) -> bool:
    """Whether a word that may stand last does not: the next word opens no sentence."""
    if not word.isascii() and _CASELESS.fullmatch(word):
        return True
    if word in lists.dated and not (_BEHIND_NUMBER.search(before) and not _FIGURE.match(after)):
        return True
    if word in lists.trailing and word.islower() and _BEHIND_AMOUNT.search(before):
        return bool(_CURRENCY.match(after)) or after[:1].islower()  # units: 5 km. Then
    listed = word in lists.trailing or word in lists.dated or (lists.ordinals and word in ROMANS)
    return (may_be_name or listed) and not _opens_sentence(after, lists)


def has_ordinals(language: str) -> bool:
    """Whether a number with a full stop is an ordinal in a language, as in German or Czech."""
    return language == "de" or lists_for(language, lowered=False).ordinals


def _numbers_item(before: str, word: str) -> bool:
    """Whether a number at the head is an item's, "2." or "1.2.3", not the one of "No. 7".

    One of four figures may be an article's, or the year that somebody asked for.
    """
    last = _LAST_ABBREVIATED.search(before)
    short = len(word) < (8 if "." in word else 5)
    long = len(word) > 3 and word.isdigit()
    return (
        short and not (long and not _NEW.search(before)) and not (last and last[1] in ABBREVIATIONS)
    )


def _is_ordinal(before: str, word: str, after: str, lists: Lists) -> bool:
    if not (word.isdigit() and len(word) < 3):
        return False
    last, following = _LAST_WORD.search(before), _WORD.match(after)
    if lists.ordinals:
        if _PARAGRAPH.match(after):
            return False
        if int(word) > _LAST_DAY or _BEHIND_RANGE.search(before):
            return after[:1].islower()
        return not _opens_sentence(after, lists)
    return bool(last and last[1] in ORDINAL_CUES) or bool(
        following and following[0] in lists.counted
    )


def _opens_sentence(after: str, lists: Lists) -> bool:
    """Whether the next word is a function word; "A." and "I." are initials."""
    following = _WORD.match(after)
    return bool(following and following[0] in lists.openers and after[following.end() :][:1] != ".")
