"""The vocabulary learner: its rules, its exactness against plain loops, and its quality."""

import os
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.errors import UsageError
from bertprep.learning.learn import learn_vocabulary
from tests.learning.counted_words import (
    UNK,
    count_words,
    learn,
    word_counts,
    word_tokenizer,
)


def test_a_case_worked_by_hand():
    # Pairs: ##u ##g 20, then h ##ug 15, then p ##ug and hug ##s 5 each. Longest match emits hug 10
    # times instead of h ##ug, pug 5 times, and hugs 5 times instead of hug ##s. One more unseen
    # words than the roots of these counts (4, 3 and 3) are like each, but begin with no more than
    # half of it: h ##ug, p ##ug and h ##ug ##s. ##ug is worth 10 by them alone, as hug is.
    counted = {"hug": 10, "pug": 5, "hugs": 5}
    letters = ["##g", "##h", "##p", "##s", "##u", "g", "h", "p", "s", "u"]
    assert learn(counted, size=14) == [*letters, "##ug", "hug", "hugs", "pug"]
    assert learn(counted, size=100) == [*letters, "##ug", "hug", "hugs", "pug"]


def test_pairs_seen_once_make_pieces_where_no_others_are_left():
    words, counts = pa.array(["hug", "jot"]), np.array([2, 1])
    often = learn_vocabulary(words, counts, size=99, min_frequency=2)
    found = learn_vocabulary(words, counts, size=99)
    assert often.seen_once == 0 and "hug" in often.pieces and "jot" not in often.pieces
    assert found.pieces[: len(often.pieces)] == often.pieces
    assert {"jot"} <= set(found.pieces[len(often.pieces) :])
    assert found.seen_once == len(found.pieces) - len(often.pieces)
    assert learn_vocabulary(words, counts, size=len(often.pieces)) == (often.pieces, 0)


def test_a_pair_must_be_as_frequent_as_min_frequency():
    letters = ["##a", "##b", "##c", "##d", "a", "b", "c", "d"]
    assert learn({"ab": 3, "cd": 2}, size=99, min_frequency=3) == [*letters, "ab"]


def test_ties_go_by_code_points_whatever_the_order():
    letters = ["##a", "##b", "##c", "##x", "a", "b", "c", "x"]
    assert learn({"bx": 2, "ax": 2, "cx": 2}, size=10) == [*letters, "ax", "bx"]
    assert learn({"cx": 2, "bx": 2, "ax": 2}, size=10) == [*letters, "ax", "bx"]


def test_the_alphabet_keeps_the_most_frequent_characters():
    # d and e are as frequent as each other: the smaller code point stays.
    pieces = learn({"abc": 5, "d": 2, "eb": 2, "a": 1}, size=99, limit_alphabet=4)
    assert pieces[:8] == ["##a", "##b", "##c", "##d", "a", "b", "c", "d"]
    assert not any("e" in piece for piece in pieces)


def test_letters_are_pieces_where_they_were_not_seen_too():
    # A mark begins no word unless one was seen to; a symbol stands inside none.
    assert learn({"a\u0301b": 1, "€": 1, "7": 1}, size=99, min_frequency=9) == [
        "##7", "##a", "##b", "##\u0301", "7", "a", "b", "€"
    ]  # fmt: skip
    assert "\u0301" in learn({"\u0301b": 1}, size=99)


def test_a_rare_letter_may_begin_a_word_but_stands_inside_only_where_it_was_seen():
    assert learn({"ab": 300_000, "aq": 1}, size=7) == ["##a", "##b", "##q", "a", "b", "q", "ab"]
    assert learn({"ab": 300_000, "qb": 1}, size=6) == ["##a", "##b", "a", "b", "q", "ab"]


def test_words_with_a_foreign_character_teach_nothing():
    counted = {"ab": 9, "abz": 8, "bc": 9, "cd": 9, "da": 9}
    pieces = learn(counted, size=99, limit_alphabet=4)
    assert "ab" in pieces and "##z" not in pieces and "abz" not in pieces


def test_a_size_below_the_alphabet_keeps_the_most_frequent_letters():
    assert learn({"abc": 3, "xb": 5}, size=2) == ["##b", "x"]


def test_ideographs_are_words_ranked_by_their_count_and_free_of_the_limit():
    counted = {"中": 30, "国": 7, "人": 1, "ab": 9}
    letters = ["##a", "##b", "a", "b"]
    assert learn(counted, size=99, limit_alphabet=2) == [*letters, "中", "国", "人", "ab"]
    assert learn(counted, size=5, limit_alphabet=2) == [*letters, "中"]


def test_an_ideograph_inside_a_word_is_a_letter_and_stands_there_once():
    assert learn({"中a": 3, "中": 5}, size=99) == ["##a", "##中", "a", "中", "中a"]


def test_kana_and_hangul_are_letters():
    assert learn({"ｱ": 1, "가나": 1}, size=99, min_frequency=2) == [
        "##가",
        "##나",
        "##ｱ",
        "가",
        "나",
        "ｱ",
    ]


def test_words_bert_maps_to_unk_are_ignored():
    assert learn({"a" * 101: 50}, size=99) == []
    assert learn({"a" * 100: 1}, size=99, min_frequency=100) == ["##a", "a"]


def test_words_that_look_like_pieces_are_ignored():
    assert learn({"##a": 5, "#": 2}, size=99) == ["#"]


def test_no_words_no_pieces():
    assert learn({}, size=5) == []


def test_pairs_that_overlap_themselves():
    pieces = learn({"a" * 100: 3}, size=99)
    assert pieces[:2] == ["##a", "a"] and "a" * 100 in pieces
    assert "##aa" in pieces and "##aaaa" in pieces


def test_chunked_and_sliced_words_are_taken():
    words, counts = pa.array(["zz", "ab", "ac"]), np.array([4, 3])
    expected = learn({"ab": 4, "ac": 3}, size=9)
    assert "ab" in expected
    assert learn_vocabulary(words[1:], counts, size=9).pieces == expected
    chunks = pa.chunked_array([words[1:2], words[2:]])
    assert learn_vocabulary(chunks, counts, size=9).pieces == expected


@pytest.mark.parametrize("option", ["size", "min_frequency", "limit_alphabet", "max_token_length"])
def test_numbers_below_one_are_refused(option):
    with pytest.raises(UsageError, match=f"{option} must be at least 1, not 0"):
        learn({"a": 1}, **{"size": 5, option: 0})


def test_words_and_counts_must_match():
    with pytest.raises(UsageError, match="1 words and 2 counts"):
        learn_vocabulary(pa.array(["a"]), np.array([1, 2]), size=5)


@given(word_counts, st.integers(1, 40), st.integers(1, 6), st.randoms(use_true_random=False))
def test_any_order_of_the_words_gives_the_same_pieces(counted, size, limit, random):
    pieces = learn(counted, size=size, limit_alphabet=limit)
    assert len(pieces) == len(set(pieces)) <= size
    shuffled = list(counted.items())
    random.shuffle(shuffled)
    assert learn(dict(shuffled), size=size, limit_alphabet=limit) == pieces


@given(word_counts, st.integers(60, 90), st.none() | st.integers(1, 4))
def test_every_word_of_known_letters_is_spelled(counted, size, max_token_length):
    pieces = learn(counted, size=size, max_token_length=max_token_length, min_frequency=1)
    assert all(len(piece.removeprefix("##")) <= (max_token_length or 100) for piece in pieces)
    tokenizer = word_tokenizer(pieces)
    for word in counted:
        assert UNK not in tokenizer.encode(word).tokens


def test_letters_are_given_everywhere_if_there_is_room():
    seen = {"ab": 300_000, "xy": 1}
    assert "##x" not in learn(seen, size=8)
    assert "##x" in learn(seen, size=9)


@pytest.mark.slow
def test_the_size_is_exact_and_the_vocabulary_spells_the_text(parted_prose):
    counted = count_words("\n".join(parted_prose[0]))
    for size in (300, 1000, 3001):
        pieces = learn(counted, size=size)
        assert len(pieces) == len(set(pieces)) == size
    assert pieces == learn(dict(sorted(counted.items())), size=3001)
    tokenizer = word_tokenizer(pieces)
    assert all(UNK not in tokenizer.encode(word).tokens for word in counted if len(word) <= 100)


@pytest.mark.slow
def test_every_process_learns_the_same():
    script = (
        "import numpy as np, pyarrow as pa\n"
        "from pydoc_data.topics import topics\n"
        "from bertprep.learning.learn import learn_vocabulary\n"
        "words = list({w for t in topics.values() for w in t.lower().split()})\n"
        "counts = np.array([len(w) for w in words])\n"
        "print(ascii(learn_vocabulary(pa.array(words), counts, size=2000)))\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 10_000


def test_how_far_it_is_can_be_told() -> None:
    told: list[tuple[int, int]] = []
    words = pa.array([f"{a}{b}{c}" for a in "abcd" for b in "efgh" for c in "ijkl"])
    counts = np.arange(2, 2 + len(words))
    pieces = learn_vocabulary(words, counts, size=60, told=lambda *found: told.append(found))
    assert pieces == learn_vocabulary(words, counts, size=60)
    assert len(told) > 1 and told == sorted(told)
    assert len({of for _, of in told}) == 1 and told[-1][0] <= told[-1][1]
