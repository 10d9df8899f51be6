"""Masked language modelling: which positions are predicted, and what the model sees there.

The rules are google-research/bert's ``create_masked_lm_predictions``, vectorised over a block of
rows, and drawn from each row's own key.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.examples import Examples
from bertprep.options import Masking
from bertprep.rng import MASK_KIND, MASK_ORDER, MASK_TOKEN, random_bits, uniform
from bertprep.vocabulary import SPECIAL_TOKENS, Vocabulary

MASK_SHARE, RANDOM_SHARE = 0.8, 0.1
_COLUMN_BITS = np.uint64(0xFFFF)
_NEVER = np.uint64(2**64 - 1)


class Masks(NamedTuple):
    """The predictions of n rows, at most P each, in the order of their positions.

    Attributes:
        input_ids: int32[n, L], what the model sees.
        positions: int64[n, P], columns to predict; 0 behind the last one.
        labels: int32[n, P], the tokens that stood there; 0 behind the last one.
        counts: int64[n], predictions of each row.
        wanted: int64[n], predictions of each row had there been no limit P.
    """

    input_ids: NDArray[np.int32]
    positions: NDArray[np.int64]
    labels: NDArray[np.int32]
    counts: NDArray[np.int64]
    wanted: NDArray[np.int64]


class Masker:
    """Masks blocks of examples.

    ``round(n * masked_lm_prob)`` positions (at least one, at most P) are predicted, n counting
    [CLS] and [SEP]s; of these 80% show [MASK], 10% a random token, 10% what stood there, each
    drawn by itself.  Special tokens, [UNK] among them, are never predicted; they and [unusedN] are
    never drawn.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        masked_lm_prob: float,
        max_predictions_per_seq: int,
        masking: Masking = "token",
    ) -> None:
        self._vocabulary = vocabulary
        self._prob = masked_lm_prob
        self._limit = max_predictions_per_seq
        self._choose = _chosen_words if masking == "whole-word" else _chosen_tokens
        self._maskable = np.ones(len(vocabulary), bool)
        self._maskable[[vocabulary.ids[token] for token in SPECIAL_TOKENS]] = False

    def __call__(self, examples: Examples) -> Masks:
        candidates = self._maskable[examples.input_ids]
        wanted = np.maximum(1, np.rint(examples.lengths * self._prob)).astype(np.int64)
        quota = np.minimum(wanted, self._limit)
        columns = np.arange(examples.input_ids.shape[1])
        order = random_bits(examples.keys[:, None], MASK_ORDER, columns)
        continuing = self._vocabulary.continuing[examples.input_ids]
        if examples.joined is not None:
            continuing |= examples.joined
        positions = self._choose(order, candidates, continuing, quota, self._limit)
        return self._replaced(examples, positions, wanted)

    def _replaced(
        self, examples: Examples, positions: NDArray[np.int64], wanted: NDArray[np.int64]
    ) -> Masks:
        length = examples.input_ids.shape[1]
        row, slot = np.nonzero(positions < length)
        column = positions[row, slot]
        labels = np.zeros(positions.shape, np.int32)
        labels[row, slot] = examples.input_ids[row, column]
        kind = uniform(examples.keys[row], MASK_KIND, column)
        drawable = self._vocabulary.drawable_ids
        draw = uniform(examples.keys[row], MASK_TOKEN, column) * len(drawable)
        seen = np.where(
            kind < MASK_SHARE, self._vocabulary.mask_id, drawable[draw.astype(np.int64)]
        )
        changed = kind < MASK_SHARE + RANDOM_SHARE
        input_ids = examples.input_ids.copy()
        input_ids[row[changed], column[changed]] = seen[changed]
        counts = np.bincount(row, minlength=len(examples))
        return Masks(input_ids, np.where(positions < length, positions, 0), labels, counts, wanted)


def _chosen_tokens(
    order: NDArray[np.uint64],
    candidates: NDArray[np.bool_],
    continuing: NDArray[np.bool_],
    quota: NDArray[np.int64],
    limit: int,
) -> NDArray[np.int64]:
    """int64[n, limit]: ``quota`` random candidates of each row, ascending; L for none."""
    length = order.shape[1]
    packed = np.where(candidates, _with_column(order), _NEVER)
    first = np.sort(np.partition(packed, limit - 1, axis=1)[:, :limit], axis=1)
    taken = (first != _NEVER) & (np.arange(limit) < quota[:, None])
    columns = np.where(taken, (first & _COLUMN_BITS).astype(np.int64), length)
    return np.sort(columns, axis=1)


def _chosen_words(
    order: NDArray[np.uint64],
    candidates: NDArray[np.bool_],
    continuing: NDArray[np.bool_],
    quota: NDArray[np.int64],
    limit: int,
) -> NDArray[np.int64]:
    """As ``_chosen_tokens``, but all pieces of a word or none.

    A word is a token and the continuing ones behind it; it never reaches over a special token.  One
    with more pieces than are left of the quota is passed by.
    """
    n, length = order.shape
    columns = np.arange(length)
    joined = candidates.copy()
    joined[:, 0] = False
    joined[:, 1:] &= continuing[:, 1:] & candidates[:, :-1]
    word = np.maximum.accumulate(np.where(joined, 0, columns), axis=1)
    shuffled = np.sort(
        np.where(candidates, _with_column(np.take_along_axis(order, word, axis=1)), _NEVER), axis=1
    )
    present = shuffled != _NEVER
    column = np.where(present, (shuffled & _COLUMN_BITS).astype(np.int64), 0)
    opens = present & ~np.take_along_axis(joined, column, axis=1)
    sizes = _run_lengths(opens, present)
    taking, filled = np.zeros(n, bool), np.zeros(n, np.int64)
    taken = np.zeros((n, length), bool)
    for rank in range(length):
        opening = opens[:, rank]
        taking = np.where(opening, filled + sizes[:, rank] <= quota, taking) & present[:, rank]
        filled += np.where(opening & taking, sizes[:, rank], 0)
        taken[:, rank] = taking
    chosen = np.sort(np.where(taken, column, length), axis=1)
    return chosen[:, :limit]


def _run_lengths(opens: NDArray[np.bool_], present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """int64[n, L]: at each True of ``opens``, how many present columns its run has."""
    n, length = opens.shape
    sizes = np.zeros((n, length), np.int64)
    row, column = np.nonzero(opens)
    next_column = np.append(column[1:], 0)
    last_of_row = np.append(row[1:] != row[:-1], True)
    end = np.where(last_of_row, present.sum(axis=1)[row], next_column)
    sizes[row, column] = end - column
    return sizes


def _with_column(order: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Random order with the column in its low bits: sorting it sorts the columns along."""
    columns = np.arange(order.shape[1], dtype=np.uint64)
    packed: NDArray[np.uint64] = (order & ~_COLUMN_BITS) | columns
    return packed
