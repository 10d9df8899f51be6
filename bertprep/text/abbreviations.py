"""Words whose full stop need not end a sentence.

`continues` settles the one question a table of characters cannot: in "Mr. Smith", "No. 7",
"U.S. Army" or "3. Oktober" the stop belongs to the word. The lists are general ones (titles,
references, companies, calendars of English, German and French, and for a document whose
language is not decided), in the case they are written in;
`_forms` adds the capitals. The lists of other languages are in `abbreviation_lists`.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import regex

from bertprep.common.scripts import UNSPACED
from bertprep.text.abbreviation_lists import INTERNATIONAL, LISTED
from bertprep.text.language import SHORT_WORDS

__all__ = [
    "ABBREVIATIONS",
    "ABBREVIATIONS_LOWERED",
    "ENDING",
    "MAX_ABBREVIATION",
    "continues",
    "has_ordinals",
]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _forms(words: str) -> frozenset[str]:
    """Each word as listed, capitalized and in capitals: {"fig"} -> {"fig", "Fig", "FIG"}."""
    listed = words.split()
    raised = [word[0].upper() + word[1:] for word in listed]
    return frozenset([*listed, *raised, *(word.upper() for word in listed if len(word) > 1)])


# What follows belongs to them, whatever it is.
_LEADING = _forms(
    """
    Mr Mrs Ms Mx M Dr Drs Prof Profs Rev Revd Hon Gen Col Maj Capt Cpt Cmdr Cdr Lt Sgt Cpl Pvt Adm
    Brig Sen Gov Lieut Supt Insp Messrs Mme Mmes Mlle Mlles Mgr Mgrs MM Hr Hrn Frl Dipl Ing Mag
    vs v cf viz e.g i.e approx incl esp resp
    z.B d.h u.a v.a s.o s.u o.g i.d.R bzw vgl ggf evtl sog inkl zzgl bspw insb geb gest Mio Mrd Tsd
    p.ex env éd av
    """
)

# Before a figure only: "No. 7" and "Jan. 5", but "He said no. Then".
_NUMBERED = _forms(
    """
    no nos nr nrn n num p pp pg vol vols fig figs sec sect ch chap art para ver ed eds ln
    op eq eqs ref tab tel ext ca c b d r fl est max min abs bd kap abb ziff fol ff vers bk pt
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Okt Nov Dec Dez Mon Tue Tues Wed Thu Thur Thurs Fri
    janv févr avr juil déc
    Ex Lev Num Deut Josh Sam Kgs Chron Ps Psa Prov Eccl Isa Jer Ezek Matt Rom Cor Gal Eph Phil
    Thess Tim Heb Jas Pet
    """
)

# They may stand last; then the next word is one that opens sentences.
_TRAILING = _forms(
    """
    Inc Ltd Co Cos Corp Bros Jr Sr Esq Ph.D al St Ste Mt Ft Ave Blvd Rd Hwy Bldg Dept Univ Assn
    Assoc Intl Natl Pres Rep Dem Cie Str usw Hs Jh
    Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky Mich Minn Miss Mo Mont Neb Nev Okla Ore
    Penn Tenn Tex Va Wash Wis Wyo Ont Que
    """
)

# They close a list: the sentence may go on behind them, but not with a capital.
_CLOSING = _set(
    """
    etc usw osv o.s.v m.m mm m.fl mfl e.d e.a enz ecc dll dsb dst tsb itp itd atd atď apod stb idr
    ipd jne jms jm jt utt u.c utml u.tml kt o.fl o.s.frv ș.a ş.a ș.a.m.d v.v
    др т.д т.п т.н и.т.н ін інш итд итн κλπ κ.λπ κ.τ.λ κ.ά
    """
)

# They close a list and the sentence with it: their script has no capitals to tell otherwise.
ENDING = _set("ა.შ სხვ")

# Function words, as they look at the head of a sentence.
_OPENERS = _set(
    """
    A About After Are Can Could Did Do Does Has Have Is Should Was Would All Also Although
    Among An And Another Any As At Because Before Both But By
    Despite During Each Even Every Finally First For From He Her Here His How However I If In
    Instead It Its Later Many More Most Moreover My Neither Nevertheless No Not Now On Once One
    Only Other Our Over Perhaps Please She Since So Some Soon Still Such Thank That The Their Then
    There Therefore These They This Those Though Through Thus To Today Two Under Until Upon We
    Were What When Where Whether Which While Who Why With Within Without Yet You Your
    Aber Als Am Auch Auf Aus Bei Beim Da Dabei Damit Danach Dann Das Dass Dem Den Denn Der Des Die
    Dies Diese Dieser Dieses Doch Durch Ein Eine Einem Einen Einer Er Es Für Hier Ich Ihr Ihre Im
    Ist Mit Nach Nachdem Nur Ob Obwohl Schon Seine Sein Seit Sie So Sowohl Um Und Unter Vom Von
    Vor Wenn Wer Wie Wir Zu Zum Zur Zwar
    Au Aux Avec Ce Cela Celle Celui Ces Cet Cette Dans De Depuis Des Donc Du Elle Elles En Et Il
    Ils Je La Le Les Leur Mais Mon Notre Nous On Or Où Par Pour Puis Quand Que Qui Sa Sans Selon
    Ses Si Son Sous Sur Tous Tout Un Une Votre Vous
    """
)

# "am 3. Oktober": an ordinal where German puts one, or before what German counts.
_ORDINAL_CUES = _set(
    "am im der die das dem den des vom zum zur beim bis ab seit und dieser diesem ihrem seinem "
    "Am Im Der Die Das Dem Den Des Vom Zum Zur Beim Bis Ab Seit"
)
_COUNTED = _set(
    "Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember "
    "Jahrhundert Jahrhunderts Jahrtausend Jahrtausends Jh Geburtstag Lebensjahr Platz"
)


class _Lists(NamedTuple):
    """The words to compare with, as they are written."""

    leading: frozenset[str]
    numbered: frozenset[str]
    trailing: frozenset[str]
    openers: frozenset[str]
    counted: frozenset[str]
    dated: frozenset[str] = frozenset()
    ordinals: bool = False

    @property
    def words(self) -> frozenset[str]:
        return self.leading | self.numbered | self.trailing | self.dated

    def lowered(self) -> _Lists:
        """The same for text without capitals."""
        leading, numbered, trailing, openers, counted, dated = map(_lowered, self[:6])
        return _Lists(leading, numbered, trailing, openers, counted, dated, self.ordinals)


def _lowered(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


_USUAL = _Lists(_LEADING, _NUMBERED, _TRAILING, _OPENERS, _COUNTED)


def _lists_of(language: str) -> _Lists:
    listed, few = LISTED[language], INTERNATIONAL
    openers = {word.capitalize() for word in SHORT_WORDS.get(language, ())}
    openers.update(listed.openers.split())
    return _Lists(
        _forms(f"{listed.leading} {few.leading}"),
        _forms(f"{listed.numbered} {few.numbered}"),
        _forms(f"{listed.trailing} {few.trailing}"),
        frozenset(word for word in openers if word[1:] or listed.ordinals),
        frozenset(),
        _forms(listed.dated),
        listed.ordinals,
    )


_BY_LANGUAGE = {language: _lists_of(language) for language in LISTED}
_LOWERED = {language: lists.lowered() for language, lists in _BY_LANGUAGE.items()}
_USUAL_LOWERED = _USUAL.lowered()
_TENS, _ONES = ("", "X", "XX", "XXX"), ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMANS = frozenset(tens + ones for tens in _TENS for ones in _ONES) - {""}

ABBREVIATIONS = _USUAL.words.union(
    _CLOSING, ENDING, _ROMANS, *(lists.words for lists in _BY_LANGUAGE.values())
)
ABBREVIATIONS_LOWERED = frozenset(word.lower() for word in ABBREVIATIONS)
MAX_ABBREVIATION = max(map(len, ABBREVIATIONS))

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
    lists = _lists(language, lowered)
    if after[:1] in ("¿", "¡") or word in ENDING:
        return False
    if word[-1:].isdigit():
        if lists.ordinals and _DATE.search(before):
            return bool(_FIGURE.match(after))  # 20. 3. 1990, 20. 3. - 20. 4.
        return (heads and _numbers_item(before, word)) or _is_ordinal(before, word, after, lists)
    if word in _CLOSING or (word in ("д", "п") and _BEHIND_T.search(before)):
        return after[:1].islower()
    if word in lists.leading:
        return True
    if word in lists.numbered and (_FIGURE.match(after) or _ROMAN.match(after)):
        return True
    if heads and (word in _ROMANS or _OUTLINE.fullmatch(word)):
        return True
    if word.isupper() and not word[1:] and _LABEL.search(before):
        return False
    # A single letter, or the last of letters joined by stops.
    letters = word[-2:-1] in ("", ".") and word not in lists.dated
    if letters and (heads or _IN_PIECES.search(before) or _INITIAL.match(after)):
        return True
    may_be_name = letters and (len(word) > 1 or lowered or word.isupper())
    return _leads_on(before, word, after, lists, may_be_name)


def _leads_on(before: str, word: str, after: str, lists: _Lists, may_be_name: bool) -> bool:
    """Whether a word that may stand last does not: the next word opens no sentence."""
    if not word.isascii() and _CASELESS.fullmatch(word):
        return True
    if word in lists.dated and not (_BEHIND_NUMBER.search(before) and not _FIGURE.match(after)):
        return True
    if word in lists.trailing and word.islower() and _BEHIND_AMOUNT.search(before):
        return bool(_CURRENCY.match(after)) or after[:1].islower()  # units: 5 km. Then
    listed = word in lists.trailing or word in lists.dated or (lists.ordinals and word in _ROMANS)
    return (may_be_name or listed) and not _opens_sentence(after, lists)


def has_ordinals(language: str) -> bool:
    """Whether a number with a full stop is an ordinal in a language, as in German or Czech."""
    return language == "de" or _lists(language, lowered=False).ordinals


@cache
def _lists(language: str, lowered: bool) -> _Lists:
    of_language, usual = (_LOWERED, _USUAL_LOWERED) if lowered else (_BY_LANGUAGE, _USUAL)
    return of_language.get(language, usual)


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


def _is_ordinal(before: str, word: str, after: str, lists: _Lists) -> bool:
    if not (word.isdigit() and len(word) < 3):
        return False
    last, following = _LAST_WORD.search(before), _WORD.match(after)
    if lists.ordinals:
        if _PARAGRAPH.match(after):
            return False
        if int(word) > _LAST_DAY or _BEHIND_RANGE.search(before):
            return after[:1].islower()
        return not _opens_sentence(after, lists)
    return bool(last and last[1] in _ORDINAL_CUES) or bool(
        following and following[0] in lists.counted
    )


def _opens_sentence(after: str, lists: _Lists) -> bool:
    """Whether the next word is a function word; "A." and "I." are initials."""
    following = _WORD.match(after)
    return bool(following and following[0] in lists.openers and after[following.end() :][:1] != ".")
