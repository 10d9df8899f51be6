"""Templates that wikis of other languages than English have, or show otherwise.

As each wiki documents them.  Names that several wikis have for different things stand under their
own language only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bertprep.corpus.mediawiki.arguments import Arguments, Renderer, argument

_ROUND = re.compile(r"(?:\d+|[IVXLC]+)(?:er|re|e|ème|nd|nde)s?(?: siècle)?")
# Of German {{enS|word}} and its like.
_LANGUAGES_OF_WORDS = (
    "en", "fr", "ru", "la", "it", "es", "grc", "ar", "ja", "pl", "tr", "el", "he", "pt", "nl", "cs",
    "sv", "hu", "fa", "zh", "uk",
)  # fmt: skip
_POWERS = {"2": "²", "3": "³"}


def render_local(name: str, content: str, language: str) -> str | None:
    """The text that a template of a wiki shows; None if it has no such template of its own.

    Args:
        name: in lower case.
        content: what stands between its braces.
        language: of the wiki, such as ``fr``.
    """
    if language == "fr" and _ROUND.fullmatch(shown := content.partition("|")[0].strip()):
        return shown
    renderer = _LOCAL.get(language, {}).get(name)
    return renderer(Arguments.of(content)) if renderer else None


def _between(before: str, after: str, *names: str) -> Renderer:
    return lambda a: f"{before}{a.first('1', *names)}{after}"


def _last_of(*numbers: int) -> Renderer:
    """The last of these arguments that is there."""
    return lambda a: next((a.at(n) for n in reversed(numbers) if a.at(n)), "")


def _unit(arguments: Arguments) -> str:
    """A number, a unit and its power, perhaps once more: 5|km|h|-1."""
    number, *rest = arguments.listed or ("",)
    shown = number
    for i, part in enumerate(rest):
        if part in _POWERS:
            shown += _POWERS[part]
        elif part.startswith("-") and part[1:].isdigit():
            unit = rest[i - 1] if i else ""
            shown = f"{shown.removesuffix(unit).rstrip(' ⋅')}/{unit}{_POWERS.get(part[1:], '')}"
        else:
            shown += f"⋅{part}" if i and rest[i - 1].isalpha() else f" {part}"
    return shown


def _century(arguments: Arguments) -> str:
    return f"{arguments.at(1)}e siècle"


def _life(arguments: Arguments) -> str:
    """Of a Chinese article's beginning: the dates of birth and death."""
    born, died = (arguments.at(i) + arguments.at(i + 1) for i in (1, 3))
    return f"（{born}－{died}）" if died else f"（{born}）"


def _coins(arguments: Arguments) -> str:
    return " ".join(filter(None, arguments.listed[:2]))


_LOCAL: Mapping[str, Mapping[str, Renderer]] = {
    "de": {
        "höhe": _between("", " m"),
        "zitat": _between("„", "“", "text"),
        '"': _between("„", "“", "text"),
        "bruch": lambda a: "⁄".join(a.listed[-2:]),
        "nowrap": argument(1),
        **{f"{code}s": argument(1) for code in _LANGUAGES_OF_WORDS},
    },
    "fr": {
        **dict.fromkeys(("s", "s-", "siècle"), _century),
        "s2": lambda a: f"{a.at(1)}e et {a.at(3) or a.at(2)}e siècles",
        "citation": _between("« ", " »"),
        '"': _between("« ", " »"),
        "av jc": lambda a: "av. J.-C.",
        "av. j.-c.": lambda a: "av. J.-C.",
        "ap. j.-c.": lambda a: "apr. J.-C.",
        **dict.fromkeys(("unité", "unite"), _unit),
        **dict.fromkeys(("n°", "numéro"), _between("no ", "")),
        **dict.fromkeys(("mme", "m.", "mlle", "dr", "st", "ste"), argument(1)),
        **dict.fromkeys(("lien", "lnobr", "citation étrangère"), lambda a: a.first("trad", "1")),
        **dict.fromkeys(("langue", "lang", "lang2"), argument(2)),
        "date-": lambda a: " ".join(a.listed[:3]),
    },
    "ru": {
        **dict.fromkeys(
            ("s", "nobr", "comment", "подсказка", "цитата", "начало цитаты", "число", "ё", "num"),
            argument(1),
        ),
        **dict.fromkeys(
            ("нп", "нп1", "нп2", "нп3", "нп4", "нп5", "не переведено", "не переведено 2",
             "не переведено 3", "не переведено 5"),
            _last_of(1, 2),
        ),
    },
    "uk": {
        **dict.fromkeys(("s", "nobr", "comment", "цитата", "num"), argument(1)),
        **dict.fromkeys(("не перекладено", "нп"), _last_of(1, 2)),
    },
    "zh": {
        "bd": _life,
        **dict.fromkeys(("zy", "le", "僻字", "cjk", "！", "nobr"), argument(1)),
        "lang": argument(2),
    },
    "ja": {
        "仮リンク": argument(1),
        "読み仮名": lambda a: f"{a.at(1)}（{a.at(2)}）" if a.at(2) else a.at(1),
        "読み仮名 ruby不使用": lambda a: f"{a.at(1)}（{a.at(2)}）" if a.at(2) else a.at(1),
        **dict.fromkeys(("補助漢字フォント", "jis2004フォント", "cjkv", "拡張漢字"), argument(1)),
    },
    "ko": {**dict.fromkeys(("llang", "lang"), argument(2)), "임시링크": argument(1)},
    "es": {
        **dict.fromkeys(("unidad", "esd"), _coins),
        "siglo": _between("siglo ", ""),
        "ac": lambda a: "a. C.",
        "dc": lambda a: "d. C.",
    },
    "it": {**dict.fromkeys(("m", "unità di misura", "ta"), _coins), "citazione": argument(1)},
    "pt": {"fmtn": _coins, "citação": argument(1), "séc": _between("século ", "")},
    "pl": {"w": _last_of(1, 2), "dystans": _coins},
}  # fmt: skip
