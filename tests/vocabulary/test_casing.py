"""Casing is taken from the tokens only where they show it."""

import pytest

from bertprep.errors import VocabularyError
from bertprep.vocabulary.casing import casing_of
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS

ENGLISH = [f"{a}{b}" for a in "abcdefghijklmnopqrst" for b in "aeioubcdfghklmnprst"]
HINDI = ["हिन्दी", "में", "है", "के", "##ों", "##ि", "क", "##क", "पद", "चार", "लिए", "घर"]
HANGUL = ["한국", "##어", "가", "나", "다", "1"]


def seen(*words):
    casing = casing_of([*SPECIAL_TOKENS, "[unused7]", "<S>", *words])
    return casing.lowercase, casing.strip_accents


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (ENGLISH, (True, None)),
        ([], (True, None)),
        ([*ENGLISH, *map(str.capitalize, ENGLISH[:60])], (False, None)),  # as bert-base-cased has
        (["the", "##S"], (False, None)),
        ([*"世界漢字", "##界", "，"], (True, None)),  # as bert-base-chinese: no matter which
        (HINDI, (False, None)),  # no capitals at all, but vowel signs
        (HANGUL, (False, None)),  # decomposed when uncased
        (["か", "が", "##ぎ", "き", "日"], (False, None)),
        ([*ENGLISH, *(f"{word}ü" for word in ENGLISH[:80])], (True, False)),  # uncased, ü kept
        ([*ENGLISH, "Ü", *(f"{word}ü" for word in ENGLISH[:80])], (True, False)),
        (["мой", "твой", "дом", "##а"], (True, False)),
        (["Мой", "твой", "дом", "##а"], (False, None)),
        (["\u2028", *ENGLISH], (True, None)),
    ],
)
def test_what_tokens_show(words, expected):
    assert seen(*words) == expected


def test_a_few_words_over_unused_tokens_do_not_make_a_vocabulary_cased():
    words = [*(word + end for word in ENGLISH for end in "xyz"), "Xeljanz", "Humira", "Keytruda"]
    casing = casing_of([*SPECIAL_TOKENS, *words])
    assert casing.name == "uncased"
    assert "but for 3 tokens that have" in casing.why
    assert "Xeljanz, Humira, Keytruda" in casing.why


def test_tokens_of_both_kinds_are_an_error_that_names_the_options():
    words = [*ENGLISH, *map(str.capitalize, ENGLISH[:8])]
    with pytest.raises(VocabularyError, match=r"2\.1% of the tokens \(.*--uncased or --cased"):
        casing_of(words)
