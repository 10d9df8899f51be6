"""Chinese, Japanese or Korean: their scripts tell, though all three may be written in Han."""

from __future__ import annotations

# From a tenth of kana on it is Japanese: Chinese text cites some. In stretches of 60 characters one
# of 10,000 of Chinese reaches a twentieth and none of 55,000 a tenth, and Japanese ones all do.
_KANA, _HANGUL = 0.1, 0.5


def east_asian_language(han: int, kana: int, hangul: int) -> str:
    """The language of text that has so many letters of each script; "" if it has none.

    Args:
        han: Chinese characters, which all three may have.
        kana: Japanese syllables.
        hangul: Korean ones.

    >>> [east_asian_language(9, 1, 0), east_asian_language(19, 1, 0), east_asian_language(1, 0, 1)]
    ['ja', 'zh', 'ko']
    """
    letters = han + kana + hangul
    if not letters:
        return ""
    if hangul >= _HANGUL * letters:
        return "ko"
    return "ja" if kana >= _KANA * letters else "zh"
