"""How many characters are kept, and what is said of those that are not."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from bertprep.learning.alphabet import alphabet_size, left_out
from bertprep.learning.learn import learn_vocabulary


def test_one_languages_text_keeps_the_usual_number():
    assert alphabet_size(np.full(300, 50), 15_000, 30_522) == 1000


def test_many_scripts_keep_all_that_are_frequent_enough():
    occurrences = np.concatenate((np.full(2_500, 400), np.full(500, 1)))
    # 1,000,000 words: 10 of them may go, which are ten of the 500 rare characters.
    assert alphabet_size(occurrences, 1_000_000, 30_522) == 2_990
    # 100 million words: all the rare ones may go.
    assert alphabet_size(occurrences, 100_000_000, 30_522) == 2_500 - 1
    # But characters never take more than a quarter of the pieces.
    assert alphabet_size(occurrences, 1_000_000, 8_000) == 2_000


def many_scripts():
    """Words of 1,200 letters, those of the second half 20 times rarer than the others."""
    letters = [chr(0x1000 + i) for i in range(600)] + [chr(0x1400 + i) for i in range(600)]
    words = [a + b for a, b in pairwise(letters)]
    counts = np.array([2000] * 600 + [100] * (len(words) - 600))
    return pa.array(words), counts


@pytest.mark.slow
def test_auto_keeps_the_script_that_a_fixed_limit_loses():
    words, counts = many_scripts()
    auto = learn_vocabulary(words, counts, size=6000).pieces
    fixed = learn_vocabulary(words, counts, size=6000, limit_alphabet=1000).pieces
    assert left_out(words, counts, auto).characters == ""
    lost = left_out(words, counts, fixed)
    assert len(lost.characters) == 200
    assert lost.known == 1000
    assert 0.01 < lost.words_share < 0.03


def test_what_is_left_out_is_told_by_frequency_and_with_its_words():
    words, counts = pa.array(["ab", "ac", "xa", "zz", "世"]), np.array([90, 4, 3, 2, 1])
    left = left_out(words, counts, ["a", "##a", "##b", "ab"])
    assert left.characters == "czx世"  # ties by code point; z is twice in its word
    assert left.known == 2
    assert left.words_share == 10 / 100


def test_a_text_without_words_loses_nothing():
    assert left_out(pa.array([], pa.large_string()), np.zeros(0, np.int64), ["a"]).words_share == 0
