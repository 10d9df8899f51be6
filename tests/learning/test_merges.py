"""Byte-pair merges, against plain loops."""

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bertprep.learning.merges import NEARLY, independent, learn_merges, sort_by
from tests.learning.counted_words import word_counts


@given(word_counts, st.integers(1, 60), st.integers(1, 5), st.none() | st.integers(1, 5))
def test_merges_are_those_of_plain_loops(counted, wanted, min_frequency, max_token_length):
    alphabet = sorted({letter for word in counted for letter in word})
    spellings = alphabet + ["##" + letter for letter in alphabet]
    words = [
        [alphabet.index(x) + len(alphabet) * (i > 0) for i, x in enumerate(word)]
        for word in counted
    ]
    merged = learn_merges(
        np.array([symbol for word in words for symbol in word], np.int32),
        np.array([float(n) for word, n in counted.items() for _ in word]),
        spellings,
        wanted=wanted,
        min_frequency=min_frequency,
        max_token_length=max_token_length,
    )
    counts, longest = list(counted.values()), max_token_length or 100
    assert merged == plain_merges(words, counts, spellings, wanted, min_frequency, longest)


def plain_merges(words, counts, spellings, wanted, min_frequency, longest, whole=True):
    """The rounds of ``learn_merges`` with every pair counted afresh."""
    pieces, age, spellings = {}, {}, list(spellings)
    while len(pieces) < wanted:
        total = Counter()
        for word, count in zip(words, counts, strict=True):
            for pair in pairwise(word):
                age.setdefault(pair, len(spellings))
                text = "".join(spellings[symbol].removeprefix("##") for symbol in pair)
                total[pair] += count if len(text) <= longest and (whole or len(word) > 2) else 0
        bar = max(min_frequency, NEARLY * max(total.values(), default=0))
        ranked = sorted((-count, age[pair], pair) for pair, count in total.items() if count >= bar)
        left, right = [pair[0] for *_, pair in ranked], [pair[1] for *_, pair in ranked]
        chosen = independent(left, right, wanted - len(pieces))
        if not chosen:
            break
        made = {}
        for index in chosen:
            made[left[index], right[index]] = len(spellings)
            spellings.append(spellings[left[index]] + spellings[right[index]][2:])
        pieces.update(dict.fromkeys(spellings[symbol] for symbol in made.values()))
        words = [join(word, made) if whole or len(word) > 2 else word for word in words]
    return list(pieces)


def join(word, made):
    joined = []
    for symbol in word:
        if joined and (joined[-1], symbol) in made and joined[-1] >= 0:
            joined[-1:] = [~made[joined[-1], symbol]]  # ~: made in this round, joins no more in it
        else:
            joined.append(symbol)
    return [symbol if symbol >= 0 else ~symbol for symbol in joined]


@given(word_counts, st.integers(1, 60))
def test_parts_are_the_merges_of_plain_loops_that_leave_no_word_whole(counted, wanted):
    alphabet = sorted({letter for word in counted for letter in word})
    spellings = alphabet + ["##" + letter for letter in alphabet]
    words = [
        [alphabet.index(x) + len(alphabet) * (i > 0) for i, x in enumerate(word)]
        for word in counted
    ]
    merged = learn_merges(
        np.array([symbol for word in words for symbol in word], np.int32),
        np.array([float(n) for word, n in counted.items() for _ in word]),
        spellings,
        wanted=wanted,
        min_frequency=1,
        max_token_length=None,
        whole=False,
    )
    counts = list(counted.values())
    assert merged == plain_merges(words, counts, spellings, wanted, 1, 100, whole=False)


def test_keys_that_leave_no_room_for_an_index_are_sorted_too():
    for large in (7, 1 << 62):
        keys, values = sort_by(np.array([large, 5, 6, 5]), np.array([0, 9, 2, 3], np.int32))
        assert keys.tolist() == [5, 5, 6, large]
        assert values.tolist() == [3, 9, 2, 0]
