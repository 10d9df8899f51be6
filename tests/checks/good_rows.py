"""Rows of a shard that are right, and what is said of others."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bertprep.checks.rules import Rules
from bertprep.checks.verify import verify_rows
from bertprep.options import Layout, Masking, OutputFormat, ShardOptions, Task
from bertprep.shards.findings import Findings
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.shards.tfrecord_writing import encode_tfrecord
from bertprep.vocabulary.vocabulary import Vocabulary

Columns = dict[str, NDArray[Any]]
VOCABULARY = Vocabulary(
    ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"w{i}" for i in range(90)), "##s"), True
)
PAD, UNK, CLS, SEP, MASK = range(5)
L, P, PROB = 16, 4, 0.25
# 11 tokens of 16, and three of them (a quarter, rounded) predicted: 11 and 22 behind a [MASK], and
# 30, where 13 took its place.  Without pairs, 14 stands where A's [SEP] does.
POSITIONS, ANSWERS = [2, 4, 8], [11, 30, 22]
IDS = [CLS, 10, MASK, 12, 13, SEP, 20, 21, MASK, 23, SEP] + 5 * [PAD]
LABELS = [-100, -100, 11, -100, 30, -100, -100, -100, 22] + 7 * [-100]


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


def flipped(data: bytes, place: int, bits: int = 1) -> bytes:
    return data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]


def damaged(columns: Columns, name: str, place: int, value: float) -> Columns:
    columns[name].reshape(len(columns[name]), -1)[3, place] = value
    return columns
