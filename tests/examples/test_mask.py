"""Masks: what is predicted and what is shown there, against the published algorithm."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masker
from bertprep.options import MaskingOptions, MaskingUnit
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS
from tests.examples.mask_rows import (
    IDS,
    RESERVED,
    TOKENS,
    VOCABULARY,
    any_row,
    examples_of,
    masker_of,
    positions_of,
    row_of,
    same_row,
)
from tests.reference import (
    assert_distributed,
    assert_same_distribution,
    create_masked_lm_predictions,
)

NEVER_DRAWN = set(range(len(RESERVED)))


# How many, and where


@given(
    st.lists(any_row, min_size=1, max_size=5),
    st.sampled_from([0.01, 0.15, 0.5, 0.99]),
    st.integers(1, 40),
    st.sampled_from(["token", "whole-word", "span"]),
)
@example(["[CLS] [UNK] [SEP]"], 0.15, 1, "token")  # nothing may be predicted
@example(["[CLS] w0 [SEP]"], 0.99, 40, "whole-word")
def test_what_must_be_true_of_every_row(
    rows: list[str], prob: float, limit: int, masking: MaskingUnit
) -> None:
    examples = examples_of(rows, 42)
    masks = masker_of(prob, limit, masking)(examples)
    before = examples.input_ids
    for row in range(len(rows)):
        tokens = rows[row].split()
        candidates = [i for i, token in enumerate(tokens) if token not in SPECIAL_TOKENS]
        wanted = max(1, round(len(tokens) * prob))
        positions = positions_of(masks, row)
        assert masks.wanted[row] == wanted
        if masking != "whole-word":
            assert len(positions) == min(limit, wanted, len(candidates))
        assert len(positions) <= min(limit, wanted)
        assert all(a < b for a, b in pairwise(positions)) and set(positions) <= set(candidates)
        assert masks.labels[row, : len(positions)].tolist() == before[row, positions].tolist()
        assert not masks.positions[row, len(positions) :].any()
        assert not masks.labels[row, len(positions) :].any()
        elsewhere = np.delete(np.arange(42), positions)
        assert np.array_equal(masks.input_ids[row, elsewhere], before[row, elsewhere])
        assert not set(masks.input_ids[row, positions].tolist()) & (NEVER_DRAWN - {IDS["[MASK]"]})


def test_shapes_and_types() -> None:
    masks = masker_of(0.15, 7)(examples_of([row_of(9), row_of(20)], 32))
    assert (masks.input_ids.dtype, masks.input_ids.shape) == (np.int32, (2, 32))
    assert (masks.positions.dtype, masks.positions.shape) == (np.int64, (2, 7))
    assert (masks.labels.dtype, masks.labels.shape) == (np.int32, (2, 7))
    assert masks.counts.tolist() == masks.wanted.tolist() == [2, 3]


def test_the_examples_are_not_changed() -> None:
    examples = same_row(row_of(30), 50)
    before = examples.input_ids.copy()
    masker_of(0.5, 20)(examples)
    assert np.array_equal(examples.input_ids, before)


# What is shown


@pytest.mark.slow
@pytest.mark.parametrize("masking", ["token", "whole-word"])
def test_eighty_ten_ten(masking: MaskingUnit) -> None:
    masks = masker_of(0.15, 20, masking)(same_row(row_of(97, pieces_every=3), 6000))
    row, slot = np.nonzero(np.arange(20) < masks.counts[:, None])
    seen, label = masks.input_ids[row, masks.positions[row, slot]], masks.labels[row, slot]
    masked, kept = (seen == VOCABULARY.mask_id), (seen == label)
    drawable = len(TOKENS) - len(NEVER_DRAWN)
    shown = [masked.sum(), kept.sum(), (~masked & ~kept).sum()]
    # A random token is the one that stood there once in so many times.
    assert_distributed(shown, [0.8, 0.1 + 0.1 / drawable, 0.1 - 0.1 / drawable])


def test_random_replacements_are_uniform_and_never_special_or_unused() -> None:
    masks = masker_of(0.5, 60)(same_row("[CLS] " + "w7 " * 60 + "[SEP]", 6000))
    seen = np.bincount(masks.input_ids[:, 1:-1].ravel(), minlength=len(TOKENS))
    assert not seen[sorted(NEVER_DRAWN - {IDS["[MASK]"]})].any()
    drawn = [int(seen[i]) for i in range(len(TOKENS)) if i not in {*NEVER_DRAWN, IDS["w7"]}]
    assert len(drawn) == 75  # every word and piece but w7, and the lone ##
    assert_distributed(drawn, [1] * 75)


def test_what_is_shown_is_drawn_for_each_token_by_itself() -> None:
    """Of two predictions in a row, what the first one shows says nothing of the second."""
    masks = masker_of(0.5, 2)(same_row("[CLS] w1 w2 [SEP]", 30000))
    assert (masks.counts == 2).all()
    shown = masks.input_ids[:, 1:3]
    kinds = np.where(shown == VOCABULARY.mask_id, 0, np.where(shown == masks.labels, 1, 2))
    table = Counter(map(tuple, kinds.tolist()))
    n = len(TOKENS) - len(NEVER_DRAWN)
    share = [0.8, 0.1 + 0.1 / n, 0.1 - 0.1 / n]
    cells = [(a, b) for a in range(3) for b in range(3)]
    assert_distributed([table[cell] for cell in cells], [share[a] * share[b] for a, b in cells])


@pytest.mark.slow
def test_what_is_shown_does_not_depend_on_where_the_token_came_in_the_draw() -> None:
    """The position says nothing of what is shown there, nor does the random token drawn."""
    masks = masker_of(0.15, 20)(same_row(row_of(37), 20000))
    hidden = masks.input_ids == VOCABULARY.mask_id
    columns = [c for c in range(40) if c not in (0, 19, 39)]
    assert_distributed(hidden[:, columns].sum(axis=0).tolist(), [1] * 37)


# Whole words


@pytest.mark.slow
def test_tokens_are_masked_as_the_reference_masks() -> None:
    row = row_of(27, pieces_every=4)
    masks = masker_of(0.15, 20)(same_row(row, 8000))
    rng = Random(8)
    drawable = [token for token in TOKENS if IDS[token] not in NEVER_DRAWN]
    theirs = [
        create_masked_lm_predictions(row.split(), 0.15, 20, drawable, rng) for _ in range(8000)
    ]
    ours = [[TOKENS[i] for i in tokens] for tokens in masks.input_ids.tolist()]
    assert_same_distribution(
        (token for tokens in ours for token in tokens),
        (token for masked in theirs for token in masked.tokens),
    )
    assert_same_distribution(
        (p for i in range(8000) for p in positions_of(masks, i)),
        (p for masked in theirs for p in masked.positions),
    )


# Spans


def test_what_is_shown_is_drawn_for_a_span_as_a_whole() -> None:
    """A word of four pieces alone in its row is a span: all of it is hidden, or nothing."""
    block = same_row("[CLS] w7 ##p1 ##p2 ##p3 [SEP]", 8000)
    masks = masker_of(0.6, None, "span")(block)
    assert (masks.counts == 4).all()
    hidden = np.count_nonzero(masks.input_ids == VOCABULARY.mask_id, axis=1)
    assert set(hidden.tolist()) == {0, 4}
    assert_distributed([np.count_nonzero(hidden), np.count_nonzero(hidden == 0)], [0.8, 0.2])
    tokens = masker_of(0.6, None)(block)
    assert len(set(np.count_nonzero(tokens.input_ids == VOCABULARY.mask_id, axis=1))) > 2


# Other shares


@pytest.mark.parametrize(("mask", "random"), [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0), (0.5, 0.3)])
def test_any_split(mask: float, random: float) -> None:
    options = MaskingOptions("token", 0.4, None, mask, random)
    masks = Masker(VOCABULARY, options)(same_row(row_of(97), 3000))
    assert (masks.counts == 40).all()
    seen = np.take_along_axis(masks.input_ids, masks.positions, axis=1)
    kept = 1 - mask - random
    drawable = len(TOKENS) - len(NEVER_DRAWN)
    shares = [mask, kept + random / drawable, random - random / drawable]
    is_masked, is_kept = seen == VOCABULARY.mask_id, seen == masks.labels
    shown = [is_masked.sum(), is_kept.sum(), (~is_masked & ~is_kept).sum()]
    possible = [i for i in range(3) if shares[i] > 1e-12]
    assert sum(shown[i] for i in possible) == seen.size
    if len(possible) > 1:
        assert_distributed([shown[i] for i in possible], [shares[i] for i in possible])


# What a row's mask depends on


@pytest.mark.parametrize("masking", ["token", "whole-word", "span"])
def test_a_mask_hangs_on_the_row_alone(masking: MaskingUnit) -> None:
    """The same rows in another order, in smaller blocks or in wider ones have the same masks."""
    rng = Random(1)
    rows = [row_of(rng.randrange(3, 60), pieces_every=rng.randrange(2, 6)) for _ in range(60)]
    narrow, wide = examples_of(rows, 64), examples_of(rows, 100)
    masker = masker_of(0.15, 20, masking)
    whole = masker(narrow)
    for order in (np.arange(60)[::-1], np.arange(60)[7:13], np.array([31])):
        columns = ("keys", "input_ids", "lengths", "second_starts", "labels", "joined")
        block = Examples(*(getattr(narrow, name)[order] for name in columns))
        for part, all_rows in zip(masker(block), whole, strict=True):
            assert np.array_equal(part, all_rows[order])
    wider = masker(wide)
    assert np.array_equal(wider.input_ids[:, :64], whole.input_ids)
    assert np.array_equal(wider.positions, whole.positions)


@pytest.mark.parametrize("masking", ["token", "whole-word", "span"])
def test_other_keys_give_other_masks(masking: MaskingUnit) -> None:
    """37 choose 18 is 17 billion: no two of 50 rows, nor rows whose keys are neighbours."""
    row, masker = row_of(37), masker_of(0.45, 20, masking)
    for keys in (np.arange(50, dtype=np.uint64), same_row(row, 50).keys):
        masks = masker(replace(same_row(row, 50), keys=keys))
        assert len({tuple(positions) for positions in masks.positions.tolist()}) == 50
