"""The abbreviations that hold for a language, and the words that sentences open with.

The lists here are general ones (titles, references, companies, calendars of English, German and
French, and for a document whose language is not decided), in the case they are written in;
`_forms` adds the capitals.  The lists of other languages are in `abbreviation_lists`.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from bertprep.text.abbreviation_lists import INTERNATIONAL, LISTED
from bertprep.text.language import SHORT_WORDS


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
CLOSING = _set(
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
ORDINAL_CUES = _set(
    "am im der die das dem den des vom zum zur beim bis ab seit und dieser diesem ihrem seinem "
    "Am Im Der Die Das Dem Den Des Vom Zum Zur Beim Bis Ab Seit"
)
_COUNTED = _set(
    "Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember "
    "Jahrhundert Jahrhunderts Jahrtausend Jahrtausends Jh Geburtstag Lebensjahr Platz"
)


class Lists(NamedTuple):
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

    def lowered(self) -> Lists:
        """The same for text without capitals."""
        leading, numbered, trailing, openers, counted, dated = map(_lowered, self[:6])
        return Lists(leading, numbered, trailing, openers, counted, dated, self.ordinals)


def _lowered(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


_USUAL = Lists(_LEADING, _NUMBERED, _TRAILING, _OPENERS, _COUNTED)


def _lists_of(language: str) -> Lists:
    listed, few = LISTED[language], INTERNATIONAL
    openers = {word.capitalize() for word in SHORT_WORDS.get(language, ())}
    openers.update(listed.openers.split())
    return Lists(
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
ROMANS = frozenset(tens + ones for tens in _TENS for ones in _ONES) - {""}

ABBREVIATIONS = _USUAL.words.union(
    CLOSING, ENDING, ROMANS, *(lists.words for lists in _BY_LANGUAGE.values())
)
ABBREVIATIONS_LOWERED = frozenset(word.lower() for word in ABBREVIATIONS)
MAX_ABBREVIATION = max(map(len, ABBREVIATIONS))


@cache
def lists_for(language: str, lowered: bool) -> Lists:
    """The words of a language's list; for one that has none, and for none, the usual ones.

    Args:
        language: its code, or "".
        lowered: whether the text has no capitals.
    """
    of_language, usual = (_LOWERED, _USUAL_LOWERED) if lowered else (_BY_LANGUAGE, _USUAL)
    return of_language.get(language, usual)
