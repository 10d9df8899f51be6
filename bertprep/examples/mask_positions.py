"""Which positions of a row are predicted: single tokens, whole words, or spans of words.

Every chooser takes a block of n rows of L columns and gives at most P columns of each row: as many
as its quota says, if there are so many.  Chance comes from the rows' keys alone, column by column:
a choice depends on neither the block nor its width.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import MASK_ORDER, SPAN_LENGTH, Keys, random_bits, uniform
from bertprep.common.ragged import gather_index, positions_within
from bertprep.settings.choices import MaskingUnit

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

# Joshi et al., "SpanBERT" (2020), section 3.1: words in a span are Geo(0.2), at most 10.
SPAN_SUCCESS, MAX_SPAN_WORDS = 0.2, 10

_COLUMN_BITS = np.uint64(0xFFFF)
_NEVER = np.uint64(2**64 - 1)


class Chosen(NamedTuple):
    """The columns to predict.

    Attributes:
        columns: int64[n, P], in ascending order, L behind the last.
        origins: int64[n, P], the columns that what is shown there is drawn by: those of one span
            have one origin, and so one kind; elsewhere each column is its own.
    """

    columns: Ints
    origins: Ints


class Block(NamedTuple):
    """The rows that a choice is made from.

    Attributes:
        keys: uint64[n].
        candidates: bool[n, L], what may be predicted.
        joined: bool[n, L], the candidates that go on with the word of the one before.
        quota: int64[n], how many to predict.
        limit: P, no less than any quota.
    """

    keys: Keys
    candidates: Bools
    joined: Bools
    quota: Ints
    limit: int


def num_to_predict(lengths: Any, masked_lm_prob: float) -> Ints:
    """How many tokens of rows are to be predicted, whatever limit there is: at least one.

    Args:
        lengths: of the rows, [CLS] and [SEP]s included, as an array or one number.
        masked_lm_prob: the share of them.

    Returns:
        int64 of the shape of ``lengths``.

    >>> num_to_predict(np.array([3, 10, 30, 128]), 0.15).tolist()
    [1, 2, 4, 19]
    """
    wanted: Ints = np.maximum(1, np.rint(lengths * masked_lm_prob)).astype(np.int64)
    return wanted


def choose(block: Block, unit: MaskingUnit) -> Chosen:
    """The positions to predict in each row of a block."""
    return _CHOOSERS[unit](block)


def _chosen_tokens(block: Block) -> Chosen:
    """``quota`` random candidates of each row."""
    length = block.candidates.shape[1]
    limit = min(block.limit, length)
    packed = _random_order(block)
    np.copyto(packed, _NEVER, where=~block.candidates)
    packed.sort(axis=1)  # numpy sorts all as fast as it finds the first ones
    first = packed[:, :limit]
    taken = (first != _NEVER) & (np.arange(limit) < block.quota[:, None])
    columns = np.where(taken, (first & _COLUMN_BITS).astype(np.int64), length)
    return _each_for_itself(np.sort(columns, axis=1), block)


def _chosen_words(block: Block) -> Chosen:
    """All pieces of a word or none, words in random order.

    A word with more pieces than are left of the quota is passed by.
    """
    length = block.candidates.shape[1]
    word_starts = np.maximum.accumulate(np.where(block.joined, 0, np.arange(length)), axis=1)
    order = np.take_along_axis(_random_order(block) & ~_COLUMN_BITS, word_starts, axis=1)
    shuffled = np.sort(np.where(block.candidates, _with_column(order), _NEVER), axis=1)
    present = shuffled != _NEVER
    column = np.where(present, (shuffled & _COLUMN_BITS).astype(np.int64), 0)
    opens = present & ~np.take_along_axis(block.joined, column, axis=1)
    word = np.cumsum(opens, axis=1) - 1
    taken_words = _taken_words(_word_sizes(opens, present, word), block.quota)
    taken = present & np.take_along_axis(taken_words, np.maximum(word, 0), axis=1)
    chosen = np.sort(np.where(taken, column, length), axis=1)
    return _each_for_itself(chosen[:, : block.limit], block)


def _word_sizes(opens: Bools, present: Bools, word: Ints) -> Ints:
    """int64[n, words]: how many columns each word of each row has, in its order; 0 for none."""
    n, words = len(opens), max(1, int(opens.sum(axis=1).max(initial=1)))
    flat = (np.arange(n)[:, None] * words + word)[present]
    return np.bincount(flat, minlength=n * words).reshape(n, words)


def _taken_words(sizes: Ints, quota: Ints) -> Bools:
    """bool[n, words]: the words that fit in what those before them leave of the quota."""
    taken = np.zeros(sizes.shape, bool)
    left = quota.copy()
    for number in range(sizes.shape[1]):
        size = sizes[:, number]
        taken[:, number] = (size > 0) & (size <= left)
        left -= np.where(taken[:, number], size, 0)
        if not left.any():
            break
    return taken


def _chosen_spans(block: Block) -> Chosen:
    """Runs of whole words around random tokens, until the quota is reached.

    As in SpanBERT's code: a span begins with the word of a random token that is not taken yet, has
    a random number of words, may run into what is taken already, and is cut, even within a word,
    where the quota is reached.  It never reaches over a special token.
    """
    n, length = block.candidates.shape
    row = np.arange(n)
    packed = np.where(block.candidates, _random_order(block), _NEVER)
    limit = min(block.limit, length)
    order = np.sort(np.partition(packed, limit - 1, axis=1)[:, :limit], axis=1)
    words = _Words(block)
    taken, left = np.zeros((n, length), bool), block.quota.copy()
    origins = np.zeros((n, length), np.int64)
    # A token that is looked at is taken, or was: none is looked at beyond the quota.
    for rank in range(limit):
        anchor = (order[:, rank] & _COLUMN_BITS).astype(np.int64)
        anchor[order[:, rank] == _NEVER] = 0  # [CLS], which is never free
        free = (order[:, rank] != _NEVER) & ~taken[row, anchor] & (left > 0)
        rows, anchor = row[free], anchor[free]
        if len(rows):
            first, end = words.span(rows, anchor, _span_lengths(block.keys[rows], anchor))
            _take(taken, origins, left, rows, first, end)
    slots = np.sort(np.where(taken, np.arange(length), length), axis=1)[:, : block.limit]
    columns = _padded(slots, block.limit, length)
    inside = np.minimum(columns, length - 1)
    return Chosen(columns, np.take_along_axis(origins, inside, axis=1))


def _span_lengths(keys: Keys, anchors: Ints) -> Ints:
    """int64[n]: how many words the span has that is drawn around each row's anchor."""
    weights = SPAN_SUCCESS * (1 - SPAN_SUCCESS) ** np.arange(MAX_SPAN_WORDS)
    edges = np.cumsum(weights / weights.sum())[:-1]
    return np.searchsorted(edges, uniform(keys, SPAN_LENGTH, anchors), side="right") + 1


class _Words:
    """The words of a block, numbered through all its rows."""

    def __init__(self, block: Block) -> None:
        n, length = block.candidates.shape
        begins = block.candidates & ~block.joined
        row, self._firsts = np.nonzero(begins)
        self._numbers = np.cumsum(begins.ravel()).reshape(n, length) - 1
        # A word ends where the next one begins or the stretch of candidates does.
        edges = np.flatnonzero(np.append(~block.candidates | begins, True))
        next_edges = edges[1:][begins.ravel()[edges[:-1]]]
        self._ends = np.minimum(next_edges - row * length, length)
        # The last word of each stretch: no span reaches further.
        is_last = np.ones(len(row), bool)
        is_last[:-1] = (row[1:] != row[:-1]) | (self._firsts[1:] != self._ends[:-1])
        last = np.flatnonzero(is_last)
        self._stretch_lasts = np.repeat(last, np.diff(last, prepend=-1))

    def span(self, rows: Ints, anchors: Ints, sizes: Ints) -> tuple[Ints, Ints]:
        """The columns of some words in a row, or of as many as there are.

        Args:
            rows: int64[m], the row of each stretch.
            anchors: int64[m], a column of the first word of each.
            sizes: int64[m], how many words it should have.

        Returns:
            The first column of each stretch, and the column after its last, int64[m] each.
        """
        word = self._numbers[rows, anchors]
        final = np.minimum(word + sizes - 1, self._stretch_lasts[word])
        return self._firsts[word], self._ends[final]


def _take(taken: Bools, origins: Ints, left: Ints, rows: Ints, first: Ints, end: Ints) -> None:
    """Takes the columns ``[first, end)`` of the rows that are free, up to what is left."""
    sizes = end - first
    columns, owners = gather_index(first, sizes), np.repeat(np.arange(len(rows)), sizes)
    is_new = ~taken[rows[owners], columns]
    columns, owners = columns[is_new], owners[is_new]
    counts = np.bincount(owners, minlength=len(rows))
    fits = positions_within(counts) < left[rows[owners]]
    columns, owners = columns[fits], owners[fits]
    taken[rows[owners], columns] = True
    origins[rows[owners], columns] = first[owners]
    left[rows] -= np.bincount(owners, minlength=len(rows))


def _each_for_itself(columns: Ints, block: Block) -> Chosen:
    columns = _padded(columns, block.limit, block.candidates.shape[1])
    return Chosen(columns, columns)


def _padded(columns: Ints, limit: int, length: int) -> Ints:
    """[n, limit] with ``length`` in the columns that are missing."""
    missing = limit - columns.shape[1]
    return np.pad(columns, ((0, 0), (0, missing)), constant_values=length) if missing else columns


def _random_order(block: Block) -> Keys:
    """uint64[n, L]: random, the column in the low bits, so that sorting sorts the columns along."""
    columns = np.arange(block.candidates.shape[1])
    return _with_column(random_bits(block.keys[:, None], MASK_ORDER, columns))


def _with_column(order: Keys) -> Keys:
    """The order, of which nobody else has need, with the column in its low bits."""
    order &= ~_COLUMN_BITS
    order |= np.arange(order.shape[1], dtype=np.uint64)
    return order


_CHOOSERS: dict[MaskingUnit, Callable[[Block], Chosen]] = {
    "token": _chosen_tokens,
    "whole-word": _chosen_words,
    "span": _chosen_spans,
}
