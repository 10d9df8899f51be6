"""Words whose full stop ends no sentence."""

from __future__ import annotations

import regex

from bertprep.text.abbreviations import ABBREVIATIONS, MAX_ABBREVIATION, continues


def test_abbreviations_are_single_short_words() -> None:
    assert MAX_ABBREVIATION <= 8
    assert all(regex.fullmatch(r"[\p{L}\p{M}ªº.]+", word) for word in ABBREVIATIONS)
    assert continues("", "vol", "IV") and not continues("", "vol", "I am")
