"""Longest match, against tokenizers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bertprep.learning.longest_match import LongestMatch, Words
from tests.learning.counted_words import learn, word_counts, word_tokenizer


@given(word_counts, st.integers(20, 60))
def test_longest_match_is_that_of_tokenizers(counted, size):
    pieces = learn(counted, size=size, min_frequency=1, limit_alphabet=99)
    alphabet = {letter: rank for rank, letter in enumerate("abcéｱ가中𠀀😀́")}
    inside = np.array([piece.startswith("##") for piece in pieces], bool)
    encoder = LongestMatch(
        words_of([piece.removeprefix("##") for piece in pieces], alphabet, inside), len(alphabet)
    )
    tokenizer = word_tokenizer(pieces)
    words = [word for word in counted if tokenizer.encode(word).ids != [0]]
    encoded = encoder.encode(words_of(words, alphabet))
    order = np.argsort(encoded.word, kind="stable")
    expected = [index - 1 for word in words for index in tokenizer.encode(word).ids]
    assert encoded.piece[order].tolist() == expected
    several = np.array([index for index, word in enumerate(words) if len(word) > 1], np.int64)
    encoded = encoder.encode(words_of(words, alphabet), several, halved=True)
    for index in several.tolist():
        word, halves = words[index], encoded.piece[encoded.word == index]
        texts = [pieces[piece].removeprefix("##") for piece in halves.tolist()]
        first = max(
            (p for p in pieces if word.startswith(p) and len(p) <= (len(word) + 1) // 2), key=len
        )
        assert texts[0] == first and "".join(texts) == word


def words_of(texts, alphabet, inside=None):
    letters = np.array([alphabet[letter] for text in texts for letter in text], np.int32)
    return Words.of(letters, np.array([len(text) for text in texts], np.int64), inside)
