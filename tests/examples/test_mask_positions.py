"""Which positions are predicted: tokens, whole words, spans, as in the papers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bertprep.examples.mask_positions import Block, choose
from bertprep.options import MaskingUnit
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS
from tests.examples.mask_rows import (
    IDS,
    PIECES,
    WORDS,
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


@pytest.mark.parametrize(
    ("tokens", "prob", "limit", "expected"),
    [
        (128, 0.15, 20, 19),  # 19.2
        (128, 0.15, 10, 10),
        (512, 0.15, 76, 76),  # 76.8, Google's own pair of figures: one less
        (512, 0.15, 80, 77),
        (10, 0.15, 20, 2),  # 1.5: Python rounds halves to even
        (30, 0.15, 20, 4),  # 4.5
        (3, 0.15, 20, 1),  # 0.45, but at least one
        (5, 0.99, 20, 2),  # 4.95, but there are two tokens besides [CLS] and [SEP]s
    ],
)
def test_number_of_predictions_worked_by_hand(
    tokens: int, prob: float, limit: int, expected: int
) -> None:
    row = row_of(tokens - 3) if tokens > 3 else "[CLS] w0 [SEP]"
    masks = masker_of(prob, limit)(examples_of([row], 512))
    assert masks.counts.tolist() == [expected]
    assert masks.wanted.tolist() == [max(1, round(tokens * prob))]


@pytest.mark.slow
@pytest.mark.parametrize("masking", ["token", "whole-word"])
def test_each_position_is_as_likely(masking: MaskingUnit) -> None:
    masks = masker_of(0.15, 20, masking)(same_row(row_of(37), 20000))
    assert (masks.counts == 6).all()
    hits = np.bincount(masks.positions[:, :6].ravel(), minlength=40)
    candidates = np.delete(np.arange(40), [0, 19, 39])
    assert hits.sum() == hits[candidates].sum()
    # Six of 37 without replacement: a little less spread than the chi-square allows for.
    assert_distributed(hits[candidates].tolist(), [1] * 37)
    together = Counter((17 in row, 18 in row) for row in masks.positions[:, :6].tolist())
    chance = {(True, True): 6 * 5, (True, False): 6 * 31, (False, True): 31 * 6}
    chance[False, False] = 37 * 36 - sum(chance.values())
    assert_distributed([together[kind] for kind in chance], list(chance.values()))


def words_of(row: list[str]) -> list[list[int]]:
    """Words as positions, read from left to right; special tokens end one and are in none."""
    words: list[list[int]] = []
    for i, token in enumerate(row):
        if token in SPECIAL_TOKENS:
            continue
        piece = token.startswith("##") and token != "##" and row[i - 1] not in SPECIAL_TOKENS
        if piece:
            words[-1].append(i)
        else:
            words.append([i])
    return words


@given(any_row, st.sampled_from([0.15, 0.5, 0.9]), st.integers(1, 20), st.integers(0, 3))
@example("[CLS] w0 [SEP] ##p0 ##p1 [SEP]", 0.5, 2, 0)  # B begins amid a word
def test_all_pieces_of_a_word_or_none(row: str, prob: float, limit: int, seed: int) -> None:
    masks = masker_of(prob, limit, "whole-word")(same_row(row, 20, seed))
    words = words_of(row.split())
    quota = min(limit, max(1, round(len(row.split()) * prob)))
    for i in range(20):
        positions = set(positions_of(masks, i))
        taken = [word for word in words if positions & set(word)]
        assert positions == {position for word in taken for position in word}
        left = quota - len(positions)
        assert all(len(word) > left for word in words if word not in taken)  # no more would fit


def test_a_word_never_reaches_across_sep() -> None:
    """Google's script glues the leading ## piece of B to the last word of A."""
    masks = masker_of(0.3, 2, "whole-word")(same_row("[CLS] w0 [SEP] ##p0 ##p1 [SEP]", 400))
    found = Counter(tuple(positions_of(masks, i)) for i in range(400))
    assert set(found) == {(1,), (3, 4)}  # two may be predicted: never 1, 3 and 4 together


def test_unk_is_a_word_end_too() -> None:
    masks = masker_of(0.2, 1, "whole-word")(same_row("[CLS] [UNK] ##p0 w0 ##p1 [SEP]", 50))
    assert {tuple(positions_of(masks, i)) for i in range(50)} == {(2,)}


def test_a_word_segmenters_words_are_whole_too() -> None:
    """Tokens 1-2 and 4-5 are words of two characters, though none of them has a ##."""
    block = same_row("[CLS] w0 w1 w2 w3 w4 [SEP] w5 [SEP]", 600)
    joined = np.zeros(block.input_ids.shape, bool)
    joined[:, [2, 5]] = True
    joined[:, 7] = True  # the first token of a B that was cut amid a word
    masks = masker_of(0.22, 2, "whole-word")(replace(block, joined=joined))
    found = {tuple(positions_of(masks, i)) for i in range(600)}
    assert found == {(1, 2), (4, 5), (3, 7)}
    token_masks = masker_of(0.22, 2)(replace(block, joined=joined))
    assert np.array_equal(token_masks.positions, masker_of(0.22, 2)(block).positions)


def test_a_row_where_no_word_fits_predicts_nothing() -> None:
    rows = ["[CLS] w0 ##p0 ##p1 w1 ##p2 [SEP]", "[CLS] w0 ##p0 w1 ##p2 w2 [SEP]"]
    masks = masker_of(0.15, 20, "whole-word")(examples_of(rows, 8))
    assert masks.wanted.tolist() == [1, 1]
    assert masks.counts.tolist() == [0, 1]
    assert positions_of(masks, 1) == [5]
    assert np.array_equal(masks.input_ids[0], examples_of(rows, 8).input_ids[0])


@pytest.mark.slow
@pytest.mark.parametrize("limit", [5, 20])
def test_whole_words_are_chosen_as_the_reference_chooses(limit: int) -> None:
    """Words of 1 to 4 pieces: which are passed by because they do not fit is the same."""
    sizes = [1, 3, 2, 1, 4, 2, 1, 1, 3, 2, 4, 1, 2, 3, 1, 1]
    words = [[WORDS[i], *PIECES[: size - 1]] for i, size in enumerate(sizes)]
    flat = [token for word in words for token in word]
    row = ["[CLS]", *flat[:15], "[SEP]", *flat[15:], "[SEP]"]
    assert not row[17].startswith("##")
    masks = masker_of(0.2, limit, "whole-word")(same_row(" ".join(row), 8000))
    rng = Random(7)
    theirs = [
        create_masked_lm_predictions(row, 0.2, limit, WORDS, rng, whole_word=True)
        for _ in range(8000)
    ]
    ours = [positions_of(masks, i) for i in range(8000)]
    assert_same_distribution(map(len, ours), (len(masked.positions) for masked in theirs))
    starts = {word[0] for word in words_of(row)}
    assert_same_distribution(
        (p for positions in ours for p in positions if p in starts),
        (p for masked in theirs for p in masked.positions if p in starts),
    )


def span_masks(row: list[str], prob: float, limit: int, rng: Random) -> dict[int, int]:
    """SpanBERT's choice for one row, token by token: position -> where its span begins."""
    candidates = [i for i, token in enumerate(row) if token not in SPECIAL_TOKENS]
    word_at = {i: word for word in words_of(row) for i in word}
    weights = [0.2 * 0.8**i for i in range(10)]
    quota = min(limit, max(1, round(len(row) * prob)), len(candidates))
    taken: dict[int, int] = {}
    while len(taken) < quota:
        anchor = rng.choice(candidates)
        if anchor in taken:
            continue
        begin = start = word_at[anchor][0]
        for _ in range(rng.choices(range(1, 11), weights)[0]):
            word = word_at.get(start, [])
            for position in word:
                if len(taken) < quota:
                    taken.setdefault(position, begin)
            start += len(word)
    return taken


@pytest.mark.slow
@pytest.mark.parametrize(("prob", "limit"), [(0.15, 40), (0.5, 40), (0.5, 4)])
def test_spans_are_chosen_as_the_reference_chooses(prob: float, limit: int) -> None:
    sizes = [1, 3, 2, 1, 4, 2, 1, 1, 3, 2, 4, 1, 2, 3, 1, 1]
    flat = [t for i, size in enumerate(sizes) for t in (WORDS[i], *PIECES[: size - 1])]
    row = ["[CLS]", *flat[:12], "[SEP]", *flat[12:], "[SEP]"]
    assert row[12:15] == ["w5", "[SEP]", "##p0"]  # cut amid a word
    masks = masker_of(prob, limit, "span")(same_row(" ".join(row), 8000))
    rng = Random(9)
    theirs = [sorted(span_masks(row, prob, limit, rng)) for _ in range(8000)]
    ours = [positions_of(masks, i) for i in range(8000)]
    assert {len(positions) for positions in ours} == {len(theirs[0])}
    assert_same_distribution((p for found in ours for p in found), (p for t in theirs for p in t))
    runs = [[1 + len(row) * (b - a == 1) + a for a, b in pairwise(found)] for found in ours]
    expected = [[1 + len(row) * (b - a == 1) + a for a, b in pairwise(found)] for found in theirs]
    assert_same_distribution((r for run in runs for r in run), (r for run in expected for r in run))


@pytest.mark.slow
def test_the_length_of_a_span_is_geometric() -> None:
    """Where the first span fills a quota of k words, it was drawn with k or more of them."""
    block = same_row("[CLS] " + " ".join(["w1"] * 400) + " [SEP]", 8000)
    for quota in (2, 5, 10):
        quotas = np.full(len(block), quota)
        text = block.input_ids == IDS["w1"]
        chosen = choose(Block(block.keys, text, block.joined, quotas, quota), "span")
        alone = np.count_nonzero((chosen.origins == chosen.origins[:, :1]).all(axis=1))
        lengths = [0.2 * 0.8**i for i in range(10)]
        share = sum(lengths[quota - 1 :]) / sum(lengths)
        share *= 1 - (quota - 1) / 400  # the row's end cuts a span short
        assert_distributed([alone, len(block) - alone], [share, 1 - share])
