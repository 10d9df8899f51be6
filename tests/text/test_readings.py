"""Both readings of a vocabulary are compared on the text."""

import numpy as np
import pytest

from bertprep.text.readings import better_reading, losing_marks, reading, sample_of
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


def test_words_that_lose_marks_are_counted_by_script():
    losing, words = losing_marks("мой дом, мой चार हिन्दी. 世界".encode())
    assert losing == {"Cyrillic": 2, "Devanagari": 1}
    assert words == 9
    assert np.isscalar(words)
