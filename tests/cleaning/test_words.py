"""Words as numbers."""

from __future__ import annotations

from bertprep.cleaning.words import WordNumbers, ngrams


def test_words_are_numbers_by_their_letters_alone() -> None:
    numbers = WordNumbers()
    assert numbers.of("The panda, eats!").tolist() == numbers.of("the PANDA eats").tolist()
    assert len(numbers.of("熊猫 eats")) == 3
    assert len(ngrams(numbers.of("a b c"), 5)) == 1
    assert len(ngrams(numbers.of("a b c d e f"), 5)) == 2
    assert len(ngrams(numbers.of("..."), 5)) == 0
