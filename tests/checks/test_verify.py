"""Rows that are as bertprep writes them pass; of any other, the row and what is wrong are named.

The rows are written out by hand, and a plain reading of the rules, one row and one value at a time,
is held against the columnar checks.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from bertprep.checks.rules import Rules
from bertprep.checks.verify import check_rows, verify_rows
from bertprep.examples.assemble import example_schema
from bertprep.examples.mask import Masker
from bertprep.options import Layout, Masking, OutputFormat, ShardOptions, Task
from bertprep.shards.findings import Findings
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.shards.tfrecord import (
    TFRecordError,
    decode_example,
    encode_examples,
    encode_tfrecord,
    frame_records,
)
from bertprep.shards.tfrecord_parsing import parse_records
from bertprep.shards.write import write_shard
from bertprep.vocabulary.vocabulary import Vocabulary

Columns = dict[str, NDArray[Any]]

VOCABULARY = Vocabulary(
    ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"w{i}" for i in range(90)), "##s"), True
)
PAD, UNK, CLS, SEP, MASK = range(5)
L, P, PROB = 16, 4, 0.25
LAYOUTS: tuple[Layout, ...] = ("huggingface", "google", "modelgarden")
CONTAINERS: tuple[OutputFormat, ...] = ("parquet", "tfrecord")  # mds is a layout of its own
TASKS = get_args(Task)

# 11 tokens of 16, and three of them (a quarter, rounded) predicted: 11 and 22 behind a [MASK], and
# 30, where 13 took its place.  Without pairs, 14 stands where A's [SEP] does.
POSITIONS, ANSWERS = [2, 4, 8], [11, 30, 22]
IDS = [CLS, 10, MASK, 12, 13, SEP, 20, 21, MASK, 23, SEP] + 5 * [PAD]
LABELS = [-100, -100, 11, -100, 30, -100, -100, -100, 22] + 7 * [-100]
NAMES = {
    "huggingface": ("input_ids", "attention_mask", "token_type_ids"),
    "google": ("input_ids", "input_mask", "segment_ids"),
    "modelgarden": ("input_word_ids", "input_mask", "input_type_ids"),
}


def options(
    layout: Layout = "google",
    container: OutputFormat = "tfrecord",
    task: Task = "nsp",
    masking: Masking = "token",
) -> ShardOptions:
    return ShardOptions(
        task=task,
        masking=masking,
        max_seq_length=L,
        max_predictions_per_seq=P,
        masked_lm_prob=PROB,
        output_format=container,
        layout=layout,
    )


def good_rows(layout: Layout = "google", task: Task = "nsp", n: int = 5) -> Columns:
    """The row above, n times, as the columns of a layout."""
    ids, types, mask = list(IDS), 6 * [0] + 5 * [1] + 5 * [0], 11 * [1] + 5 * [0]
    if task == "none":
        ids[5], types = 14, 16 * [0]
    label = int(task != "none")
    slots: dict[str, tuple[str, Any]] = {
        "masked_lm_positions": ("i8", [*POSITIONS, 0]),
        "masked_lm_ids": ("i8", [*ANSWERS, 0]),
        "masked_lm_weights": ("f4", [1, 1, 1, 0]),
        "next_sentence_labels": ("i8", [label]),
    }
    row: dict[str, tuple[str, Any]]
    if layout == "huggingface":
        row = {"input_ids": ("i4", ids), "token_type_ids": ("i1", types)}
        row |= {"attention_mask": ("i1", mask), "labels": ("i8", LABELS)}
        row["sentence_order_label" if task == "sop" else "next_sentence_label"] = ("i8", label)
    elif layout == "google":
        row = {"input_ids": ("i8", ids), "input_mask": ("i8", mask), "segment_ids": ("i8", types)}
        row |= slots
    else:
        row = {"input_mask": ("i8", mask), **slots}
        row |= {"input_word_ids": ("i8", ids), "input_type_ids": ("i8", types)}
    if task == "none" and layout != "google":
        row = {name: values for name, values in row.items() if "_label" not in name}
    return {name: np.array(n * [values], dtype) for name, (dtype, values) in row.items()}


def parquet(columns: Columns, rows_of_a_group: int = 1000) -> bytes:
    arrow = {
        name: pa.array(values)
        if values.ndim == 1
        else pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), values.shape[1])
        for name, values in columns.items()
    }
    stream = io.BytesIO()
    pq.write_table(pa.table(arrow), stream, row_group_size=rows_of_a_group)
    return stream.getvalue()


def verified(data: bytes, chosen: ShardOptions, sizes: Sizes = SIZES) -> Findings:
    findings = Findings()
    verify_rows(io.BytesIO(data), Rules(chosen, VOCABULARY), findings, sizes)
    return findings


def problems(columns: Columns, chosen: ShardOptions) -> list[tuple[int | None, str]]:
    """Of a shard with these columns."""
    encode = parquet if chosen.output_format == "parquet" else encode_tfrecord
    findings = verified(encode(columns), chosen)
    assert findings.count == len(findings.problems)
    assert findings.rows == len(next(iter(columns.values())))
    return findings.problems


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


def test_a_shard_is_read_in_blocks() -> None:
    small = Sizes(block_tokens=3 * L, read_bytes=1000)
    columns = good_rows(n=100)
    columns["input_ids"][[0, 40, 99], 1] = SEP
    for container, data in [
        ("parquet", parquet(columns, rows_of_a_group=7)),
        ("tfrecord", encode_tfrecord(columns)),
    ]:
        findings = verified(data, options("google", container), small)
        assert findings.rows == 100
        assert [row for row, _ in findings.problems] == [0, 40, 99]


def test_an_empty_file_has_no_rows() -> None:
    assert verified(b"", options()) == Findings(rows=0)
    empty = {name: values[:0] for name, values in good_rows().items()}
    assert verified(parquet(empty), options(container="parquet")) == Findings(rows=0)


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


def damaged(columns: Columns, name: str, place: int, value: float) -> Columns:
    columns[name].reshape(len(columns[name]), -1)[3, place] = value
    return columns


def names_of(layout: Layout, task: Task) -> dict[str, str]:
    (label,) = {name for name in good_rows(layout, task) if "_label" in name} or {""}
    return dict(zip(("ids", "mask", "types"), NAMES[layout], strict=True), label=label)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("task", "column", "place", "value", "message"), ROWS)
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


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("layout", ["google", "modelgarden"])
@pytest.mark.parametrize(("column", "place", "value", "message"), SLOT_ROWS)
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


def test_a_row_has_a_token_in_each_part() -> None:
    columns = good_rows("huggingface")
    columns["attention_mask"][1] = 0
    columns["attention_mask"][2, 4:] = 0
    expected = [
        (1, "attention_mask: expected 5 to 16 tokens, got 0"),
        (2, "attention_mask: expected 5 to 16 tokens, got 4"),
    ]
    assert problems(columns, options("huggingface")) == expected


@pytest.mark.parametrize(
    ("longest", "wrong"), [(8, (0, "5 to 8 tokens, got 11")), (16, (1, "9 to 16 tokens, got 8"))]
)
def test_a_row_lies_in_the_bin_of_its_shard(longest: int, wrong: tuple[int, str]) -> None:
    columns = good_rows("huggingface", n=2)
    columns["attention_mask"][1, 8:] = columns["token_type_ids"][1, 8:] = 0
    columns["input_ids"][1, 7:] = [SEP] + 8 * [PAD]
    columns["labels"][1, 8:] = -100
    rules = Rules(replace(options("huggingface"), bin_size=8), VOCABULARY)
    findings = Findings()
    check_rows(np.arange(2), columns, replace(rules, longest=longest), findings)
    row, lengths = wrong
    assert findings.problems == [(row, f"attention_mask: expected {lengths}")]


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


def test_several_damaged_rows_are_each_named_once_by_what_is_wrong_first() -> None:
    columns = good_rows()
    columns["input_ids"][0] = 500
    columns["segment_ids"][0] = 7
    columns["segment_ids"][1, 2] = 1
    columns["input_mask"][4] = 9
    findings = problems(columns, options())
    assert sorted(findings) == [
        (0, "input_ids[0]: expected an id below 96, got 500"),
        (1, "segment_ids[2]: expected 0, got 1"),
        (4, "input_mask[0]: expected 1, got 9"),
    ]


def test_only_the_first_problems_are_kept_and_all_are_counted() -> None:
    columns = good_rows(n=100)
    columns["input_ids"][:, 0] = 9
    findings = verified(encode_tfrecord(columns), options())
    assert (findings.count, len(findings.problems)) == (100, 40)


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


def row_is_right(row: dict[str, list[Any]], layout: Layout, task: Task) -> bool:
    """For the layouts' first three columns in order, whatever their names."""
    ids, mask, types, *_ = row.values()
    length = sum(mask) if set(mask) <= {0, 1} else 0
    if mask != [1] * length + [0] * (L - length) or any(i not in range(96) for i in ids):
        return False
    ends = [place for place, token in enumerate(ids) if token == SEP]
    if len(ends) != (1 if task == "none" else 2) or ends[-1] != length - 1 or ids[0] != CLS:
        return False
    first = ends[0]
    parts = [ids[1:first], *([] if task == "none" else [ids[first + 1 : length - 1]])]
    if not all(parts) or any(token in (PAD, CLS) for part in parts for token in part):
        return False
    if any(ids[length:]) or types != [int(first < i < length) for i in range(L)]:
        return False
    answers = predictions_of(row, layout)
    if answers is None or any(token not in range(5, 96) for token in answers.values()):
        return False
    predicted_unseen = all(ids[i] == MASK or ids[i] >= 5 for i in answers)
    if not predicted_unseen or any(ids[i] == MASK and i not in answers for i in range(L)):
        return False
    candidates = sum(token != UNK for part in parts for token in part)
    if len(answers) != min(max(1, round(length * PROB)), P, candidates):
        return False
    return all(row[n][0] in ([0] if task == "none" else [0, 1]) for n in row if "_label" in n)


def predictions_of(row: dict[str, list[Any]], layout: Layout) -> dict[int, int] | None:
    """Answer by position; None if the slots are not in order."""
    if layout == "huggingface":
        return {i: label for i, label in enumerate(row["labels"]) if label != -100}
    positions, answers, weights = (
        row[f"masked_lm_{name}"] for name in ("positions", "ids", "weights")
    )
    count = int(sum(weights)) if set(weights) <= {0.0, 1.0} else 0
    in_order = positions[:count] == sorted(set(positions[:count])) and min(positions) >= 0
    empty = not any(positions[count:]) and not any(answers[count:])
    if weights != [1.0] * count + [0.0] * (P - count) or not in_order or not empty:
        return None
    fit = all(0 < position < sum(row["input_mask"]) for position in positions[:count])
    return dict(zip(positions[:count], answers, strict=False)) if fit else None


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


def changed(name: str, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Columns:
    columns = good_rows("huggingface")
    return {**columns, name: change(columns[name])}


def renamed() -> Columns:
    columns = good_rows("huggingface")
    return {"tokens" if name == "input_ids" else name: v for name, v in columns.items()}


@pytest.mark.parametrize(
    ("columns", "expected", "got"),
    [
        (renamed(), "input_ids fixed", "tokens fixed"),
        (changed("labels", np.int32), "labels fixed_size_list<item: int64>[16]", "int32>[16]"),
        (changed("labels", lambda v: v[:, :9]), "labels fixed_size_list<item: int64>[16]", "[9]"),
        (changed("next_sentence_label", lambda v: v[:, None]), "label int64", "int64>[1]"),
        (good_rows("huggingface", "none"), "next_sentence_label int64", "input_ids"),
    ],
)
def test_parquet_columns_of_another_name_type_or_length(
    columns: Columns, expected: str, got: str
) -> None:
    findings = verified(parquet(columns), options("huggingface", "parquet"))
    ((row, message),) = findings.problems
    wanted, found = message.replace("element", "item").split("; got ")
    assert row is None
    assert wanted.startswith("expected the columns ") and expected in wanted
    assert got in found


def test_a_null_is_named_by_its_row() -> None:
    columns = good_rows("huggingface")
    columns["token_type_ids"][4, 0] = 1
    table = pq.read_table(io.BytesIO(parquet(columns)))
    rows = table.to_pylist()
    rows[0]["input_ids"][5] = rows[2]["next_sentence_label"] = None
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, table.schema), stream)
    assert verified(stream.getvalue(), options("huggingface", "parquet")).problems == [
        (0, "expected no null, got one"),
        (2, "expected no null, got one"),
        (4, "token_type_ids[0]: expected 0, got 1"),
    ]


@pytest.mark.parametrize(
    ("name", "values", "expected", "got"),
    [
        ("segment_ids", None, "segment_ids int64[16]", "input_mask int64[16], masked"),
        ("extra", np.ones((1, 2)), "expected the features input_ids", "extra float32[2]"),
        ("zzz", np.ones((1, 2), int), "expected the features input_ids", "zzz int64[2]"),
        ("masked_lm_weights", np.ones((1, P), int), "weights float32[4]", "weights int64[4]"),
        ("masked_lm_weights", np.ones((1, 2)), "weights float32[4]", "weights float32[2]"),
        ("masked_lm_weights", np.ones((1, 5)), "weights float32[4]", "weights float32[5]"),
        ("segment_ids", np.ones((1, 9), int), "segment_ids int64[16]", "segment_ids int64[9]"),
        ("segment_ids", np.ones((1, 17), int), "segment_ids int64[16]", "segment_ids int64[17]"),
        ("segment_ids", np.ones((1, 0), int), "segment_ids int64[16]", "segment_ids int64[0]"),
    ],
)
def test_a_record_of_other_features(
    name: str, values: NDArray[Any] | None, expected: str, got: str
) -> None:
    other = good_rows(n=1)
    other.pop(name, None)
    if values is not None:
        other[name] = values
    data = encode_tfrecord(good_rows(n=2)) + encode_tfrecord(other) + encode_tfrecord(good_rows())
    findings = verified(data, options())
    ((row, message),) = findings.problems
    assert (row, findings.rows) == (2, 8)
    wanted, found = message.split("; got ")
    assert expected in wanted and got in found


# Records encoded otherwise


def record(columns: Columns) -> bytes:
    return encode_examples(columns)[0].tobytes()


def framed(*records: bytes) -> bytes:
    edges = np.cumsum([0, *map(len, records)])
    return frame_records(b"".join(records), edges)


def delimited(tag: int, content: bytes) -> bytes:
    size = len(content)
    return bytes([tag, *([size & 0x7F | 0x80, size >> 7] if size > 0x7F else [size])]) + content


def record_with(segment_ids: bytes) -> bytes:
    """The good row with this int64_list for its segment_ids."""
    others = {name: values for name, values in good_rows(n=1).items() if name != "segment_ids"}
    feature = delimited(0x12, delimited(0x1A, segment_ids))
    entry = delimited(0x0A, delimited(0x0A, b"segment_ids") + feature)
    return record(others) + delimited(0x0A, entry)


def test_a_record_with_single_values_is_read_as_tensorflow_reads_it() -> None:
    good = record(good_rows(n=1))
    right, wrong = [0] * 6 + [1] * 5 + [0] * 5, [0] * 5 + [1] * 6 + [0] * 5
    single = [record_with(b"".join(bytes([8, v]) for v in values)) for values in (right, wrong)]
    findings = verified(framed(good, *single, good), options())
    assert findings.problems == [(2, "segment_ids[5]: expected 0, got 1")]


def as_last_feature(values: bytes) -> bytes:
    """The good row, whose last feature by name holds this for its packed values."""
    columns = good_rows(n=1)
    last = columns.pop("segment_ids")
    assert max(columns) < "segment_ids" and last.size == L
    others = record(columns)
    feature = delimited(0x12, delimited(0x1A, delimited(0x0A, values)))
    entry = delimited(0x0A, delimited(0x0A, b"segment_ids") + feature)
    content = others[3:] if others[1] & 0x80 else others[2:]
    return delimited(0x0A, content + entry)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (b"", "segment_ids int64[0]"),
        (bytes(15) + b"\x80", "a varint does not end"),
        (bytes(16) + b"\x80", "a varint does not end"),
        (bytes(15) + 10 * b"\x80" + b"\x00", "a varint does not end"),
        (bytes(6) + 5 * b"\x81\x00" + bytes(5), None),
    ],
)
def test_packed_values_of_odd_sizes(values: bytes, message: str | None) -> None:
    good = record(good_rows(n=1))
    assert as_last_feature(bytes(6) + 5 * b"\x01" + bytes(5)) == good
    findings = verified(framed(good, as_last_feature(values), good), options())
    assert [row for row, _ in findings.problems] == ([1] if message else [])
    assert all(str(message) in text for _, text in findings.problems)
    assert verified(framed(as_last_feature(values)), options()).count == findings.count


@pytest.mark.parametrize("bits", [0x01, 0x04, 0x20, 0x80, 0xFF])
def test_what_a_record_says_counts_not_how_it_is_written(bits: int) -> None:
    good = record(good_rows(n=1))
    others = [flipped(good, place, bits) for place in range(len(good))]
    wrong = [number for number, other in enumerate(others) if not reads_as_a_right_row(other)]
    data = framed(*others)
    findings = Findings(kept=len(others))
    verify_rows(io.BytesIO(data), Rules(options(), VOCABULARY), findings)
    assert sorted(row for row, _ in findings.problems if row is not None) == wrong
    assert len(wrong) > len(good) / 2


def reads_as_a_right_row(example: bytes) -> bool:
    try:
        columns = decode_example(example)
    except TFRecordError:
        return False
    expected = good_rows(n=1)
    found = {name: (values.dtype, values.size) for name, values in columns.items()}
    if found != {name: (values.dtype, values.size) for name, values in expected.items()}:
        return False
    return row_is_right({name: columns[name].tolist() for name in expected}, "google", "nsp")


def test_a_record_that_is_no_example_is_named() -> None:
    good = record(good_rows(n=1))
    odd = [b"", b"\x0a" + 7 * b"\xff", good[:-1], good + b"\x0a", b"hello, world"]
    findings = verified(framed(good, *odd, good), options())
    assert sorted(row for row, _ in findings.problems if row is not None) == [1, 2, 3, 4, 5]
    assert findings.rows == 7


@given(
    st.integers(1, 6).flatmap(lambda n: arrays(np.int64, (n, 5))),
    st.sampled_from([0, 40, 55, 60]),
)
def test_values_of_any_size_are_decoded(values: NDArray[np.int64], shift: int) -> None:
    values >>= shift
    weights = values[:, :2].astype(np.float32)
    columns = {"ids": values, "weights": weights, "label": values[:, 4]}
    data, edges = encode_examples(columns)
    places = np.column_stack((edges[:-1], edges[1:]))
    features = {"ids": ("int64", 5), "label": ("int64", 1), "weights": ("float32", 2)}
    decoded = parse_records(data.tobytes(), places, features)
    assert np.array_equal(decoded["ids"], values)
    assert np.array_equal(decoded["label"], values[:, 4:])
    assert np.array_equal(decoded["weights"], weights)


# Damaged files


def flipped(data: bytes, place: int, bits: int = 1) -> bytes:
    return data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]


@pytest.mark.slow
def test_every_byte_of_a_tfrecord_counts() -> None:
    data = encode_tfrecord(good_rows(n=3))
    size = len(data) // 3
    for place in range(len(data)):
        findings = verified(flipped(data, place), options())
        is_length = place % size < 12
        message = (
            "wrong checksum of its length: no record from here on can be read"
            if is_length
            else "wrong checksum: the record is damaged"
        )
        assert findings.problems == [(place // size, message)]
        assert findings.rows == (None if is_length else 3)


def test_damaged_records_do_not_hide_others() -> None:
    columns = good_rows(n=6)
    columns["segment_ids"][4, 0] = 1
    data = encode_tfrecord(columns)
    data = flipped(flipped(data, 1 * len(data) // 6 + 50), 5 * len(data) // 6 + 50)
    findings = verified(data, options())
    assert findings.rows == 6
    assert sorted(findings.problems) == [
        (1, "wrong checksum: the record is damaged"),
        (4, "segment_ids[0]: expected 0, got 1"),
        (5, "wrong checksum: the record is damaged"),
    ]


@pytest.mark.parametrize("kept", [1, 11, 12, 100, -4, -1])
def test_a_truncated_tfrecord(kept: int) -> None:
    data = encode_tfrecord(good_rows(n=2))
    size = len(data) // 2
    left = kept % size
    findings = verified(data[: size + left], options())
    expected = f"truncated: the file ends {left:,} bytes into the record"
    assert findings.problems == [(1, expected)]
    assert findings.rows == 1


@pytest.mark.slow
def test_damage_to_a_parquet_file_is_found_unless_its_rows_are_still_right() -> None:
    """Values have no checksum, and other rows may be right as well: the manifest's digest tells."""
    chosen = options("huggingface", "parquet")
    data = parquet(good_rows("huggingface", n=20), rows_of_a_group=10)
    damaged = [flipped(data, place, bits) for place in range(0, len(data), 7) for bits in (1, 0x80)]
    found = 0
    for other in damaged:
        findings = verified(other, chosen)
        assert all("\n" not in message for _, message in findings.problems)
        assert findings.problems or reads_as_right_rows(other, 20)
        found += bool(findings.problems)
    assert found > 0.5 * len(damaged)


def reads_as_right_rows(data: bytes, rows: int) -> bool:
    """Whether pyarrow reads so many rows, each right by the plain reading of the rules."""
    found = pq.read_table(io.BytesIO(data)).to_pylist()
    plain = [{n: v if isinstance(v, list) else [v] for n, v in row.items()} for row in found]
    names = ("input_ids", "attention_mask", "token_type_ids", "labels", "next_sentence_label")
    ordered = [{name: row[name] for name in names} for row in plain]
    return len(ordered) == rows and all(row_is_right(r, "huggingface", "nsp") for r in ordered)


def test_a_row_group_that_cannot_be_read_does_not_hide_the_others() -> None:
    columns = good_rows("huggingface", n=30)
    columns["token_type_ids"][[3, 13, 23], 0] = 1
    data = parquet(columns, rows_of_a_group=10)
    start = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(1).column(0).dictionary_page_offset
    spoilt = data[:start] + bytes(20) + data[start + 20 :]
    findings = verified(spoilt, options("huggingface", "parquet"))
    assert findings.rows == 30
    (three, (row, message), twenty_three) = findings.problems
    assert (three[0], row, twenty_three[0]) == (3, None, 23)
    assert message.startswith("rows 10 to 19 cannot be read: ")


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no such thing", b"PAR1" + bytes(50) + b"PAR1"])
def test_what_is_no_parquet_file_is_one_problem(data: bytes) -> None:
    findings = verified(data, options(container="parquet"))
    ((row, message),) = findings.problems
    assert (row, findings.rows) == (None, None)
    assert message.startswith("cannot be read as Parquet: ")
