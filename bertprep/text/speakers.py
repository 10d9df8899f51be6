"""Who says what is quoted: "Who died?" asked the old man, in scripts without capitals.

Where letters have two cases, the small letter behind the closing mark tells that the sentence goes
on. In others the clause is told by a verb of saying: its last word in most of these languages, with
an auxiliary perhaps, its first one in Hebrew and Arabic.
"""

from __future__ import annotations

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.text.punctuation import CLOSING, Kind, Kinds

__all__ = ["before_speakers"]

Offsets = NDArray[np.int64]

_LAST = (
    # Marathi
    "म्हणाला म्हणाली म्हणाले म्हणालो म्हणतो म्हणते म्हणतात विचारले विचारलं विचारतो बोलला बोलली बोलले सांगितले "
    "उत्तरला उत्तरली उत्तरले ओरडला ओरडली "
    # Hindi
    "कहा कही पूछा बोला बोली बोले कहता कहती कहते पूछता पूछती चिल्लाया चिल्लाई "
    # Bengali
    "বলল বললো বললেন বলেন বলেছেন বলেছিলেন জানালেন "
    # Gujarati, Panjabi
    "કહ્યું પૂછ્યું બોલ્યો બોલી બોલ્યા ਕਿਹਾ ਪੁੱਛਿਆ ਬੋਲਿਆ ਬੋਲੀ "
    # Urdu, Persian
    "کہا پوچھا بولا بولی بولے گفت گفتم گفتند پرسید پرسیدم پرسیدند "
    # Tamil, Telugu, Kannada, Malayalam
    "என்றார் என்றான் என்றாள் என்றனர் கேட்டார் கேட்டான் கேட்டாள் கூறினார் அన్నాడు అన్నారు అంది అన్నది అడిగాడు అడిగింది అడిగారు "
    "ಹೇಳಿದರು ಹೇಳಿದನು ಹೇಳಿದಳು ಎಂದರು ಎಂದನು ಎಂದಳು ಕೇಳಿದರು ಕೇಳಿದನು ಕೇಳಿದಳು പറഞ്ഞു ചോദിച്ചു "
    # Georgian
    "თქვა უთხრა ჰკითხა იკითხა უპასუხა"
)
_AUXILIARIES = "है हैं था थी थे ہے ہیں تھا تھی تھے আছে ছিল است بود"
_FIRST = (
    "אמר אמרה אמרו שאל שאלה שאלו ענה ענתה השיב השיבה צעק צעקה "
    "قال قالت قالوا سأل سألت أجاب أجابت صاح صاحت"
)


def _any(words: str) -> str:
    return "|".join(words.split())


_SPEAKER = regex.compile(
    rf"(?V1)\s(?:(?:{_any(_FIRST)})\b|(?:[^\p{{STerm}}….,،\"“”«»\n]{{1,80}}\s)?(?:{_any(_LAST)})"
    rf"(?:\s(?:{_any(_AUXILIARIES)}))?\s?(?:[\p{{STerm}}.,،]|(?=\n|\Z)))"
)


def before_speakers(text: str, kinds: Kinds, ends: Offsets) -> Offsets:
    """Behind which of these closing marks it is told who spoke: their indices, int64[m].

    Args:
        text: the text.
        kinds: uint8[len(text) + 1], the kinds of its characters.
        ends: int64[n], offsets behind stops and the marks that close with them.

    >>> from bertprep.text.punctuation import kinds_of
    >>> text = '"तुम कौन हो?" उसने पूछा।'
    >>> before_speakers(text, kinds_of(text), np.array([13])).tolist()
    [0]
    """
    at = np.flatnonzero(kinds.take(ends + 1, mode="clip") == Kind.CASELESS)
    at = at[CLOSING[kinds[ends[at] - 1]] & (kinds[ends[at]] == Kind.SPACE)]
    told = [_SPEAKER.match(text, end) is not None for end in ends[at].tolist()]
    found: Offsets = at[np.array(told, bool)]
    return found
