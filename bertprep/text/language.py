"""Which language a document is in, for its abbreviations: by its letters and short words.

Each word of up to four letters that some languages use all the time, and each letter that few
languages have, speaks for these; the more of them share it, the less. The language with the most
behind it is taken if that is enough, else none. Only the beginning of a document is
looked at, all documents of a batch together; nothing but the document decides.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.common.ragged import gather_index, offsets_of

__all__ = ["LANGUAGES", "SAMPLE", "SHORT_WORDS", "UNDECIDED", "DocumentLanguages", "languages_of"]

SAMPLE = 500  # characters
UNDECIDED = -1
_AT_ONCE = 32  # documents, so that the arrays stay small
_LONGEST = 4  # letters of a word: four of the basic plane are one number
_LETTERS_OF = np.array([(1 << 16 * length) - 1 for length in range(_LONGEST + 1)], np.uint64)
_LAST_ASCII = 127
_ENOUGH = 1.0

_WORDS = {
    "en": "the of and to in is was for that with it as on are by this from he his they have not "
    "be at or an were had but you she her i we all has its been who what will if my me do so",
    "de": "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an "
    "er hat aus bei sie nach wird am um zum war noch wie ich wir oder aber vor zur bis uns sein",
    "fr": "le la les des et en du un une que est dans qui par pour au il sur pas plus ce ne se sont "
    "avec son sa aux ou elle nous vous mais ses cette été ces ont deux leur je on tout d l",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus "
    "le ha me si sin este ya todo esta son dos era muy años hay fue",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das "
    "à seu sua ou foi são pelo pela até isso ela é num nos já já eu também só ser tem",
    "it": "di e il la che in a per un è non una sono da del con si le i dei al alla nel come più lo "
    "gli ha della ma o anche su se nella dal era dell l ed ai suo mi ci",
    "ro": "de și în a la cu pe din care nu o un este să se mai ce al pentru fost prin sau lui ca dar "
    "lor au era ale ai fi cum am sunt într ei după îi sa până",
    "ca": "de la i el que a en els les per del un amb una és no al dels es ha són més va com se pel "
    "seu o hi però aquest han seva",
    "gl": "de a o e que do da en os un unha para con non as no na por se dos como máis das ao pola "
    "polo foi é ou súa seu",
    "nl": "de van het een en in is dat op te zijn met voor niet aan er om ook als dan maar bij of uit "
    "nog door naar heeft hij ze wordt werd dit deze over was ik je tot wel haar hun",
    "af": "die van en in is het n wat vir met nie dat op om te aan sy as deur by hy ook was ons kan "
    "sal word ek uit hulle of",
    "da": "og i at det er en til på som de med den for der af ikke et har han var fra jeg men om vil "
    "kan ved efter hun også blev være sig eller nu så skal mere op",
    "no": "og i det er på en til som å for at med av de den ikke har var fra jeg han et om men seg vil "
    "kan ble etter hun også være eller nå så skal mer opp ved",
    "sv": "och i att det som en på är av för med den till har de inte om ett han var men jag sig från "
    "vi så kan när man nu ska eller då hon ut vid år mot",
    "is": "og að í er á sem við um það til en með var fyrir ekki hann af því eru ég frá þau hún eða "
    "þá svo þess",
    "fi": "ja on ei oli se että kun hän joka myös ovat mutta jos niin tai kuin sen hänen ole minä "
    "ne mitä vain olen jo nyt siis sekä",
    "et": "ja on ei oli see et kui ta mis ka aga ning seda või oma kes siis nii ma pole veel sest",
    "hu": "a az és hogy nem is egy ez de meg volt csak el már még ki mint be ha ezt azt sem van aki "
    "kell amely vagy le lesz én ő",
    "pl": "i w na z się nie do to że jest o jak po co ale od za by tak już przy są dla czy jego oraz "
    "przez był tym było ze ich tego jej może",
    "cs": "a se v na je že s z do o to i ve by ale si po jsem za jak od pro k už tak byl jako co být "
    "nebo při jeho které jsou bylo před ze aby",
    "sk": "a sa v na je že s z do o to i vo by ale si po som za ako od pre k už tak bol čo byť alebo "
    "pri jeho sú bolo pred zo aby",
    "sl": "in je v na se da za so pa ki z s ne po od bi tudi kot o ali do še če pri kar so bil bila",
    "hr": "je i u se na da za su od s kao o ne koji što bi iz do ali po koja će te ili bio nije biti",
    "lv": "un ir ar no par ka to uz tas bija vai tā kas pie gan bet arī lai kā pēc",
    "lt": "ir yra kad į su iš bet tai kaip už jo jos apie tik dėl buvo ar nuo po jau dar",
    "eu": "eta da ez bat zen du dira ere izan bere den hori zuen ari egin baina dute ziren",
    "tr": "ve bir bu da de için ile çok ne o daha gibi var ama en olan mi ki her ben kadar mı sonra "
    "ise dedi şey ya",
    "id": "yang dan di ini itu dari ke pada ia juga oleh akan ada tak dia kami saya bisa kita",
    "vi": "và của là có cho được các một với không này đã để người khi những trong ở ra đó tôi như "
    "anh từ ông cũng về năm đến",
    "ga": "an na ar agus is a go i do le bhí sé ag tá ní leis don mar ach nó sin",
    "ru": "и в не на что с он как это по но из его у к за от был так для же все а она они мы бы было "
    "то о или я вы уже если ещё еще",
    "uk": "і в не на що з він як це до та за але від у й його про для є із був так вони ми чи було "
    "під або я ви вже якщо ще",
    "be": "і ў не на што з ён як гэта да па але ад у яго для пра быў так яны мы ці было або я",
    "bg": "и на да в за се от не е са по с до като че ще си към при това има но го бе или след той",
    "sr": "је и у се на да за су од са као о не који што би из до али по која ће те или био није",
    "mk": "и на во се од за да не со е ќе што кој како но ги го по бил",
    "kk": "және бір бұл мен да де үшін деп ол еді осы бар болды",
    "hi": "के है में की से का को और पर ने एक हैं यह था कि भी नहीं हो इस",
    "mr": "आहे आणि या व हे तो ते होता ही पण",
    "fa": "و در به از که این را با است برای آن یک خود تا بر هم",
    "ar": "في من على أن إلى عن مع هذا التي ما لا كان هذه",
    "ur": "کے میں کی ہے سے کا اور کو نے پر یہ ہیں",
}
# Letters that few languages have; and scripts that have but one language with a list.
_LETTERS = {
    **{"de": "ßäöü", "es": "ñ", "pt": "ãõ", "ro": "șțăşţ", "ca": "ŀ", "da": "øæ", "no": "øæ"},
    **{
        "sv": "åäö",
        "fi": "äö",
        "et": "õäöü",
        "is": "þð",
        "hu": "őű",
        "pl": "łąęśźżńć",
        "cs": "řěůť",
        "sk": "ľĺŕôť",
    },
    **{"hr": "đ", "lv": "ķļņģā", "lt": "ėįų", "tr": "ığşçöü", "vi": "ơưđạảấầẩậắằặẹẻếềểễệịỏọốồổỗộ"},
    **{"ru": "ыэё", "uk": "їєґі", "be": "ўі", "bg": "ъ", "sr": "љњђћџј", "mk": "ѓќѕј"},
    **{"kk": "қғұңөәһі", "fa": "پچگژی", "ur": "ٹڈڑںےہ", "el": "αεηιοτσςν", "hy": "աեինոտրւ"},
    **{"ka": "აეიოსრნ", "he": "אהויולמ", "bn": "াির", "ta": "ாிு", "te": "ాిు", "th": "าน"},
    **{"am": "ነውናስመ", "ml": "ാിു", "gu": "ાીે", "pa": "ਾੀੇ"},
}

LANGUAGES = tuple(sorted({*_WORDS, *_LETTERS}))
SHORT_WORDS = {language: frozenset(words.split()) for language, words in _WORDS.items()}


class _Weights(NamedTuple):
    """How much each of some words or letters speaks for which languages."""

    offsets: NDArray[np.int64]  # one's languages stand between two of these
    languages: NDArray[np.int64]
    weights: NDArray[np.float64]


class _Tables(NamedTuple):
    folded: NDArray[np.uint16]  # of a code point: its letter in lower case; 0 for what is none
    rows: NDArray[np.uint8]  # of a letter: its place in the weights; 0 of those that say nothing
    of_letters: _Weights
    words: NDArray[np.uint64]  # ascending
    of_words: _Weights


class DocumentLanguages:
    """The languages of the documents of a text, found as far as they are asked for.

    Args:
        text: the documents, joined.
        starts: int64[n], ascending: the offsets at which they begin.
        language: the one of all, if it is known.
    """

    def __init__(self, text: str, starts: NDArray[np.int64], language: str = "") -> None:
        self._text, self._starts, self._language = text, starts, language
        self._found: dict[int, str] = {}

    def at(self, offsets: NDArray[np.int64]) -> list[str]:
        """The language of the document at each of the offsets int64[n]; "" where undecided."""
        if self._language:
            return [self._language] * len(offsets)
        documents = np.searchsorted(self._starts, offsets, "right") - 1
        asked = np.array([n for n in np.unique(documents).tolist() if n not in self._found], int)
        ends = np.append(self._starts, len(self._text))[asked + 1]
        numbers = languages_of(self._text, self._starts[asked], ends).tolist()
        names = ["" if number == UNDECIDED else LANGUAGES[number] for number in numbers]
        self._found.update(zip(asked.tolist(), names, strict=True))
        return [self._found[document] for document in documents.tolist()]

    def counts(self) -> Counter[str]:
        """How many of the documents asked for are in each language."""
        return Counter(self._found.values())


def languages_of(
    text: str, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The languages of documents.

    Args:
        text: the documents, joined.
        starts: int64[n], ascending: the offsets at which they begin.
        ends: int64[n]: and end.

    Returns:
        int64[n]: indices into ``LANGUAGES``; ``UNDECIDED`` where too little speaks for any.

    >>> text = "It was the best of times. Es war die beste der Zeiten."
    >>> found = languages_of(text, np.array([0, 26]), np.array([26, len(text)]))
    >>> [LANGUAGES[number] for number in found]
    ['en', 'de']
    """
    samples = [
        text[first : min(first + SAMPLE, last)]
        for first, last in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    scores = [np.zeros((0, len(LANGUAGES)))]
    for first in range(0, len(samples), _AT_ONCE):
        scores.append(_scores(samples[first : first + _AT_ONCE]))
    every = np.concatenate(scores)
    return np.where(every.max(1) >= _ENOUGH, every.argmax(1), UNDECIDED)


def _scores(samples: list[str]) -> NDArray[np.float64]:
    """float64[documents, languages]: how much speaks for each."""
    tables = _tables()
    joined = "\n".join(["", *samples, "\n" * _LONGEST])
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = tables.folded.take(points, mode="clip")
    ends = np.cumsum(np.array([len(sample) + 1 for sample in samples])) + 1
    first, keys = _short_words(letters)
    number = np.searchsorted(tables.words, keys).clip(max=len(tables.words) - 1)
    known = tables.words[number] == keys
    telling = np.flatnonzero(letters > _LAST_ASCII)
    rows = tables.rows[letters[telling]]
    telling, rows = telling[rows > 0], rows[rows > 0]
    scores = _sums(tables.of_words, number[known], first[known], ends)
    return scores + _sums(tables.of_letters, rows, telling, ends)


def _short_words(letters: NDArray[np.uint16]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Where words of up to four letters begin, and their keys; no letter is at either end."""
    within = letters > 0
    edges = np.flatnonzero(within[1:] != within[:-1]) + 1
    first, length = edges[::2], edges[1::2] - edges[::2]
    short = length <= _LONGEST
    first, length = first[short], length[short]
    fours = np.ndarray(len(letters) - _LONGEST + 1, "<u8", letters.astype("<u2"), strides=(2,))
    keys: NDArray[np.uint64] = fours[first] & _LETTERS_OF[length]
    return first, keys


def _sums(
    table: _Weights, rows: NDArray[Any], places: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The sums of weights by document, which a place within its end tells."""
    counts = table.offsets[rows + 1] - table.offsets[rows]
    inside = gather_index(table.offsets[rows], counts)
    document = np.repeat(np.searchsorted(ends, places, "right"), counts)
    cells = document * len(LANGUAGES) + table.languages[inside]
    size = len(ends) * len(LANGUAGES)
    sums = np.bincount(cells, table.weights[inside], size).astype(np.float64)
    return sums.reshape(len(ends), -1)


@cache
def _tables() -> _Tables:
    folded, characters = np.zeros(1 << 16, np.uint16), "".join(map(chr, range(0xD800)))
    lowered = np.array([ord(character.lower()[0]) for character in characters], np.uint16)
    for match in regex.finditer(r"[\p{L}\p{M}]+", characters):
        folded[slice(*match.span())] = lowered[slice(*match.span())]
    short = {
        name: {word for word in words if len(word) <= _LONGEST}
        for name, words in SHORT_WORDS.items()
    }
    words = sorted(set().union(*short.values()), key=_key)
    letters = sorted({*"".join(_LETTERS.values())})
    rows = np.zeros(1 << 16, np.uint8)
    rows[list(map(ord, letters))] = np.arange(1, len(letters) + 1)
    keys = np.array(list(map(_key, words)), np.uint64)
    of_letters = _weights(["", *letters], {n: set(text) for n, text in _LETTERS.items()}, 0.25)
    return _Tables(folded, rows, of_letters, keys, _weights(words, short, 1))


def _weights(known: list[str], telling: dict[str, set[str]], weight: float) -> _Weights:
    """The weights of words or letters, each shared among the languages that it tells."""
    found = [
        [n for n, name in enumerate(LANGUAGES) if one in telling.get(name, ())] for one in known
    ]
    counts = np.array(list(map(len, found)))
    languages = np.array([number for numbers in found for number in numbers])
    return _Weights(offsets_of(counts), languages, np.repeat(weight / counts.clip(min=1), counts))


def _key(word: str) -> int:
    return sum(ord(letter) << 16 * place for place, letter in enumerate(word))
