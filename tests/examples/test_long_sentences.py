"""Sentences that fill a row are cut, at clause marks and words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bertprep.examples.documents import Documents
from bertprep.examples.long_sentences import with_fitting_sentences
from tests.examples.token_documents import BB, COMMA, SEVEN, VOCABULARY, A, B, corpora, documents_of


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
