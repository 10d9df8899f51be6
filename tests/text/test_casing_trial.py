"""Both readings of a vocabulary are compared on the text."""

import numpy as np
import pytest

from bertprep.text.casing_trial import better_reading, losing_marks, reading, sample_of
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary

WORDS = (*SPECIAL_TOKENS, "the", "panda", "eats", ".", "Panda", "schön", "müde")


def test_a_reading_counts_tokens_and_unknown_ones():
    found = reading(Vocabulary(WORDS, True), b"The panda eats bamboo .")
    assert (found.tokens_per_word, found.unknown) == (1.0, 0.2)


@pytest.mark.parametrize(
    ("lowercase", "text", "option"),
    [
        (True, "The panda eats .", None),
        (False, "THE PANDA eats .", "--uncased"),
        (False, "the Panda eats .", None),
        (True, "schön müde", "--cased"),
        (True, "Schön MÜDE", "--keep-accents"),
        (True, "bamboo", None),  # unknown however it is read
    ],
)
def test_the_option_that_reads_better_is_named(lowercase, text, option):
    found = better_reading(Vocabulary(WORDS, lowercase), text.encode())
    assert (found and found[0]) == option


def test_a_sample_is_cut_between_lines():
    text = b"\n".join([b"word " * 200] * 400)
    sample = sample_of(text)
    assert 150_000 < len(sample) < len(text)
    assert text.startswith(sample + b"\n")
    assert sample_of(b"short") == b"short"


@pytest.mark.parametrize("text", ["世" * 100_000, "x" * 300_000, "\n" + "é" * 200_000])
def test_a_sample_of_text_without_white_space_is_cut_between_characters(text):
    sample = sample_of(text.encode())
    assert 199_990 < len(sample) <= 200_000
    assert text.startswith(sample.decode())


def test_an_empty_sample_says_nothing():
    assert better_reading(Vocabulary(WORDS, True), b"") is None
    assert losing_marks(b"") == ({}, 0)


def test_words_that_lose_marks_are_counted_by_script():
    losing, words = losing_marks("мой дом, мой चार हिन्दी. 世界".encode())
    assert losing == {"Cyrillic": 2, "Devanagari": 1}
    assert words == 9
    assert np.isscalar(words)
