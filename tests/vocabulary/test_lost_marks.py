"""Words that lose marks are told of where the marks carry meaning, and only there."""

import unicodedata

import pytest

from bertprep.vocabulary.casing import without_accents
from bertprep.vocabulary.lost_marks import _SCRIPTS, mark_warnings, script_that_loses
from bertprep.vocabulary.tokenizer import bert_normalizer


@pytest.mark.parametrize("script", _SCRIPTS)
def test_the_example_of_each_script_does_lose(script):
    first, last, word, _ = _SCRIPTS[script]
    stripped = bert_normalizer(False, True).normalize_str(word)
    assert without_accents(word) == stripped != word
    assert script_that_loses(word) == script_that_loses(f"a{word}") == script.strip()
    assert script_that_loses(unicodedata.normalize("NFD", word)) in (script.strip(), None)
    assert any(first <= ord(letter) <= last for letter in word)
    assert list(_SCRIPTS.values()) == sorted(_SCRIPTS.values())


@pytest.mark.parametrize(
    "word", ["word", "世界", "дом", "ไป", "か", "नमक", "Straße", "", "١٢", "👍🏽"]
)
def test_a_word_without_marks_loses_none(word):
    assert script_that_loses(word) is None


def test_decomposed_letters_lose_as_composed_ones():
    assert script_that_loses("и\u0306") == script_that_loses("й") == "Cyrillic"
    assert script_that_loses("u\u0308") == script_that_loses("ü") == "Latin"


@pytest.mark.parametrize(
    ("losing", "warned"),
    [
        ({"Latin": 113}, False),  # French
        ({"Latin": 56, "kana": 1}, False),  # German
        ({"Latin": 600}, True),  # Vietnamese
        ({"Cyrillic": 120}, True),
        ({"kana": 82}, True),
        ({"Thai": 9, "Devanagari": 8}, False),
    ],
)
def test_the_share_of_words_decides(losing, warned):
    texts = mark_warnings(losing, 1000, "--cased keeps all")
    assert bool(texts) is warned
    assert all(text.endswith("--cased keeps all") for text in texts)


def test_the_warning_shows_what_is_lost():
    (text,) = mark_warnings({"Cyrillic": 250}, 1000, "so")
    assert "Cyrillic: 25% of the words have such (мой becomes мои); so" in text
    (text,) = mark_warnings({"Hangul": 900}, 1000, "so")
    assert "한국어 is taken apart into letters" in text
