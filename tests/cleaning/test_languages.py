"""Which languages a text is in, by its stretches."""

from __future__ import annotations

import pytest

from bertprep.cleaning.languages import language_share, stretch_languages
from bertprep.cleaning.rules import Rules
from bertprep.errors import UsageError
from bertprep.options import CleanOptions
from bertprep.settings.choices import LANGUAGES
from bertprep.text import language
from bertprep.text.east_asian import east_asian_language

# One of each: letters of Han, of kana and of Hangul.
EAST_ASIAN = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
ENGLISH = "It was the best of times, it was the worst of times, and they had all of it. " * 7
GERMAN = "Es war die beste der Zeiten und es war die schlimmste, und sie hatten alles davon. " * 7


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        ("大熊猫吃竹子，它们住在四川的山里。", "zh"),
        ("パンダは竹を食べる。山に住んでいる。", "ja"),
        ("판다는 대나무를 먹는다. 산에 산다.", "ko"),
        ("Панда ест бамбук, и она живёт в горах, но это было не так уже давно.", "ru"),
        ("12 345", ""),
    ],
)
def test_languages_of_stretches(text: str, code: str) -> None:
    assert set(stretch_languages(text)) == {code}


def test_those_that_may_be_asked_for_are_those_that_are_told() -> None:
    told = {*language.LANGUAGES, *(east_asian_language(*one) for one in EAST_ASIAN)}
    assert {*LANGUAGES.split()} == told
    assert len(LANGUAGES.split()) == len(told)


@pytest.mark.parametrize(
    ("text", "code"), [("આ મારું ઘર છે અને તે ટેકરી પર છે.", "gu"), ("ਇਹ ਮੇਰਾ ਘਰ ਹੈ ਅਤੇ ਪਹਾੜੀ ਤੇ ਹੈ।", "pa")]
)
def test_languages_of_india_that_are_told_by_their_letters(text: str, code: str) -> None:
    assert language_share(text, code) == 1
    assert CleanOptions(languages=code)


def test_the_share_is_of_stretches_that_tell() -> None:
    # Four pieces of like length: one German, three English, and digits that say nothing.
    english, german, digits = (text[:500].ljust(500) for text in (ENGLISH, GERMAN, "123 " * 125))
    text = english + german + english + digits + english
    assert language_share(text, "en") == 0.75
    assert language_share(text, "de") == 0.25
    assert language_share(text, "de, en") == 1
    assert language_share(digits, "en") == 0


def test_a_long_text_is_looked_at_in_stretches_all_through() -> None:
    text = (ENGLISH[:500] * 60) + (GERMAN[:500] * 60)
    assert len(stretch_languages(text)) == 32
    assert language_share(text, "de") == pytest.approx(0.5, abs=0.05)


def test_documents_in_other_languages_go() -> None:
    found: list[tuple[str, str]] = []
    rules = Rules(CleanOptions(languages="en,fr", min_language_share=0.6))
    assert rules.kept(ENGLISH, lambda *drop: found.append(drop)) == ENGLISH
    assert rules.kept(GERMAN, lambda *drop: found.append(drop)) == ""
    assert found == [("other_language", GERMAN)]


def test_codes_are_known() -> None:
    with pytest.raises(UsageError, match=r"--languages must be among af am .* got 'en,xx'"):
        CleanOptions(languages="en,xx")
    with pytest.raises(UsageError, match="--min-language-share"):
        CleanOptions(languages="en", min_language_share=0)
