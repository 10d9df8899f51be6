"""Chinese, Japanese and Korean by their letters, and that all who ask are told the same."""

from __future__ import annotations

import pytest

from bertprep.cleaning.languages import stretch_languages
from bertprep.report.languages import language_by_script
from bertprep.text.east_asian import east_asian_language


@pytest.mark.parametrize(
    ("han", "kana", "hangul", "language"),
    [
        (10, 0, 0, "zh"),
        (91, 9, 0, "zh"),
        (90, 10, 0, "ja"),
        (0, 3, 0, "ja"),
        (51, 0, 49, "zh"),
        (5, 0, 5, "ko"),
        (0, 0, 0, ""),
    ],
)
def test_bounds(han: int, kana: int, hangul: int, language: str) -> None:
    assert east_asian_language(han, kana, hangul) == language
    text = "\u6f22" * han + "\u306e" * kana + "\ud55c" * hangul
    assert stretch_languages(text) == [language]
    assert language_by_script(text) == language
