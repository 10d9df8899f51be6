"""Rows that are as bertprep writes them pass; of any other, the row and what is wrong are named.

The rows are written out by hand, and a plain reading of the rules, one row and one value at a time,
is held against the columnar checks.
"""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import product
from typing import get_args

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.checks.rules import Rules
from bertprep.checks.verify import check_rows
from bertprep.examples.assemble import example_schema
from bertprep.examples.mask import Masker
from bertprep.options import Layout, Masking, OutputFormat, ShardOptions, Task
from bertprep.shards.findings import Findings
from bertprep.shards.write import write_shard
from tests.checks.good_rows import (
    ANSWERS,
    CLS,
    MASK,
    PAD,
    POSITIONS,
    SEP,
    UNK,
    VOCABULARY,
    Columns,
    L,
    damaged,
    good_rows,
    options,
    problems,
    row_is_right,
    verified,
)
from tests.lanes import in_turn

LAYOUTS: tuple[Layout, ...] = ("huggingface", "google", "modelgarden")
CONTAINERS: tuple[OutputFormat, ...] = ("parquet", "tfrecord")  # mds is a layout of its own
TASKS = get_args(Task)
NAMES = {
    "huggingface": ("input_ids", "attention_mask", "token_type_ids"),
    "google": ("input_ids", "input_mask", "segment_ids"),
    "modelgarden": ("input_word_ids", "input_mask", "input_type_ids"),
}


# As written


@pytest.mark.parametrize(("layout", "container", "task"), list(product(LAYOUTS, CONTAINERS, TASKS)))
def test_rows_written_by_hand_pass(layout: Layout, container: OutputFormat, task: Task) -> None:
    assert problems(good_rows(layout, task), options(layout, container, task)) == []


@pytest.mark.parametrize("masking", get_args(Masking))
@pytest.mark.parametrize(("layout", "container", "task"), list(product(LAYOUTS, CONTAINERS, TASKS)))
def test_shards_of_every_kind_pass(
    layout: Layout, container: OutputFormat, task: Task, masking: Masking
) -> None:
    chosen = options(layout, container, task, masking)
    masker = Masker(VOCABULARY, chosen.masking_options) if chosen.masking_options else None
    stream = io.BytesIO()
    write_shard(stream, [some_rows(500, chosen)], VOCABULARY, masker, chosen)
    findings = verified(stream.getvalue(), chosen)
    assert (findings.rows, findings.problems) == (500, [])


def some_rows(n: int, chosen: ShardOptions) -> pa.RecordBatch:
    """Rows of all lengths, some of one token again and again: [UNK], or what continues a word."""
    rng = np.random.default_rng(5)
    paired = chosen.task != "none"
    lengths = rng.integers(1 + paired, L - 2 - paired + 1, n)
    first = (lengths * rng.uniform(size=n)).astype(int).clip(1, lengths - 1)
    ids = [rng.choice([UNK, *range(5, 95)], size).tolist() for size in lengths]
    ids[7], ids[9] = [UNK] * lengths[7], [95 - 1] * lengths[9]
    columns = [
        pa.array(np.sort(rng.integers(0, 2**63, n, dtype=np.uint64))),
        pa.array((rng.integers(0, 2, n) * paired).astype(np.int8)),
        pa.array((first if paired else lengths).astype(np.int32)),
        ids,
    ]
    return pa.record_batch(columns, schema=example_schema(len(VOCABULARY)))


# One value damaged: (task, column, place in row 3, value, what is said of it)

TEXT = "a token of the text, [MASK] or [UNK]"
SHAPE = "{ids}: expected [CLS] A [SEP] B [SEP], 11 tokens; got the first [SEP]"
ROWS = [
    ("nsp", "ids", 0, 10, "{ids}[0]: expected [CLS], got 10"),
    ("none", "ids", 0, SEP, "{ids}[0]: expected [CLS], got 3 ([SEP])"),
    ("nsp", "ids", 1, 96, "{ids}[1]: expected an id below 96, got 96"),
    ("nsp", "ids", 1, -1, "{ids}[1]: expected an id below 96, got -1"),
    ("nsp", "ids", 1, PAD, "{ids}[1]: expected " + TEXT + ", got 0 ([PAD])"),
    ("sop", "ids", 9, CLS, "{ids}[9]: expected " + TEXT + ", got 2 ([CLS])"),
    ("nsp", "ids", 1, SEP, SHAPE + " at 1"),
    ("nsp", "ids", 5, 10, SHAPE + " at 10"),
    ("nsp", "ids", 9, SEP, "{ids}[9]: expected " + TEXT + ", got 3 ([SEP])"),
    ("none", "ids", 3, SEP, "{ids}[3]: expected " + TEXT + ", got 3 ([SEP])"),
    ("nsp", "ids", 10, 23, "{ids}[10]: expected [SEP], got 23"),
    ("none", "ids", 10, PAD, "{ids}[10]: expected [SEP], got 0 ([PAD])"),
    ("nsp", "ids", 11, 10, "{ids}[11]: expected [PAD], got 10"),
    ("none", "ids", 15, MASK, "{ids}[15]: expected [PAD], got 4 ([MASK])"),
    ("nsp", "ids", 3, MASK, "{ids}[3]: expected any token but [MASK], as it is not predicted; "
     "got 4 ([MASK])"),
    ("nsp", "ids", 4, UNK, "{ids}[4]: expected [MASK] or no special token, as it is predicted; "
     "got 1 ([UNK])"),
    ("nsp", "mask", 0, 0, "{mask}[1]: expected 0, got 1"),
    ("nsp", "mask", 3, 0, "{mask}[4]: expected 0, got 1"),
    ("nsp", "mask", 3, 2, "{mask}[3]: expected 1, got 2"),
    ("nsp", "mask", 3, -1, "{mask}[3]: expected 1, got -1"),
    ("nsp", "mask", 13, 1, "{mask}[13]: expected 0, got 1"),
    ("nsp", "mask", 10, 0, "{ids}[9]: expected [SEP], got 23"),
    ("nsp", "mask", 11, 1, "{ids}[10]: expected " + TEXT + ", got 3 ([SEP])"),
    ("nsp", "types", 0, 1, "{types}[0]: expected 0, got 1"),
    ("nsp", "types", 5, 1, "{types}[5]: expected 0, got 1"),
    ("nsp", "types", 6, 0, "{types}[6]: expected 1, got 0"),
    ("nsp", "types", 8, 2, "{types}[8]: expected 1, got 2"),
    ("nsp", "types", 10, 0, "{types}[10]: expected 1, got 0"),
    ("nsp", "types", 11, 1, "{types}[11]: expected 0, got 1"),
    ("none", "types", 8, 1, "{types}[8]: expected 0, got 1"),
    ("nsp", "label", 0, 2, "{label}: expected 0 or 1, got 2"),
    ("sop", "label", 0, -1, "{label}: expected 0 or 1, got -1"),
]  # fmt: skip
LABEL = "labels[{}]: expected -100 or the id of no special token, got {}"
LABEL_ROWS = [
    (2, SEP, LABEL.format(2, "3 ([SEP])")),
    (2, UNK, LABEL.format(2, "1 ([UNK])")),
    (2, 0, LABEL.format(2, "0 ([PAD])")),
    (3, -1, LABEL.format(3, "-1")),
    (3, 96, LABEL.format(3, "96")),
    (0, 10, "input_ids[0]: expected [MASK] or no special token, as it is predicted; got 2 ([CLS])"),
    (5, 10, "input_ids[5]: expected [MASK] or no special token, as it is predicted; got 3 ([SEP])"),
    (13, 9, "input_ids[13]: expected [MASK] or no special token, as it is predicted; "
     "got 0 ([PAD])"),
    (2, -100, "input_ids[2]: expected any token but [MASK], as it is not predicted; "
     "got 4 ([MASK])"),
    (4, -100, "expected 3 predictions in 11 tokens, got 2"),
    (1, 10, "expected 3 predictions in 11 tokens, got 4"),
]  # fmt: skip
SLOT_ROWS = [
    ("positions", 0, 0, "masked_lm_positions[0]: expected over 0 and below 10, got 0"),
    ("positions", 0, -2, "masked_lm_positions[0]: expected over 0 and below 10, got -2"),
    ("positions", 1, 2, "masked_lm_positions[1]: expected over 2 and below 10, got 2"),
    ("positions", 1, 9, "masked_lm_positions[2]: expected over 9 and below 10, got 8"),
    ("positions", 2, 10, "masked_lm_positions[2]: expected over 4 and below 10, got 10"),
    ("positions", 2, 2**40, f"masked_lm_positions[2]: expected over 4 and below 10, got {2**40}"),
    ("positions", 1, 5, "{ids}[5]: expected [MASK] or no special token, as it is predicted; "
     "got 3 ([SEP])"),
    ("positions", 2, 7, "{ids}[8]: expected any token but [MASK], as it is not predicted; "
     "got 4 ([MASK])"),
    ("positions", 3, 9, "masked_lm_positions[3]: expected 0, got 9"),
    ("ids", 1, MASK, "masked_lm_ids[1]: expected the id of no special token, got 4 ([MASK])"),
    ("ids", 1, 0, "masked_lm_ids[1]: expected the id of no special token, got 0 ([PAD])"),
    ("ids", 1, 96, "masked_lm_ids[1]: expected the id of no special token, got 96"),
    ("ids", 1, -5, "masked_lm_ids[1]: expected the id of no special token, got -5"),
    ("ids", 3, 10, "masked_lm_ids[3]: expected 0, got 10"),
    ("weights", 1, 0.5, "masked_lm_weights[1]: expected 1, got 0.5"),
    ("weights", 1, np.nan, "masked_lm_weights[1]: expected 1, got nan"),
    ("weights", 0, 0, "masked_lm_weights[1]: expected 0, got 1.0"),
    ("weights", 3, 1, "masked_lm_positions[3]: expected over 8 and below 10, got 0"),
    ("weights", 2, 0, "masked_lm_positions[2]: expected 0, got 8"),
]  # fmt: skip


def names_of(layout: Layout, task: Task) -> dict[str, str]:
    (label,) = {name for name in good_rows(layout, task) if "_label" in name} or {""}
    return dict(zip(("ids", "mask", "types"), NAMES[layout], strict=True), label=label)


@pytest.mark.parametrize(
    ("layout", "container", "task", "column", "place", "value", "message"),
    in_turn(ROWS, list(product(LAYOUTS, CONTAINERS))),
)
def test_a_damaged_row_is_named(
    layout: Layout,
    container: OutputFormat,
    task: Task,
    column: str,
    place: int,
    value: int,
    message: str,
) -> None:
    names = names_of(layout, task)
    columns = damaged(good_rows(layout, task), names[column], place, value)
    found = problems(columns, options(layout, container, task))
    assert found == [(3, message.format(**names))]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(("place", "value", "message"), LABEL_ROWS)
def test_a_damaged_label_is_named(
    container: OutputFormat, place: int, value: int, message: str
) -> None:
    columns = damaged(good_rows("huggingface"), "labels", place, value)
    assert problems(columns, options("huggingface", container)) == [(3, message)]


@pytest.mark.parametrize(
    ("layout", "container", "column", "place", "value", "message"),
    in_turn(SLOT_ROWS, list(product(("google", "modelgarden"), CONTAINERS))),
)
def test_a_damaged_prediction_is_named(
    layout: Layout, container: OutputFormat, column: str, place: int, value: float, message: str
) -> None:
    columns = damaged(good_rows(layout), f"masked_lm_{column}", place, value)
    expected = message.format(ids=NAMES[layout][0])
    assert problems(columns, options(layout, container)) == [(3, expected)]


def test_without_pairs_googles_label_is_zero() -> None:
    columns = damaged(good_rows(task="none"), "next_sentence_labels", 0, 1)
    expected = [(3, "next_sentence_labels: expected 0, got 1")]
    assert problems(columns, options(task="none")) == expected


@pytest.mark.parametrize("place", [1, 9])
def test_neither_part_of_a_pair_is_empty(place: int) -> None:
    columns = good_rows("huggingface")
    columns["input_ids"][2, [5, place]] = 10, SEP
    columns["token_type_ids"][2] = 0
    columns["token_type_ids"][2, place + 1 : 11] = 1
    assert problems(columns, options("huggingface")) == [
        (2, f"{SHAPE} at {place}".format(ids="input_ids"))
    ]


def without_predictions(row: int, *unknown: int) -> Columns:
    """A row that shows what its text was, [UNK] at some places, and predicts nothing."""
    columns = good_rows("huggingface")
    columns["labels"][row] = -100
    columns["input_ids"][row, POSITIONS] = ANSWERS
    columns["input_ids"][row, list(unknown)] = UNK
    return columns


def test_a_row_of_unknown_tokens_has_nothing_to_predict() -> None:
    columns = without_predictions(2, 1, 2, 3, 4, 6, 7, 8, 9)
    assert problems(columns, options("huggingface")) == []


def test_a_row_with_one_known_token_predicts_it() -> None:
    columns = without_predictions(2, 1, 2, 3, 4, 6, 7, 8)
    expected = [(2, "expected 1 predictions in 11 tokens, got 0")]
    assert problems(columns, options("huggingface")) == expected


def test_whole_words_may_leave_predictions_unused_but_not_exceed_them() -> None:
    chosen = options("huggingface", masking="whole-word")
    assert problems(without_predictions(2), chosen) == []
    columns = damaged(good_rows("huggingface"), "labels", 1, 10)
    assert problems(columns, chosen) == [(3, "expected 0 to 3 predictions in 11 tokens, got 4")]


def test_a_row_predicts_no_more_than_there_are_slots() -> None:
    chosen = replace(options("huggingface"), masked_lm_prob=0.9)
    columns = good_rows("huggingface")
    columns["labels"][:, 1] = 10
    columns["labels"][2, 3] = 12
    assert problems(columns, chosen) == [(2, "expected 4 predictions in 11 tokens, got 5")]


# Rows without masks


def unmasked_rows(n: int = 5) -> Columns:
    """[CLS] 10 95 95 [SEP] 95 20 [SEP] again and again: 95 goes on with a word, but opens B."""
    ids = [CLS, 10, 95, 95, SEP, 95, 20, SEP, *[PAD] * (L - 8)]
    columns = {
        "input_ids": np.array(n * [ids], np.int32),
        "token_type_ids": np.array(n * [[0] * 5 + [1] * 3 + [0] * (L - 8)], np.int8),
        "attention_mask": np.array(n * [[1] * 8 + [0] * (L - 8)], np.int8),
        "word_starts": np.zeros((n, L), np.int8),
        "next_sentence_label": np.zeros(n, np.int64),
    }
    columns["word_starts"][:, [1, 5, 6]] = 1
    return columns


@pytest.mark.parametrize(
    ("column", "place", "value", "message"),
    [
        ("input_ids", 6, MASK, "input_ids[6]: expected any token but [MASK], got it"),
        ("word_starts", 1, 0, "word_starts[1]: expected 1, got 0"),
        ("word_starts", 2, 1, "word_starts[2]: expected 0, got 1"),
        ("word_starts", 5, 0, "word_starts[5]: expected 1, got 0"),
        ("word_starts", 6, 0, "word_starts[6]: expected 1, got 0"),
        ("word_starts", 6, 2, "word_starts[6]: expected 1, got 2"),
        ("word_starts", 0, 1, "word_starts[0]: expected 0, got 1"),
        ("word_starts", 4, 1, "word_starts[4]: expected 0, got 1"),
        ("word_starts", 9, 1, "word_starts[9]: expected 0, got 1"),
    ],
)
def test_a_damaged_row_without_masks_is_named(
    column: str, place: int, value: int, message: str
) -> None:
    chosen = options("huggingface", "parquet", "nsp", "none")
    rows = unmasked_rows()
    assert problems(rows, chosen) == []
    rows[column][3, place] = value
    assert problems(rows, chosen) == [(3, message)]


def test_a_word_segmenter_may_join_what_has_no_mark() -> None:
    chosen = replace(options("huggingface", "parquet", "nsp", "none"), word_segmenter="jieba")
    rows = unmasked_rows()
    rows["word_starts"][3, 6] = 0
    assert problems(rows, chosen) == []
    rows["word_starts"][3, 5] = 0  # the first token of B
    assert problems(rows, chosen) == [(3, "word_starts[5]: expected 1, got 0")]


# The rules, read one row and one value at a time


@given(st.data(), st.sampled_from(LAYOUTS), st.sampled_from(TASKS))
def test_it_finds_what_a_plain_reading_of_the_rules_finds(
    data: st.DataObject, layout: Layout, task: Task
) -> None:
    columns = good_rows(layout, task, n=3)
    for _ in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from(list(columns)))
        values = columns[name].reshape(3, -1)
        place = data.draw(st.integers(0, 2)), data.draw(st.integers(0, values.shape[1] - 1))
        common = st.sampled_from([-100, -1, 0, 1, 2, 3, 4, 5, 8, 9, 50, 95, 96])
        values[place] = data.draw(common)
    names = [*NAMES[layout], *(name for name in columns if name not in NAMES[layout])]
    rows = [{n: np.ravel(columns[n][i]).tolist() for n in names} for i in range(3)]
    wrong = [i for i, row in enumerate(rows) if not row_is_right(row, layout, task)]
    findings = Findings()
    rules = Rules(options(layout, task=task), VOCABULARY)
    check_rows(np.arange(3), columns, rules, findings)
    assert sorted(row for row, _ in findings.problems if row is not None) == wrong


# The columns


# Records encoded otherwise


# Damaged files
