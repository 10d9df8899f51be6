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

from bertprep.examples.assemble import Examples
from bertprep.examples.mask import Masker, Masks
from bertprep.examples.mask_positions import Block, choose
from bertprep.options import MaskingOptions, MaskingUnit
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary
from tests.reference import (
    assert_distributed,
    assert_same_distribution,
    create_masked_lm_predictions,
)

WORDS = [f"w{i}" for i in range(40)]
PIECES = [f"##p{i}" for i in range(35)]
RESERVED = ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused1]"]
TOKENS = (*RESERVED, "##", *WORDS, *PIECES)  # a lone ## is a word
VOCABULARY = Vocabulary(TOKENS, lowercase=True)
IDS = VOCABULARY.ids
NEVER_DRAWN = set(range(len(RESERVED)))


def examples_of(rows: list[str], length: int, seed: int = 0) -> Examples:
    """A block of rows written as tokens; where B begins is nothing to masking."""
    tokens = [row.split() for row in rows]
    matrix = np.zeros((len(rows), length), np.int32)
    for i, row in enumerate(tokens):
        matrix[i, : len(row)] = [IDS[token] for token in row]
    lengths = np.array([len(row) for row in tokens])
    keys = np.random.default_rng(seed).integers(0, 2**64, len(rows), dtype=np.uint64)
    labels = np.zeros(len(rows), np.int8)
    return Examples(keys, matrix, lengths, lengths, labels, VOCABULARY.continuing[matrix])


def masker_of(prob: float, limit: int | None, masking: MaskingUnit = "token") -> Masker:
    return Masker(VOCABULARY, MaskingOptions(masking, prob, limit))


def same_row(row: str, times: int, seed: int = 0) -> Examples:
    return examples_of([row] * times, len(row.split()), seed)


def row_of(words: int, pieces_every: int = 0) -> str:
    """[CLS] and [SEP]s around ``words`` different tokens, every n-th one continuing a word."""
    tokens = [WORDS[i % len(WORDS)] for i in range(words)]
    if pieces_every:
        tokens[pieces_every - 1 :: pieces_every] = PIECES[: words // pieces_every]
    middle = words // 2
    return " ".join(["[CLS]", *tokens[:middle], "[SEP]", *tokens[middle:], "[SEP]"])


def positions_of(masks: Masks, row: int) -> list[int]:
    return [int(p) for p in masks.positions[row, : masks.counts[row]]]


any_row = st.lists(
    st.sampled_from([*WORDS[:4], *PIECES[:3], "[UNK]", "[SEP]", "##"]), min_size=1, max_size=40
).map(lambda tokens: " ".join(["[CLS]", *tokens, "[SEP]"]))


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


# What is shown


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


def test_what_is_shown_does_not_depend_on_where_the_token_came_in_the_draw() -> None:
    """The position says nothing of what is shown there, nor does the random token drawn."""
    masks = masker_of(0.15, 20)(same_row(row_of(37), 20000))
    hidden = masks.input_ids == VOCABULARY.mask_id
    columns = [c for c in range(40) if c not in (0, 19, 39)]
    assert_distributed(hidden[:, columns].sum(axis=0).tolist(), [1] * 37)


# Whole words


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
