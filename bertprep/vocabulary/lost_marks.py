"""Marks that words of a script lose with their accents, told so that the user can decide.

Uncased BERT decomposes letters and drops the marks.  In English or French that folds accents; in
other scripts it drops vowels, tones or letters.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping

from bertprep.vocabulary.casing import without_accents

# Script: its first and last code point, a word of it, and the share of words from which on its loss
# is told. A text of one language with names and quotations of others stays below 1%; Latin accents
# are marks that 20% of the words of French have, and 60% of those of Vietnamese.
_SOME, _MOST = 0.01, 0.4
_SCRIPTS = {
    "Latin": (0xC0, 0x24F, "được", _MOST),
    "Cyrillic": (0x400, 0x52F, "мой", _SOME),
    "Devanagari": (0x900, 0x97F, "हिन्दी", _SOME),
    "Bengali": (0x980, 0x9FF, "বন্ধু", _SOME),
    "Gurmukhi": (0xA00, 0xA7F, "ਪੰਜਾਬੀ", _SOME),
    "Gujarati": (0xA80, 0xAFF, "ગુજરાતી", _SOME),
    "Oriya": (0xB00, 0xB7F, "ଓଡ଼ିଆ", _SOME),
    "Tamil": (0xB80, 0xBFF, "தமிழ்", _SOME),
    "Telugu": (0xC00, 0xC7F, "తెలుగు", _SOME),
    "Kannada": (0xC80, 0xCFF, "ಕನ್ನಡ", _SOME),
    "Malayalam": (0xD00, 0xD7F, "കുട്ടി", _SOME),
    "Sinhala": (0xD80, 0xDFF, "සිංහල", _SOME),
    "Thai": (0xE00, 0xE7F, "ที่นี่", _SOME),
    "Lao": (0xE80, 0xEFF, "ນີ້", _SOME),
    "Tibetan": (0xF00, 0xFFF, "བོད", _SOME),
    "Burmese": (0x1000, 0x109F, "မြန်မာ", _SOME),
    "Khmer": (0x1780, 0x17FF, "ខ្មែរ", _SOME),
    "Latin ": (0x1E00, 0x1EFF, "được", _MOST),  # Vietnamese
    "kana": (0x3040, 0x30FF, "がぎぐ", _SOME),
    "Hangul": (0xAC00, 0xD7A3, "한국어", _SOME),
}
_NAMES = list(_SCRIPTS)
_FIRST = [first for first, *_ in _SCRIPTS.values()]
_AFFECTED = re.compile(
    "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last, *_ in _SCRIPTS.values()) + "]+"
)


def script_that_loses(word: str) -> str | None:
    """The script of the first stretch of the word that taking off accents changes."""
    for stretch in _AFFECTED.findall(unicodedata.normalize("NFC", word)):
        if without_accents(stretch) != stretch:
            changed = next((c for c in stretch if without_accents(c) != c), stretch[0])
            return _NAMES[bisect_right(_FIRST, ord(changed)) - 1].strip()
    return None


def mark_warnings(losing: Mapping[str, int], words: int, remedy: str) -> list[str]:
    """Warnings of words that lose marks, by script; none where these words are few.

    Args:
        losing: how many words of each script lose some.
        words: how many words there are.
        remedy: what keeps them.

    >>> mark_warnings({"Thai": 2}, 1000, "--cased keeps them")
    []
    """
    texts = []
    for script, count in sorted(losing.items(), key=lambda item: -item[1]):
        _, _, word, bound = _SCRIPTS[script]
        if count <= bound * words:
            continue
        left = "is taken apart into letters" if script == "Hangul" else "becomes "
        left += "" if script == "Hangul" else without_accents(word)
        texts.append(
            f"uncased text loses its marks, which carry meaning in {script}: "
            f"{min(1, count / words):.0%} of the words have such ({word} {left}); {remedy}"
        )
    return texts
