"""Packed rows that are as bertprep writes them pass; of any other, row, example, fault are named.

The rows are written out by hand; shards of every kind are what ``write_shard`` makes.
"""

from __future__ import annotations

import io
from itertools import product
from typing import get_args

import numpy as np
import pyarrow as pa
import pytest

from bertprep.checks.rules import Rules
from bertprep.checks.verify import check_rows, verify_rows
from bertprep.examples.assemble import example_schema
from bertprep.examples.mask import Masker
from bertprep.layouts.columns import Columns
from bertprep.options import Masking, OutputFormat, ShardOptions, Task
from bertprep.shards.findings import Findings
from bertprep.shards.write import write_shard
from bertprep.vocabulary.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"w{i}" for i in range(20)), "##s"), True
)
PAD, UNK, CLS, SEP, MASK = range(5)
CONTAINERS: tuple[OutputFormat, ...] = ("parquet", "tfrecord")  # mds is a layout of its own
TASKS, MASKINGS = (get_args(kind) for kind in (Task, Masking))


def options(
    task: Task = "nsp", masking: Masking = "token", container: OutputFormat = "parquet"
) -> ShardOptions:
    return ShardOptions(
        task=task,
        masking=masking,
        max_seq_length=16,
        max_predictions_per_seq=2,
        masked_lm_prob=0.25,
        output_format=container,
        layout="huggingface",
        pack=True,
    )


def good_rows() -> Columns:
    """Four times a row of two examples, of 8 and 5 tokens; two and one of them predicted."""
    none = -100
    row = {
        "input_ids": [CLS, MASK, 6, SEP, 7, MASK, 9, SEP, CLS, MASK, SEP, 10, SEP, PAD, PAD, PAD],
        "token_type_ids": [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0],
        "attention_mask": 13 * [1] + 3 * [0],
        "labels": [none, 5, none, none, none, 8, none, none, none, 11] + 6 * [none],
        "position_ids": [*range(8), *range(5), 0, 0, 0],
        "sequence_ids": 8 * [1] + 5 * [2] + 3 * [0],
        "next_sentence_label": [0, 1, none],
        "cls_positions": [0, 8, 0],
    }
    return {name: np.array(4 * [values]) for name, values in row.items()}


def problems(columns: Columns, chosen: ShardOptions) -> list[tuple[int | None, str]]:
    findings = Findings()
    rows = np.arange(100, 100 + len(columns["input_ids"]))
    check_rows(rows, columns, Rules(chosen, VOCABULARY), findings)
    assert findings.count == len(findings.problems)
    return findings.problems


def test_rows_written_by_hand_pass() -> None:
    assert problems(good_rows(), options()) == []


@pytest.mark.parametrize(
    ("container", "task", "masking"), list(product(CONTAINERS, TASKS, MASKINGS))
)
def test_shards_of_every_kind_pass(container: OutputFormat, task: Task, masking: Masking) -> None:
    chosen = options(task, masking, container)
    rng = np.random.default_rng(5)
    lengths = rng.integers(2, 14, 300)
    rows = pa.record_batch(
        [
            pa.array(np.sort(rng.integers(0, 2**63, 300, dtype=np.uint64))),
            pa.array((rng.integers(0, 2, 300) * (task != "none")).astype(np.int8)),
            pa.array((lengths if task == "none" else lengths // 2).astype(np.int32)),
            [rng.choice([UNK, *range(5, 26)], length).tolist() for length in lengths],
        ],
        schema=example_schema(len(VOCABULARY)),
    )
    masker = Masker(VOCABULARY, chosen.masking_options) if chosen.masking_options else None
    stream = io.BytesIO()
    result = write_shard(stream, [rows], VOCABULARY, masker, chosen)
    findings = Findings()
    stream.seek(0)
    verify_rows(stream, Rules(chosen, VOCABULARY), findings)
    assert (findings.rows, findings.problems) == (result.rows, [])


# (column, place in row 2, value, what is said of it)
DAMAGE = [
    ("sequence_ids", 0, 0, "sequence_ids[0]: expected 1, got 0"),
    ("sequence_ids", 0, 2, "sequence_ids[0]: expected 1, got 2"),
    ("sequence_ids", 3, 3, "sequence_ids[3]: expected 1, 2 or 0, got 3"),
    ("sequence_ids", 9, 1, "sequence_ids[9]: expected 2, 3 or 0, got 1"),
    ("sequence_ids", 4, 0, "sequence_ids[5]: expected 0, got 1"),
    ("sequence_ids", 15, 3, "sequence_ids[15]: expected 0, got 3"),
    ("sequence_ids", 12, 0, "position_ids[12]: expected 0, got 4"),
    ("position_ids", 8, 8, "position_ids[8]: expected 0, got 8"),
    ("position_ids", 15, 1, "position_ids[15]: expected 0, got 1"),
    ("attention_mask", 0, 0, "attention_mask[0]: expected 1, got 0"),
    ("attention_mask", 13, 1, "attention_mask[13]: expected 0, got 1"),
    ("input_ids", 13, 6, "input_ids[13]: expected 0, got 6"),
    ("token_type_ids", 14, 1, "token_type_ids[14]: expected 0, got 1"),
    ("labels", 13, 6, "labels[13]: expected -100, got 6"),
    ("cls_positions", 1, 7, "cls_positions[1]: expected 8, got 7"),
    ("cls_positions", 2, 1, "cls_positions[2]: expected 0, got 1"),
    ("next_sentence_label", 2, 0, "next_sentence_label[2]: expected -100, got 0"),
    # What is wrong with an example is told by its own columns.
    ("next_sentence_label", 1, -100, "example 2: next_sentence_label: expected 0 or 1, got -100"),
    ("input_ids", 8, 6, "example 2: input_ids[0]: expected [CLS], got 6"),
    ("token_type_ids", 10, 1, "example 2: token_type_ids[2]: expected 0, got 1"),
    ("labels", 6, 9, "example 1: expected 2 predictions in 8 tokens, got 3"),
    ("labels", 9, -100, "example 2: input_ids[1]: expected any token but [MASK], as it is"),
    ("input_ids", 3, -1, "example 1: input_ids[3]: expected an id below 26, got -1"),
]


@pytest.mark.parametrize(("column", "place", "value", "message"), DAMAGE)
def test_a_wrong_value_is_named(column: str, place: int, value: int, message: str) -> None:
    columns = good_rows()
    columns[column][2, place] = value
    ((row, found),) = problems(columns, options())
    assert row == 102
    assert found.startswith(message)


def test_more_examples_than_there_are_labels_for() -> None:
    columns = good_rows()
    columns["sequence_ids"][1] = [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 0, 0, 0]
    expected = [(101, "sequence_ids[12]: expected at most 3 examples, got 4")]
    assert problems(columns, options()) == expected


def test_every_wrong_example_of_a_row_is_named_in_order() -> None:
    columns = good_rows()
    columns["input_ids"][1, [0, 8]] = 6
    columns["input_ids"][0, 8] = 6
    message = "input_ids[0]: expected [CLS], got 6"
    assert problems(columns, options()) == [
        (100, f"example 2: {message}"),
        (101, f"example 1: {message}"),
        (101, f"example 2: {message}"),
    ]


def test_problems_beyond_those_that_are_kept_are_counted() -> None:
    columns = {name: np.tile(values, (20, 1)) for name, values in good_rows().items()}
    columns["input_ids"][:, 0] = 6
    findings = Findings()
    check_rows(np.arange(80), columns, Rules(options(), VOCABULARY), findings)
    assert (findings.count, len(findings.problems)) == (80, 40)
