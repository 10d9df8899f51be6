"""Which tokens get into rows: every one is accounted for, and long sentences are cut to fit."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bertprep.examples.assemble import assemble, example_schema
from bertprep.examples.coverage import LOSSES, count_usage, predictable, use_shares
from bertprep.examples.gather import gathered
from bertprep.examples.long_sentences import with_fitting_sentences
from bertprep.examples.mask import Masker
from bertprep.examples.pair import Documents, make_pairs
from bertprep.options import ShardOptions
from bertprep.vocabulary.vocabulary import Vocabulary

TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##b", ",", ".", "7")
VOCABULARY = Vocabulary(TOKENS, lowercase=True)
UNK, A, B, BB, COMMA, SEVEN = 1, 5, 6, 7, 8, 10

sentences = st.lists(st.sampled_from([UNK, A, B, BB, COMMA, 9, SEVEN]), min_size=1, max_size=60)
corpora = st.lists(st.lists(sentences, min_size=1, max_size=5), min_size=2, max_size=5)


def documents_of(corpus: list[list[list[int]]], *, pairs: bool = False) -> Documents:
    flat = [sentence for document in corpus for sentence in document]
    return Documents(
        np.arange(len(corpus), dtype=np.uint64) << np.uint64(40),
        np.cumsum([0, *map(len, corpus)]),
        np.cumsum([0, *map(len, flat)]),
        np.array([token for sentence in flat for token in sentence], np.uint16),
        np.array([pairs and len(document) == 2 for document in corpus]),
    )


def options(**given: Any) -> ShardOptions:
    return ShardOptions(**{"max_predictions_per_seq": 2, "max_seq_length": 16, **given})


@given(corpora, st.sampled_from(["nsp", "sop", "none"]), st.booleans(), st.integers(1, 3))
def test_every_token_of_every_pass_is_used_or_lost_for_a_reason(
    corpus: list[list[list[int]]], task: Any, pairs: bool, passes: int
) -> None:
    documents, chosen = documents_of(corpus, pairs=pairs), options(task=task)
    made = make_pairs(documents, chosen, range(passes), VOCABULARY.continuing)
    good = predictable(documents, made, VOCABULARY, chosen)
    kept, others = made.take(np.flatnonzero(good)), made.take(np.flatnonzero(~good))
    sums = count_usage(documents, passes, kept, others)
    assert sums["offered_tokens"] == passes * len(documents.ids)
    lost = sum(sums[name] for name in LOSSES)
    assert sums["used_tokens"] + lost == sums["offered_tokens"]
    seen: set[int] = set()
    for start, length in ((kept.a_start, kept.a_length), (kept.b_start, kept.b_length)):
        for first, count in zip(start.tolist(), length.tolist(), strict=True):
            seen.update(range(first, first + count))
    assert sums["unseen_tokens"] == len(documents.ids) - len(seen)


@given(corpora, st.sampled_from(["token", "whole-word"]))
def test_rows_are_left_out_where_the_masker_predicts_nothing(
    corpus: list[list[list[int]]], masking: Any
) -> None:
    documents, chosen = documents_of(corpus), options(masking=masking, max_predictions_per_seq=1)
    made = make_pairs(documents, chosen, range(2), VOCABULARY.continuing)
    good = predictable(documents, made, VOCABULARY, chosen)
    rows = gathered(documents, made, example_schema(len(VOCABULARY)))
    assert chosen.masking_options
    masks = Masker(VOCABULARY, chosen.masking_options)(assemble(rows, VOCABULARY, 16))
    assert good.tolist() == (masks.counts > 0).tolist()


def test_shares_of_a_hand_worked_count() -> None:
    sums = Counter(
        offered_tokens=200, used_tokens=150, truncated_own_tokens=50, tokens=100, unseen_tokens=1
    )
    assert use_shares(sums) == {
        "used_share": 0.75,
        "truncated_own_share": 0.25,
        "unsplittable_share": 0.0,
        "unpaired_share": 0.0,
        "unpredictable_share": 0.0,
        "unseen_share": 0.01,
    }
    assert use_shares(Counter(tokens=100)) == {}


def lengths_of(documents: Documents) -> list[list[int]]:
    lengths = np.diff(documents.first_token).tolist()
    return [lengths[a:b] for a, b in pairwise(documents.first_sentence.tolist())]


@given(corpora, st.integers(8, 40))
def test_no_sentence_fills_a_row_any_more(corpus: list[list[list[int]]], room: int) -> None:
    documents = documents_of(corpus)
    limit = max(room - 8, room * 7 // 8)
    fitting, count = with_fitting_sentences(documents, room, VOCABULARY)
    assert count == sum(len(s) > limit for document in corpus for s in document)
    assert [sum(d) for d in lengths_of(fitting)] == [sum(d) for d in lengths_of(documents)]
    for before, after in zip(lengths_of(documents), lengths_of(fitting), strict=True):
        assert max(after) <= limit and min(after) > 0
        if max(before) <= limit:
            assert before == after
    assert fitting.ids is documents.ids


def test_parts_begin_behind_a_comma_or_else_with_a_word() -> None:
    clause = [A, B, BB, A, B, BB, A, COMMA]
    documents = documents_of([[clause * 10], [[A, BB, BB] * 20]])
    fitting, _ = with_fitting_sentences(documents, 40, VOCABULARY)
    starts = fitting.first_token[1:-1].tolist()
    cuts = [start for start in starts if start < 80]
    assert cuts and all(start % 8 == 0 for start in cuts)
    assert all((start - 80) % 3 == 0 for start in starts if start > 80)


def test_the_comma_of_a_number_is_none() -> None:
    documents = documents_of([[[SEVEN, COMMA, SEVEN, A] * 15], [[A]]])
    fitting, _ = with_fitting_sentences(documents, 40, VOCABULARY)
    assert all(start % 4 in (0, 3) for start in fitting.first_token[1:-1].tolist())


def test_given_pairs_stay_pairs() -> None:
    documents = documents_of([[[A] * 50, [A]], [[A], [B] * 50]], pairs=True)
    assert with_fitting_sentences(documents, 40, VOCABULARY) == (documents, 0)
