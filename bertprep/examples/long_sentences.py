"""Sentences longer than a row are cut: what is in no row would be lost to training.

Pairs hold about half a row of each side, so that is how long the parts are.  They begin behind a
clause mark where one is near, else with a word, else with any token.  Sentences that fit into a row
beside a short one are left as they are: truncation, at either end at random, gives each of their
tokens a chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import regex
from numpy.typing import NDArray

from bertprep.common.ragged import gather_index
from bertprep.examples.documents import Documents
from bertprep.text.prepared_columns import unflagged
from bertprep.vocabulary.vocabulary import Vocabulary

_CLAUSE_MARK = regex.compile(r"[\p{Terminal_Punctuation}\u2013\u2014]")
_NUMBER = regex.compile(r"\p{N}+")
_MARK = regex.compile(r"[\p{P}\p{S}]+")
# Tokens of the other sentence that a row is to have room for, at least.
_BESIDE = 8
# The kinds of tokens, for the cuts.
_WORD, _FIGURE, _CLAUSE, _OTHER_MARK = range(4)


def with_fitting_sentences(
    documents: Documents, room: int, vocabulary: Vocabulary
) -> tuple[Documents, int]:
    """Cuts the sentences that fill a row.  The sentences of a given pair stay two.

    Args:
        documents: their sentences as token ids.
        room: tokens that a row has room for, special ones aside.
        vocabulary: what the ids mean.

    Returns:
        The documents with more sentences, and how many of theirs were cut.
    """
    lengths = np.diff(documents.first_token)
    too_long = lengths > max(room - _BESIDE, room * 7 // 8)
    if documents.is_pair is not None and documents.is_pair.any():
        sentences = np.diff(documents.first_sentence)
        too_long &= ~np.repeat(documents.is_pair, sentences)
    numbers = np.flatnonzero(too_long)
    if not len(numbers):
        return documents, 0
    starts, lengths = documents.first_token[numbers], lengths[numbers]
    ranks = _ranks(documents.ids[gather_index(starts, lengths)], vocabulary)
    cuts = np.fromiter(_cuts(starts.tolist(), lengths.tolist(), ranks, room), np.int64)
    first_token = np.sort(np.concatenate((documents.first_token, cuts)))
    first = np.searchsorted(first_token, documents.first_token[documents.first_sentence])
    return replace(documents, first_token=first_token, first_sentence=first), len(numbers)


def _cuts(
    starts: list[int], lengths: list[int], ranks: NDArray[np.int64], room: int
) -> Iterator[int]:
    """Where parts begin, all but the first of each sentence."""
    usual = max(1, room * 2 // 5)
    before = 0
    for start, length in zip(starts, lengths, strict=True):
        parts = -(-length // usual)
        near = length // parts // 4
        away = 2 * np.abs(np.arange(-near, near + 1))
        for part in range(1, parts):
            first = length * part // parts - near
            # A better place wins over a nearer one.
            worth = ranks[before + first : before + first + 2 * near + 1] * 8 * room - away
            yield start + first + int(np.argmax(worth))
        before += length


def _ranks(stored: NDArray[np.unsignedinteger], vocabulary: Vocabulary) -> NDArray[np.int64]:
    """int64[n]: how well a part may begin with each of the tokens, 0 to 3."""
    ids, flags = unflagged(stored)
    kinds = _token_kinds(vocabulary)[ids]
    begins = ~(vocabulary.continuing[ids] ^ flags)
    previous = np.concatenate(([_WORD], kinds[:-1]))
    is_word, after_word = kinds <= _FIGURE, previous <= _FIGURE
    in_figure = (kinds == _FIGURE) & (np.concatenate(([_WORD, _WORD], kinds[:-2])) == _FIGURE)
    ranks = begins.astype(np.int64)
    ranks[begins & is_word & after_word] = 2
    ranks[begins & (previous == _CLAUSE) & (kinds != _CLAUSE) & ~in_figure] = 3
    return ranks


@lru_cache(maxsize=1)
def _token_kinds(vocabulary: Vocabulary) -> NDArray[np.uint8]:
    kinds = np.full(len(vocabulary), _WORD, np.uint8)
    for number, token in enumerate(vocabulary.spellings):
        if _NUMBER.fullmatch(token):
            kinds[number] = _FIGURE
        elif _MARK.fullmatch(token):
            kinds[number] = _CLAUSE if _CLAUSE_MARK.fullmatch(token) else _OTHER_MARK
    return kinds


def is_mark(vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """bool[V]: the tokens that are punctuation."""
    marks: NDArray[np.bool_] = _token_kinds(vocabulary) >= _CLAUSE
    return marks
