"""The bert4keras layout: worked by hand, read by its parser's rule, and checked when damaged."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import get_args

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from bertprep.checks.rules import Rules
from bertprep.checks.verify import verify_rows
from bertprep.examples.assemble import assemble, example_schema
from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masker, Masks
from bertprep.options import MaskingUnit, OutputFormat, ShardOptions
from bertprep.report.decode import decode_rows, read_rows, text_of
from bertprep.shards.findings import Findings
from bertprep.shards.tfrecord_writing import encode_tfrecord
from bertprep.shards.write import write_shard
from bertprep.vocabulary.vocabulary import Vocabulary
from tests.laid_out import lay_out

VOCABULARY = Vocabulary(
    ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"w{i}" for i in range(90)), "##s"), True
)
PAD, UNK, CLS, SEP, MASK = range(5)
L, P = 16, 4
OPTIONS = ShardOptions(
    task="none",
    layout="bert4keras",
    output_format="tfrecord",
    max_seq_length=L,
    max_predictions_per_seq=P,
    masked_lm_prob=0.25,
)
CONTAINERS = ("parquet", "tfrecord")

# [CLS] 10 11 12 13 14 [SEP]: 11 is shown as [MASK], 12 as 40, and 14 as itself.
TOKEN_IDS = [CLS, 10, 11, 12, 13, 14, SEP, PAD]
MASK_IDS = [0, 0, MASK + 1, 41, 0, 15, 0, 0]


def test_a_row_worked_by_hand() -> None:
    ids = np.array([TOKEN_IDS], np.int32)
    shown = np.array([[CLS, 10, MASK, 40, 13, 14, SEP, PAD]], np.int32)
    seven = np.array([7])
    examples = Examples(
        np.array([1], np.uint64), ids, seven, seven, np.zeros(1, np.int8), np.zeros((1, 8), bool)
    )
    masks = Masks(
        shown,
        np.array([[2, 3, 5, 0]]),
        np.array([[11, 12, 14, 0]], np.int32),
        np.array([3]),
        np.array([3]),
    )
    columns = lay_out(examples, masks, "bert4keras", "none")
    assert {name: values.tolist() for name, values in columns.items()} == {
        "token_ids": [TOKEN_IDS],
        "mask_ids": [MASK_IDS],
    }
    assert {values.dtype for values in columns.values()} == {np.dtype(np.int64)}


def some_rows(n: int) -> pa.RecordBatch:
    rng = np.random.default_rng(5)
    lengths = rng.integers(1, L - 1, n)
    text = [rng.choice([UNK, *range(5, 95)], size).tolist() for size in lengths]
    text[7], text[9] = [UNK] * lengths[7], [95] * lengths[9]
    columns = [
        pa.array(np.sort(rng.integers(0, 2**63, n, dtype=np.uint64))),
        pa.array(np.zeros(n, np.int8)),
        pa.array(lengths.astype(np.int32)),
        text,
    ]
    return pa.record_batch(columns, schema=example_schema(len(VOCABULARY)))


def written(rows: pa.RecordBatch, options: ShardOptions) -> bytes:
    stream = io.BytesIO()
    masking = options.masking_options
    assert masking is not None
    write_shard(stream, [rows], VOCABULARY, Masker(VOCABULARY, masking), options)
    return stream.getvalue()


@pytest.mark.parametrize("masking", get_args(MaskingUnit))
@pytest.mark.parametrize("container", CONTAINERS)
def test_its_parser_sees_what_the_huggingface_layout_says(
    container: OutputFormat, masking: MaskingUnit
) -> None:
    """It shows mask_ids - 1 where mask_ids is not 0, and token_ids elsewhere, the targets."""
    options = replace(OPTIONS, output_format=container, masking=masking)
    rows = some_rows(300)
    columns = read_rows(io.BytesIO(written(rows, options)), "x", 300, container)
    examples = assemble(rows, VOCABULARY, L)
    masking_options = options.masking_options
    assert masking_options is not None
    masks = Masker(VOCABULARY, masking_options)(examples)
    expected = lay_out(examples, masks, "huggingface", "none")
    is_masked = columns["mask_ids"] != 0
    shown = np.where(is_masked, columns["mask_ids"] - 1, columns["token_ids"])
    assert np.array_equal(shown, expected["input_ids"])
    assert np.array_equal(is_masked, expected["labels"] != -100)
    assert np.array_equal(columns["token_ids"][is_masked], expected["labels"][is_masked])
    assert np.array_equal(columns["token_ids"] != PAD, expected["attention_mask"])


def test_inspect_shows_them() -> None:
    tokens = list(VOCABULARY.tokens)
    tokens[10:15], tokens[40] = ["what", "pandas", "eat", "bam", "##boo"], "table"
    columns = {"token_ids": np.array([TOKEN_IDS]), "mask_ids": np.array([MASK_IDS])}
    vocabulary = Vocabulary(tuple(tokens), lowercase=True)
    (row,) = decode_rows(columns, OPTIONS, vocabulary)
    assert text_of(row.a) == "what [MASK](pandas) table(eat) bamboo(##boo)"
    assert (row.b, row.label) == (None, None)


# Verified


def good_rows() -> dict[str, NDArray[np.int64]]:
    """Five times a row of 11 tokens, three of them predicted: 11, 30 (shown as 40), and 22."""
    token_ids = [CLS, 10, 11, 12, 30, 14, 20, 21, 22, 23, SEP, *[PAD] * 5]
    mask_ids = [0, 0, MASK + 1, 0, 41, 0, 0, 0, 23, *[0] * 7]
    return {"token_ids": np.array(5 * [token_ids]), "mask_ids": np.array(5 * [mask_ids])}


def problems(columns: dict[str, NDArray[np.int64]], container: OutputFormat) -> list[object]:
    options = replace(OPTIONS, output_format=container)
    if container == "tfrecord":
        data = encode_tfrecord(columns)
    else:
        arrow = {
            name: pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), L)
            for name, values in columns.items()
        }
        stream = io.BytesIO()
        pq.write_table(pa.table(arrow), stream)
        data = stream.getvalue()
    findings = Findings()
    verify_rows(io.BytesIO(data), Rules(options, VOCABULARY), findings)
    return list(findings.problems)


@pytest.mark.parametrize("container", CONTAINERS)
def test_rows_written_by_hand_pass(container: OutputFormat) -> None:
    assert problems(good_rows(), container) == []


@pytest.mark.parametrize("masking", get_args(MaskingUnit))
@pytest.mark.parametrize("container", CONTAINERS)
def test_what_bertprep_wrote_passes(container: OutputFormat, masking: MaskingUnit) -> None:
    options = replace(OPTIONS, output_format=container, masking=masking)
    findings = Findings()
    data = io.BytesIO(written(some_rows(500), options))
    verify_rows(data, Rules(options, VOCABULARY), findings)
    assert (findings.rows, findings.problems) == (500, [])


TEXT = "a token of the text, [MASK] or [UNK]"
DAMAGED = [
    ("token_ids", 0, 10, "token_ids[0]: expected [CLS], got 10"),
    ("token_ids", 1, 96, "token_ids[1]: expected an id below 96, got 96"),
    ("token_ids", 1, -1, "token_ids[1]: expected an id below 96, got -1"),
    ("token_ids", 3, CLS, f"token_ids[3]: expected {TEXT}, got 2 ([CLS])"),
    ("token_ids", 3, MASK, "token_ids[3]: expected any token but [MASK], as it is not predicted; "
     "got 4 ([MASK])"),
    ("token_ids", 10, 12, "token_ids[10]: expected [SEP], got 12"),
    ("token_ids", 11, 12, "token_ids[10]: expected a token of the text, [MASK] or [UNK], "
     "got 3 ([SEP])"),
    ("token_ids", 13, 12, "token_ids[13]: expected [PAD], got 12"),
    ("token_ids", 2, UNK, "mask_ids[2]: expected 0, as token_ids[2] is 1 ([UNK]); got 5"),
    ("mask_ids", 0, 5, "mask_ids[0]: expected 0, as token_ids[0] is 2 ([CLS]); got 5"),
    ("mask_ids", 10, 11, "mask_ids[10]: expected 0, as token_ids[10] is 3 ([SEP]); got 11"),
    ("mask_ids", 15, 11, "mask_ids[15]: expected 0, as token_ids[15] is 0 ([PAD]); got 11"),
    ("mask_ids", 2, 97, "mask_ids[2]: expected 0 or 1 more than an id below 96, got 97"),
    ("mask_ids", 2, -5, "mask_ids[2]: expected 0 or 1 more than an id below 96, got -5"),
    ("mask_ids", 2, SEP + 1, "mask_ids[2]: expected 1 more than the id of [MASK] or of no special "
     "token; got that of 3 ([SEP])"),
    ("mask_ids", 2, 0, "expected 3 predictions in 11 tokens, got 2"),
    ("mask_ids", 3, 13, "expected 3 predictions in 11 tokens, got 4"),
]  # fmt: skip


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(("name", "place", "value", "message"), DAMAGED)
def test_a_damaged_row_is_named(
    container: OutputFormat, name: str, place: int, value: int, message: str
) -> None:
    columns = good_rows()
    columns[name][3, place] = value
    assert problems(columns, container) == [(3, message)]


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_row_without_text_is_named(container: OutputFormat) -> None:
    columns = good_rows()
    columns["token_ids"][1, 1:], columns["mask_ids"][1] = PAD, 0
    assert problems(columns, container) == [(1, "length: expected 3 to 16 tokens, got 1")]
