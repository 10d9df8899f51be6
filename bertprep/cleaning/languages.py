"""How much of a text is in some languages: stretches of it, each told by its letters and words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bertprep.cleaning.scripts import code_points, letters, letters_of
from bertprep.text.east_asian import east_asian_language
from bertprep.text.language import LANGUAGES, SAMPLE, UNDECIDED, languages_of

# Stretches of a long text that are looked at, evenly spread.
_MOST_STRETCHES = 32


def language_share(text: str, languages: str) -> float:
    """The share of a text's stretches that are in a language, of those that are in a known one.

    Args:
        text: of a document.
        languages: their codes, between commas.

    Returns:
        From 0 to 1; 0 where nothing tells of any language.

    >>> language_share("It was the best of times.", "de,en")
    1.0
    """
    found = [language for language in stretch_languages(text) if language]
    wanted = {code.strip() for code in languages.split(",")}
    return sum(language in wanted for language in found) / len(found) if found else 0.0


def stretch_languages(text: str) -> list[str]:
    """The languages of stretches of a text, of some 500 characters; "" where nothing tells."""
    count = max(1, len(text) // SAMPLE)
    edges = np.arange(count + 1) * len(text) // count
    if count > _MOST_STRETCHES:
        chosen = np.arange(_MOST_STRETCHES) * count // _MOST_STRETCHES
    else:
        chosen = np.arange(count)
    starts, ends = edges[chosen], edges[chosen + 1]
    places = zip(starts.tolist(), ends.tolist(), strict=True)
    eastern = [_of_east_asia(text[start:end]) for start, end in places]
    if all(eastern):
        return eastern
    numbers = languages_of(text, starts, ends).tolist()
    names = ["" if number == UNDECIDED else LANGUAGES[number] for number in numbers]
    return [asian or name for asian, name in zip(eastern, names, strict=True)]


def _of_east_asia(text: str) -> str:
    """Chinese, Japanese or Korean, if most letters are of their scripts; else ""."""
    points = code_points(text)
    han, kana, hangul = (
        _count(points, scripts) for scripts in ("Han", "Hiragana,Katakana", "Hangul")
    )
    eastern = han + kana + hangul
    if 2 * eastern < int(letters()[points].sum()):
        return ""
    return east_asian_language(han, kana, hangul)


def _count(points: NDArray[np.uint32], scripts: str) -> int:
    return int(letters_of(scripts)[points].sum())
