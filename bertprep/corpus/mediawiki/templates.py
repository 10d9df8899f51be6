"""Templates whose text stands within sentences: dropped, they would leave holes.

What a template is called and how its arguments are shown is as English Wikipedia documents it, and
for a few as other wikis do. All others are boxes, notes, references: they are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bertprep.corpus.mediawiki.arguments import Arguments, Renderer, argument
from bertprep.corpus.mediawiki.dates import DATES
from bertprep.corpus.mediawiki.languages import LANGUAGES
from bertprep.corpus.mediawiki.local import render_local
from bertprep.corpus.mediawiki.places import PLACES
from bertprep.corpus.mediawiki.quantities import QUANTITIES, with_commas


def render(name: str, content: str, title: str, language: str = "") -> str | None:
    """The text that a template shows within a sentence.

    Args:
        name: in lower case, with single spaces.
        content: what stands between its braces; templates and links in it are rendered already.
        title: of the page.
        language: of the wiki; "" for English.

    Returns:
        The text, or None if the template is to be left out.
    """
    is_english = language in _ENGLISH
    if not is_english and (local := render_local(name, content, language)) is not None:
        return local
    if name in _FIXED:
        return _FIXED[name]
    if name in ("pagename", "fullpagename", "subpagename"):
        return title
    # What a language is called, and how a number is written, is English.
    if name.startswith("lang-"):
        arguments = Arguments.of(content)
        return _named_language(name[5:] if is_english else "", arguments)
    if renderer := _RENDERERS.get(name):
        return renderer(Arguments.of(content))
    if name.startswith("script/"):
        return Arguments.of(content).at(1)
    return _function(name, content, is_english)


_ENGLISH = ("", "en", "simple", "sco")


def _function(name: str, content: str, is_english: bool) -> str | None:
    """Parser functions that only change letters or digits, or choose by what is given to them."""
    function, colon, value = name.partition(":")
    value, *rest = (part.strip() for part in content.partition(":")[2].split("|"))
    if not colon:
        return None
    if function in ("#if", "#ifeq"):
        chosen, *others = rest if function == "#if" else [*rest[1:], "", ""]
        holds = bool(value) if function == "#if" else value == (rest or [""])[0]
        return chosen if holds else "".join(others[:1])
    if function == "formatnum" and not is_english:
        return value
    return _FUNCTIONS[function](value) if function in _FUNCTIONS else None


_FUNCTIONS: Mapping[str, Callable[[str], str]] = {
    "formatnum": with_commas,
    "lc": str.lower,
    "uc": str.upper,
    "lcfirst": lambda value: value[:1].lower() + value[1:],
    "ucfirst": lambda value: value[:1].upper() + value[1:],
}


def _joined(arguments: Arguments) -> str:
    return "".join(arguments.listed)


def _listed(arguments: Arguments) -> str:
    return ", ".join(filter(None, arguments.listed))


def _last(arguments: Arguments) -> str:
    return arguments.listed[-1] if arguments.listed else ""


def _paragraph(arguments: Arguments) -> str:
    return f"\n{arguments.first('text', 'quote', '1')}\n"


def _named_language(code: str, arguments: Arguments) -> str:
    text = arguments.first("1", "text")
    language = LANGUAGES.get(code.partition("-")[0])
    return f"{language}: {text}" if language and text else text


def _langx(arguments: Arguments) -> str:
    return _named_language(arguments.at(1).strip().lower(), arguments.without_first())


def _chinese(arguments: Arguments) -> str:
    labels = {
        "c": "Chinese: ", "s": "simplified Chinese: ", "t": "traditional Chinese: ",
        "p": "pinyin: ", "w": "Wade–Giles: ", "j": "Jyutping: ", "l": "lit. ",
    }  # fmt: skip
    shown = []
    for key, label in labels.items():
        if value := arguments.named.get(key, ""):
            shown.append(label + (f"'{value}'" if key == "l" else value))
    return "; ".join(shown)


def _korean(arguments: Arguments) -> str:
    hangul = arguments.first("hangul", "1")
    shown = [f"Korean: {hangul}" if hangul else ""]
    for key, label in (("hanja", "Hanja: "), ("rr", "RR: "), ("mr", "MR: ")):
        if value := arguments.named.get(key, ""):
            shown.append(label + value)
    return "; ".join(filter(None, shown))


def _nihongo(arguments: Arguments) -> str:
    english, kanji, romaji, extra = (arguments.at(i) for i in range(1, 5))
    within = ", ".join(filter(None, [kanji, romaji, extra]))
    if not english:
        return within
    return f"{english} ({within})" if within else english


def _nihongo_by_sound(arguments: Arguments) -> str:
    english, kanji, romaji, extra = (arguments.at(i) for i in range(1, 5))
    within = ", ".join(filter(None, [kanji, english, extra]))
    return f"{romaji or english} ({within})" if within else romaji


def _ship(prefix: str) -> Renderer:
    def render_ship(arguments: Arguments) -> str:
        name, number = arguments.at(1), arguments.at(2)
        shows_number = number and arguments.at(3) not in ("2", "6") and not number.isdigit()
        return f"{prefix} {name}" + (f" ({number})" if shows_number else "")

    return render_ship


def _first_two(arguments: Arguments) -> str:
    return " ".join(filter(None, (arguments.at(1), arguments.at(2))))


def _as_written(arguments: Arguments) -> str:
    return f"{arguments.at(1)} [sic]".strip()


def _marriage(arguments: Arguments) -> str:
    name, start, end = (arguments.at(i) for i in range(1, 4))
    years = "–".join(filter(None, (start, end)))
    return f"{name} (m. {years})" if years else name


def _before(prefix: str, number: int = 1) -> Renderer:
    return lambda arguments: prefix + arguments.at(number)


def _whom(arguments: Arguments) -> str:
    """Authors and the year of what they wrote, as the subject of a sentence."""
    *authors, year = arguments.listed or ("",)
    names = " & ".join(filter(None, (", ".join(authors[:-1]), *authors[-1:])))
    return f"{names} ({year})" if names else year


_FIXED: Mapping[str, str] = {
    "'": "'", "' \"": "'\"", "\" '": "\"'", "'\"": "'\"", "\"'": "\"'", "'s": "'s",
    "=": "=", "!": "|", "pipe": "|", "!!": "||", "(": "{", ")": "}",
    "·": " · ", "•": " • ", "middot": " · ", "dot": " · ", "bull": " • ", "\\": " / ", "/": " / ",
    "nbsp": " ", "space": " ", "spaces": " ", "thinsp": " ", "thin space": " ", "hair space": " ",
    "ndash": "–", "en dash": "–", "mdash": "—", "em dash": "—", "mdashb": " — ", "–": "–", "—": "—",
    "snd": " – ", "spaced ndash": " – ", "spaced en dash": " – ", "spnd": " – ", "dash": " – ",
    "spaced mdash": " — ", "snds": " – ", "shy": "", "zwj": "", "zwsp": "", "wbr": "", "zwnj": "",
    "okina": "ʻ", "hamza": "ʾ", "ayin": "ʿ", "pi": "π", "minus": "−", "times": "×", "degree": "°",
    "sic": "[sic]", "ellipsis": "...", "...": "...", "cent": "¢", "prime": "′", "colon": ":",
    "clear": "", "-": "", "clr": "", "break": "\n", "crlf": "\n", "pb": "\n", "br": "\n",
}  # fmt: skip

_FIRST = (
    "nowrap nobr nobreak nobold small smaller big larger resize smallcaps sc sc2 lc uc allcaps em "
    "strong bold italics var code tt kbd key keypress mono mvar math tmath bigmath script nastaliq "
    "abbr abbrlink tooltip hover title hover-title notatypo not a typo proper name as written em "
    "ill interlanguage link link-interwiki illm ilm link iw le ipa ipalink angbr ipa link "
    "vanchor visible anchor anchored link text anchor text flag flagcountry flagu country flagdeco "
    "sup sub su native name nativename polytonic unicode hebrew arabic urdu nq qi highlight "
    "underline overline strike center centre left right block indent poem emphasis rtl ltr bdi "
    "rtl-lang ltr-lang langr lang-text wikt cquotetxt okm smalldiv larger no italic noitalic "
    "zh-cn zh-tw zh-hk jpn ja kor nom nihongo2 linktext-all section link typo inline block sronly"
)
# Names of two words or more.
_FIRST_NAMES = (
    "hover title|not a typo|proper name|as written|interlanguage link|interlanguage link multi|"
    "ipa link|visible anchor|anchored link|native name|block indent|no italic|avoid wrap|"
    "nowrap begin|lang text|small caps|text color|proper noun"
)
_SECOND = (
    "lang|color|font color|colour|font colour|colors|background color|"
    "script/hebrew|wikt-lang|rotate|audio|pronunciation|lang-sub|unité typographique|"
    "foreignlanguage|langue|link-wikt|wikisource-inline-title"
)
_PARAGRAPHS = (
    "quote|quotation|cquote|blockquote|bquote|quote box text|centered pull quote|rquote text|"
    "block quotation|poemquote|poem quote|verse translation|citation bloc|zitat|cita"
)

_RENDERERS: Mapping[str, Renderer] = {
    **QUANTITIES,
    **DATES,
    **PLACES,
    **dict.fromkeys(_FIRST.split(), argument(1)),
    **dict.fromkeys(_FIRST_NAMES.split("|"), argument(1)),
    **dict.fromkeys(_SECOND.split("|"), argument(2)),
    **dict.fromkeys(_PARAGRAPHS.split("|"), _paragraph),
    **dict.fromkeys(("transl", "transliteration", "transl.", "tlit", "url"), _last),
    **dict.fromkeys(("linktext", "wikilinks", "join", "chem", "chem2", "ce"), _joined),
    **dict.fromkeys(("hlist", "flatlist", "ubl", "unbulleted list", "vunblist"), _listed),
    **dict.fromkeys(("nihongo", "nihongo krt", "nihongo core"), _nihongo),
    "nihongo3": _nihongo_by_sound,
    "nihongo foot": argument(1),
    "langx": _langx,
    **dict.fromkeys(("zh", "chinese", "lang-zh", "zh-full"), _chinese),
    **dict.fromkeys(("korean", "ko-hhrm", "lang-ko"), _korean),
    **dict.fromkeys(("link-en", "link-de", "link-fr", "link-ja", "link-es", "link-it", "link-ru",
                     "link-ko", "link-nl", "link-pl", "link-pt", "link-sv"), argument(1)),
    "tsl": lambda arguments: arguments.at(3) or arguments.at(2),
    "internal link helper": argument(1),
    "ship": _first_two,
    **{name: _ship(name.upper()) for name in ("hms", "uss", "ss", "rms", "mv", "hmcs", "hmas",
                                              "ms", "ins", "sms", "usns", "uscgc", "hmnzs", "rfa")},
    **dict.fromkeys(("bibleverse", "bible verse", "bibleref2", "bibleref", "qref"), _first_two),
    **dict.fromkeys(("sic", "typo", "as is"), _as_written),
    "marriage": _marriage,
    "'": argument(1),
    "e": _before("×10^"), "pow": lambda arguments: f"{arguments.at(1)}^{arguments.at(2)}",
    **dict.fromkeys(("lit", "literal translation", "lit."), lambda a: f"lit. '{a.at(1)}'"),
    **dict.fromkeys(("p.", "page"), _before("p. ")), "pp.": _before("pp. "),
    **dict.fromkeys(("vol.", "volume"), _before("vol. ")),
    **dict.fromkeys(("harvtxt", "harvcoltxt", "harvtxa"), _whom),
    **dict.fromkeys(("sqrt", "radic"), _before("√")), "overset": argument(2),
    **dict.fromkeys(("us patent", "uspatent"), lambda a: f"U.S. Patent {with_commas(a.at(1))}"),
    **dict.fromkeys(("ipaslink", "ipa link/slash"), lambda a: f"/{a.at(1)}/"),
    "ipablink": lambda a: f"[{a.at(1)}]",
    "ruby": argument(1), "ruby-ja": argument(1), "r2": argument(1), "読み仮名": argument(1),
    "lsj": argument(1), "nahmc": argument(1), "music": argument(1), "gbc": argument(1),
}  # fmt: skip
