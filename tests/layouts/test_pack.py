"""Examples to packed rows and back: each in one place, kept apart from the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.examples.assemble import assemble, example_schema
from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masker
from bertprep.layouts.columns import Columns
from bertprep.layouts.pack import (
    Places,
    example_keys,
    like_lengths,
    mask_packed,
    pack,
    places_of,
    repack,
    unpack,
)
from bertprep.options import MaskingOptions, MaskingUnit, Task
from bertprep.vocabulary.vocabulary import Vocabulary
from tests.laid_out import lay_out

# [PAD] is not 0 here, so that padding by accident shows.
VOCABULARY = Vocabulary(
    ("[UNK]", "[CLS]", "[SEP]", "[MASK]", "[PAD]", *(f"w{i}" for i in range(60)), "##s"), True
)
UNK, CLS, SEP, MASK, PAD = range(5)
LENGTH = 24


def examples_of(sizes: list[tuple[int, int]]) -> Examples:
    """Examples with so many tokens in A and B; their keys ascend."""
    rng = np.random.default_rng(len(sizes))
    rows = pa.record_batch(
        [
            pa.array(np.sort(rng.integers(0, 2**63, len(sizes), dtype=np.uint64))),
            pa.array(rng.integers(0, 2, len(sizes)).astype(np.int8)),
            pa.array([a for a, _ in sizes], pa.int32()),
            [rng.integers(5, 66, a + b).tolist() for a, b in sizes],
        ],
        schema=example_schema(len(VOCABULARY)),
    )
    return assemble(rows, VOCABULARY, LENGTH)


def packed(examples: Examples, task: Task = "nsp") -> tuple[Columns, Columns, Places]:
    """Unmasked examples as columns of their own, and packed."""
    columns = lay_out(examples, None, "huggingface", task)
    places = pack(examples.lengths, examples.keys, LENGTH)
    shape = (int(places.rows.max()) + 1, LENGTH)
    return columns, repack([(columns, places)], shape, PAD), places


def in_order(places: Places) -> np.ndarray:
    """The examples row after row, as ``places_of`` gives them."""
    return np.lexsort((places.numbers, places.rows))


def test_a_block_worked_by_hand() -> None:
    columns = {
        "input_ids": np.array([[CLS, 9, SEP, 8, SEP, PAD], [CLS, 7, SEP, 6, 5, SEP]], np.int32),
        "token_type_ids": np.array([[0, 0, 0, 1, 1, 0], [0, 0, 0, 1, 1, 1]], np.int8),
        "attention_mask": np.array([[1, 1, 1, 1, 1, 0], [1] * 6], np.int8),
        "labels": np.array([[-100, 9, -100, -100, -100, -100], [-100] * 4 + [5, -100]]),
        "next_sentence_label": np.array([1, 0]),
    }
    places = Places(*map(np.array, ([0, 0], [1, 0], [6, 0], [5, 6])))
    rows = repack([(columns, places)], (2, 15), PAD)
    none = [-100] * 15
    assert {name: values.tolist() for name, values in rows.items()} == {
        "input_ids": [[CLS, 7, SEP, 6, 5, SEP, CLS, 9, SEP, 8, SEP] + 4 * [PAD], 15 * [PAD]],
        "token_type_ids": [[0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1] + 4 * [0], 15 * [0]],
        "attention_mask": [11 * [1] + 4 * [0], 15 * [0]],
        "labels": [4 * [-100] + [5, -100, -100, 9] + 7 * [-100], none],
        "position_ids": [[0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 0, 0, 0, 0], 15 * [0]],
        "sequence_ids": [6 * [1] + 5 * [2] + 4 * [0], 15 * [0]],
        # Three pairs of five tokens would fit into a row.
        "next_sentence_label": [[0, 1, -100], 3 * [-100]],
        "cls_positions": [[0, 6, 0], 3 * [0]],
    }
    kinds = {name: values.dtype.name for name, values in rows.items()}
    assert kinds == {name: values.dtype.name for name, values in columns.items()} | {
        name: "int16" for name in ("position_ids", "sequence_ids", "cls_positions")
    }


pairs = st.integers(1, 19).flatmap(lambda a: st.tuples(st.just(a), st.integers(1, 21 - a)))


@given(st.lists(pairs, min_size=1, max_size=40))
def test_nothing_is_lost_on_the_way_there_and_back(sizes: list[tuple[int, int]]) -> None:
    columns, rows, places = packed(examples_of(sizes))
    order = in_order(places)
    found = places_of(rows["sequence_ids"])
    for part, expected in zip(vars(found).values(), vars(places.take(order)).values(), strict=True):
        assert part.tolist() == expected.tolist()
    back = unpack(rows, found, PAD)
    width = back["input_ids"].shape[1]
    assert width == max(a + b + 3 for a, b in sizes)
    assert list(back) == list(columns)
    for name, values in columns.items():
        expected = values[order] if values.ndim == 1 else values[order, :width]
        assert back[name].dtype == values.dtype
        assert np.array_equal(back[name], expected), name
    again = repack([(back, found)], rows["input_ids"].shape, PAD)
    assert all(np.array_equal(again[name], values) for name, values in rows.items())


@given(st.lists(pairs, min_size=1, max_size=40))
def test_positions_and_sequences_are_those_of_the_examples(sizes: list[tuple[int, int]]) -> None:
    _, rows, _ = packed(examples_of(sizes))
    tokens = 0
    for row in range(len(rows["input_ids"])):
        starts = np.flatnonzero(rows["input_ids"][row] == CLS)
        length = int(rows["attention_mask"][row].sum())
        assert rows["attention_mask"][row].tolist() == [1] * length + [0] * (LENGTH - length)
        ends = [*starts[1:].tolist(), length]
        expected = [i for start, end in zip(starts, ends, strict=True) for i in range(end - start)]
        assert rows["position_ids"][row].tolist() == expected + [0] * (LENGTH - length)
        sequence = np.searchsorted(starts, np.arange(length), side="right")
        assert rows["sequence_ids"][row].tolist() == [*sequence, *[0] * (LENGTH - length)]
        used = len(starts)
        assert rows["cls_positions"][row].tolist() == [*starts, *[0] * (LENGTH // 5 - used)]
        labels = rows["next_sentence_label"][row]
        assert (labels[:used] >= 0).all() and (labels[used:] == -100).all()
        tokens += length
    assert tokens == sum(a + b + 3 for a, b in sizes)


def test_without_pairs_there_are_no_labels() -> None:
    _, rows, _ = packed(examples_of([(3, 0), (4, 0)]), "none")
    assert not {"next_sentence_label", "cls_positions"}.intersection(rows)
    assert rows["sequence_ids"][0].tolist() == 6 * [1] + 5 * [2] + 13 * [0]


def test_rows_are_in_random_order() -> None:
    """Of full rows and those of two halves neither comes first."""
    lengths = np.tile([24, 12, 12], 1000)
    keys = np.arange(3000, dtype=np.uint64)
    places = pack(lengths, keys, LENGTH)
    is_full = np.zeros(2000, bool)
    is_full[places.rows[lengths == 24]] = True
    assert is_full.sum() == 1000
    assert 450 < is_full[:1000].sum() < 550
    changes = np.count_nonzero(is_full[1:] != is_full[:-1])
    assert 900 < changes < 1100
    first = places.rows[(lengths == 24)]
    assert abs(np.corrcoef(first, np.arange(1000))[0, 1]) < 0.1


@pytest.mark.parametrize("masking", ["token", "whole-word", "span"])
@pytest.mark.parametrize("task", ["nsp", "sop", "none"])
def test_packed_examples_are_masked_as_they_are_alone(masking: MaskingUnit, task: Task) -> None:
    sizes = [(1 + n % 9, 1 + n % 11) for n in range(200)]
    if task == "none":
        sizes = [(a + b, 0) for a, b in sizes]
    examples = examples_of(sizes)
    _, rows, places = packed(examples, task)
    masker = Masker(VOCABULARY, MaskingOptions(masking, max_predictions_per_seq=5))
    row_keys = np.arange(len(rows["input_ids"]), dtype=np.uint64)
    found = mask_packed(rows, row_keys, masker, PAD)
    examples = replace(examples, keys=example_keys(row_keys, places))
    assert len(set(examples.keys.tolist())) == len(examples)
    alone = lay_out(examples, masker(examples), "huggingface", task)
    expected = repack([(alone, places)], rows["input_ids"].shape, PAD)
    assert set(found) == set(expected)
    for name, values in expected.items():
        assert np.array_equal(found[name], values), name
        assert found[name].dtype == values.dtype


def test_masking_leaves_the_stored_rows_as_they_are() -> None:
    """Also where they are fields of records, in narrower types."""
    _, rows, _ = packed(examples_of([(5, 6), (3, 4), (8, 9)]))
    before = {name: values.copy() for name, values in rows.items()}
    kinds = [(name, np.int16, values.shape[1:]) for name, values in rows.items()]
    records = np.empty(len(rows["input_ids"]), kinds)
    for name, values in rows.items():
        records[name] = values
    keys = np.arange(len(records), dtype=np.uint64)
    masker = Masker(VOCABULARY, MaskingOptions())
    fields = {name: records[name] for name in rows}
    found, again = (mask_packed(columns, keys, masker, PAD) for columns in (rows, fields))
    assert (found["labels"] >= 0).sum() > 3
    for name, values in before.items():
        assert np.array_equal(rows[name], values)
        assert np.array_equal(records[name], values)
    assert all(np.array_equal(found[name], again[name]) for name in found)


@given(st.lists(st.integers(1, 600), max_size=300))
def test_blocks_of_like_lengths_are_small_and_hold_every_example_once(lengths: list[int]) -> None:
    values = np.array(lengths, np.int64)
    blocks = list(like_lengths(values))
    assert sorted(np.concatenate([np.zeros(0, np.int64), *blocks])) == list(range(len(lengths)))
    for block in blocks:
        longest = values[block].max()
        assert longest <= 8 or values[block].min() * 2 > longest
        assert len(block) * longest <= 1 << 17


def test_blocks_of_like_lengths_are_cut() -> None:
    sizes = [len(block) for block in like_lengths(np.full(3000, 100))]
    assert sizes == [1024, 1024, 952]
