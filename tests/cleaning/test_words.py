"""Words as numbers, against a pattern that finds them one by one."""

from __future__ import annotations

import regex
from hypothesis import given
from hypothesis import strategies as st

from bertprep.cleaning.words import Ragged, ngrams, word_numbers

ALONE = "".join(rf"\p{{Script={name}}}" for name in ["Han", "Hiragana", "Katakana", "Thai", "Lao"])
WORD = regex.compile(rf"[{ALONE}]|[[\p{{L}}\p{{N}}]--[{ALONE}]]+", regex.VERSION1)
LETTERS = "abAB1 \n.,-_éÉßİΣ熊猫かナกำ한\u0301\U00020000"


def of_each(found: Ragged) -> list[list[int]]:
    numbers = iter(found.numbers.tolist())
    return [[next(numbers) for _ in range(count)] for count in found.counts.tolist()]


@given(st.lists(st.text(LETTERS, max_size=30), max_size=5))
def test_words_are_those_of_the_pattern_and_equal_where_they_are(texts: list[str]) -> None:
    words = [WORD.findall(text.lower()) for text in texts]
    numbers = of_each(word_numbers(texts))
    assert list(map(len, numbers)) == list(map(len, words))
    pairs = {pair for w, n in zip(words, numbers, strict=True) for pair in zip(w, n, strict=True)}
    assert len({w for w, _ in pairs}) == len({n for _, n in pairs}) == len(pairs)


@given(st.lists(st.lists(st.integers(0, 3), max_size=9), max_size=5))
def test_ngrams_are_those_of_each_text(texts: list[list[int]]) -> None:
    found = of_each(ngrams(word_numbers([" ".join(f"w{n}" for n in text) for text in texts]), 3))
    expected = [
        [tuple(text[i : i + 3]) for i in range(max(1, len(text) - 2))] if text else []
        for text in texts
    ]
    assert list(map(len, found)) == list(map(len, expected))
    pairs = {p for a, b in zip(found, expected, strict=True) for p in zip(a, b, strict=True)}
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)


def test_words_are_numbers_by_their_letters_alone() -> None:
    first, second = of_each(word_numbers(["The panda, eats!", "the PANDA eats"]))
    assert first == second
    assert word_numbers(["ab ba", "熊猫 eats", "..."]).counts.tolist() == [2, 3, 0]
    assert len(set(word_numbers(["ab ba", "a" * 300, "a" * 301]).numbers.tolist())) == 4


def test_a_long_text_is_cut_between_words_only() -> None:
    words = [f"word{n % 700}" * (n % 5 + 1) for n in range(40_000)]
    whole = word_numbers([", ".join(words)])
    assert whole.numbers.tolist() == word_numbers(words).numbers.tolist()
    assert len(set(whole.numbers.tolist())) == len(set(words))
    # Nothing parts these: one word, whatever its length.
    assert word_numbers(["x" * 200_000]).counts.tolist() == [1]
