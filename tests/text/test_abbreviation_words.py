"""Lists of abbreviations: by language, with their capitals, and without any."""

from __future__ import annotations

import regex

from bertprep.text.abbreviation_words import ABBREVIATIONS, MAX_ABBREVIATION, lists_for


def test_abbreviations_are_single_short_words() -> None:
    assert MAX_ABBREVIATION <= 8
    assert all(regex.fullmatch(r"[\p{L}\p{M}ªº.]+", word) for word in ABBREVIATIONS)


def test_a_language_without_a_list_has_the_usual_one() -> None:
    usual = lists_for("", lowered=False)
    assert lists_for("xx", lowered=False) is usual is not lists_for("cs", lowered=False)
    assert {"fig", "Fig", "FIG"} <= usual.numbered
    assert not usual.ordinals and lists_for("cs", lowered=False).ordinals


def test_text_without_capitals_is_compared_with_words_without_them() -> None:
    for language in ("", "cs"):
        written, lowered = lists_for(language, lowered=False), lists_for(language, lowered=True)
        assert lowered.words == {word.lower() for word in written.words}
        assert lowered.ordinals == written.ordinals
