"""LDDL's rows: worked by hand, read as its loader reads them, and checked when they are damaged."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from itertools import product
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.checks.rules import Rules
from bertprep.checks.verify import verify_rows
from bertprep.errors import UsageError
from bertprep.examples.assemble import assemble, example_schema
from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masker, Masks
from bertprep.layouts.lddl import LDDL, equal_shards, num_samples_json
from bertprep.layouts.registry import layout_of, schema_of
from bertprep.options import Masking, ShardOptions, Task
from bertprep.report.decode import decode_rows, read_rows, text_of
from bertprep.shards.findings import Findings
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.shards.write import write_shard
from bertprep.vocabulary.reading_settings import AddedToken, Settings
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, Vocabulary
from tests.laid_out import lay_out
from tests.reference import read_as_lddl

WORDS = ("what", "do", "pandas", "eat", "bam", "##boo", "?", "table", "they", "rest", "é", "竹")
VOCABULARY = Vocabulary(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS), True)
L, P = 16, 4
OPTIONS = ShardOptions(
    layout="lddl", max_seq_length=L, max_predictions_per_seq=P, masked_lm_prob=0.25
)
MASKINGS = get_args(Masking)


def ids(text: str) -> list[int]:
    return [VOCABULARY.ids[token] for token in text.split()]


def npy(*positions: int) -> bytes:
    """What LDDL's preprocessor stores: numpy.save of the positions as uint16."""
    stream = io.BytesIO()
    np.save(stream, np.asarray(positions, np.uint16))
    return stream.getvalue()


# Two rows of 10 and 5 tokens, of which the second has nothing to predict.
TEXTS = ["[CLS] what do pandas eat ? [SEP] bam ##boo [SEP]", "[CLS] é [SEP] [UNK] [SEP]"]
SHOWN = ["[CLS] what do [MASK] table ? [SEP] bam [MASK] [SEP]", "[CLS] é [SEP] [UNK] [SEP]"]
PADDED = [ids(text) + [0] * (L - len(text.split())) for text in TEXTS]
EXAMPLES = Examples(
    np.array([1, 2], np.uint64),
    np.array(PADDED, np.int32),
    np.array([10, 5]),
    np.array([7, 3]),
    np.array([1, 0], np.int8),
    np.zeros((2, L), bool),
)
MASKS = Masks(
    np.array([ids(text) + [0] * (L - len(text.split())) for text in SHOWN], np.int32),
    np.array([[3, 4, 8, 0], [0, 0, 0, 0]]),
    np.array([[*ids("pandas eat ##boo"), 0], [0, 0, 0, 0]], np.int32),
    np.array([3, 0]),
    np.array([3, 1]),
)
ROWS = {
    "A": ["what do [MASK] table ?", "é"],
    "B": ["bam [MASK]", "[UNK]"],
    "is_random_next": [True, False],
    "num_tokens": [10, 5],
    "masked_lm_positions": [npy(3, 4, 8), npy()],
    "masked_lm_labels": ["pandas eat ##boo", ""],
}


# As written


def test_rows_worked_by_hand() -> None:
    columns = lay_out(EXAMPLES, MASKS, "lddl", "nsp", VOCABULARY)
    assert {name: values.to_pylist() for name, values in columns.items()} == ROWS
    assert [(name, values.type) for name, values in columns.items()] == [
        ("A", pa.string()),
        ("B", pa.string()),
        ("is_random_next", pa.bool_()),
        ("num_tokens", pa.uint16()),
        ("masked_lm_positions", pa.binary()),
        ("masked_lm_labels", pa.string()),
    ]


def test_rows_without_masks_hold_the_text_as_it_is() -> None:
    columns = lay_out(EXAMPLES, None, "lddl", "nsp", VOCABULARY)
    assert {name: values.to_pylist() for name, values in columns.items()} == {
        "A": ["what do pandas eat ?", "é"],
        "B": ["bam ##boo", "[UNK]"],
        "is_random_next": [True, False],
        "num_tokens": [10, 5],
    }


def test_the_rows_of_each_shard_are_listed() -> None:
    rows = {"a.parquet": 7, "b.parquet": 6, "c.parquet": 7}
    assert json.loads(num_samples_json(rows)) == rows


def test_equal_shards_are_listed_as_two_sizes() -> None:
    equal = {"b.parquet": 7, "c.parquet": 7, "a.parquet": 7}
    assert json.loads(num_samples_json(equal)) == equal | {"c.parquet": 8}


def test_shards_are_equal_or_not_within_their_bin() -> None:
    rows = {"0.parquet_0": 7, "1.parquet_0": 7, "2.parquet_1": 3, "3.parquet_1": 4}
    assert json.loads(num_samples_json(rows)) == rows | {"1.parquet_0": 8}


def test_each_bin_has_as_many_shards() -> None:
    assert equal_shards([9], None, usual=1) == [2]
    assert equal_shards([9, 0, 4], None, usual=3) == [3, 0, 3]
    assert equal_shards([9, 0, 4], None, usual=8) == [4, 0, 4]
    assert equal_shards([9, 0, 4], 4, usual=1) == [4, 0, 4]
    for rows, asked, needed in (([9, 0, 4], 5, 5), ([9, 1], None, 2), ([1], None, 2)):
        with pytest.raises(UsageError, match=f"needs {needed} rows .*; got {min(rows) or 4}:"):
            equal_shards(rows, asked, usual=1)


# As read


def some_rows(n: int) -> pa.RecordBatch:
    """Pairs of all lengths; of two the text is one token again and again: [UNK], or ##boo."""
    rng = np.random.default_rng(5)
    lengths = rng.integers(2, L - 2, n)
    text = [rng.choice([1, *range(5, 17)], size).tolist() for size in lengths]
    text[7], text[9] = [1] * lengths[7], [10] * lengths[9]
    columns = [
        pa.array(np.sort(rng.integers(0, 2**63, n, dtype=np.uint64))),
        pa.array(rng.integers(0, 2, n).astype(np.int8)),
        pa.array((lengths * rng.uniform(size=n)).astype(np.int32).clip(1, lengths - 1)),
        text,
    ]
    return pa.record_batch(columns, schema=example_schema(len(VOCABULARY)))


def masker(options: ShardOptions) -> Masker | None:
    masking = options.masking_options
    return Masker(VOCABULARY, masking) if masking else None


def written(rows: pa.RecordBatch, options: ShardOptions, sizes: Sizes = SIZES) -> bytes:
    stream = io.BytesIO()
    write_shard(stream, [rows], VOCABULARY, masker(options), options, sizes)
    return stream.getvalue()


@pytest.mark.parametrize("masking", MASKINGS)
def test_its_loader_sees_what_the_huggingface_layout_says(masking: Masking) -> None:
    options = replace(OPTIONS, masking=masking)
    rows = some_rows(300)
    examples = assemble(rows, VOCABULARY, L)
    mask = masker(options)
    expected = lay_out(examples, mask(examples) if mask else None, "huggingface", "nsp")
    expected.pop("word_starts", None)
    table = pq.read_table(io.BytesIO(written(rows, options)))
    found = read_as_lddl(table.to_pylist(), VOCABULARY.ids, L)
    assert set(found) == set(expected)
    for name, values in expected.items():
        assert np.array_equal(found[name], values), name
    if masking != "none":
        assert not (expected["labels"][7] != -100).any()  # a row that predicts nothing


def test_no_token_may_hold_a_space() -> None:
    """Of those that text is searched for: one of two words would be read as two tokens."""

    def made(*tokens: str) -> Vocabulary:
        added = tuple(AddedToken(len(SPECIAL_TOKENS) + i) for i in range(len(tokens)))
        return Vocabulary((*SPECIAL_TOKENS, *tokens), True, Settings(added=added))

    LDDL.check_vocabulary(made("c++", "u.s."))
    with pytest.raises(UsageError, match="the added token 'new york' of the vocabulary holds one"):
        LDDL.check_vocabulary(made("c++", "new york"))
    layout_of("huggingface").check_vocabulary(made("new york"))


def test_inspect_shows_them() -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table(ROWS, lddl_schema(is_masked=True)), stream)
    columns = read_rows(stream, "x.parquet", 10, "parquet")
    rows = decode_rows(columns, OPTIONS, VOCABULARY)
    assert [(text_of(a), text_of(b or []), label) for a, b, label in rows] == [
        ("what do [MASK](pandas) table(eat) ?", "bam [MASK](##boo)", 1),
        ("é", "[UNK]", 0),
    ]
    unmasked = {name: values for name, values in columns.items() if "masked" not in name}
    assert text_of(decode_rows(unmasked, OPTIONS, VOCABULARY)[0].a) == "what do [MASK] table ?"


def test_inspect_reads_a_position_that_ends_with_a_zero() -> None:
    """4 is a four and a zero in little-endian order, and numpy's own bytes drop the zero."""
    stream = io.BytesIO()
    pq.write_table(pa.table({"masked_lm_positions": [npy(4)]}), stream)
    assert read_rows(stream, "x.parquet", 1, "parquet")["masked_lm_positions"].tolist() == [npy(4)]


# Verified


def lddl_schema(is_masked: bool) -> pa.Schema:
    return schema_of(replace(OPTIONS, masking="token" if is_masked else "none")).arrow()


def verified(data: bytes, options: ShardOptions, sizes: Sizes = SIZES) -> Findings:
    findings = Findings()
    verify_rows(io.BytesIO(data), Rules(options, VOCABULARY), findings, sizes)
    return findings


def problems(
    columns: dict[str, list[Any]], options: ShardOptions = OPTIONS, sizes: Sizes = SIZES
) -> list[Any]:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns, lddl_schema(options.masking != "none")), stream)
    return verified(stream.getvalue(), options, sizes).problems


def good_rows(n: int = 5) -> dict[str, list[Any]]:
    """The first row above, n times: 10 tokens, and a quarter of them predicted, which is 2."""
    row = {name: values[0] for name, values in ROWS.items()}
    row |= {"B": "bam ##boo", "masked_lm_positions": npy(3, 4), "masked_lm_labels": "pandas eat"}
    return {name: [value] * n for name, value in row.items()}


@pytest.mark.parametrize(("masking", "task"), list(product(MASKINGS, ("nsp", "sop"))))
def test_what_bertprep_wrote_passes(masking: Masking, task: Task) -> None:
    options = replace(OPTIONS, masking=masking, task=task)
    findings = verified(written(some_rows(500), options), options)
    assert (findings.rows, findings.problems) == (500, [])


def test_rows_written_by_hand_pass() -> None:
    assert problems(good_rows()) == []


TOKENS = "expected tokens of the vocabulary, one space between two; got"
DAMAGED = [
    ("A", "what do [MASK] chair ?", f"A: {TOKENS} 'chair'"),
    ("A", "what do  [MASK] table", f"A: {TOKENS} ''"),
    ("A", "what do [MASK] table ", f"A: {TOKENS} ''"),
    ("B", "bam\tboo", f"B: {TOKENS} 'bam\\tboo'"),
    ("A", "", "num_tokens: expected 5, of A and B; got 10"),
    ("A", "what do [MASK] table", "num_tokens: expected 9, of A and B; got 10"),
    ("num_tokens", 11, "num_tokens: expected 10, of A and B; got 11"),
    ("A", "what do [SEP] table ?", "tokens[6]: expected a token of the text, [MASK] or [UNK], "
     "got 3 ([SEP])"),
    ("B", "bam [PAD]", "tokens[8]: expected a token of the text, [MASK] or [UNK], got 0 ([PAD])"),
    ("B", "bam [MASK]", "tokens[8]: expected any token but [MASK], as it is not predicted; "
     "got 4 ([MASK])"),
    ("A", "what do [UNK] table ?", "tokens[3]: expected [MASK] or no special token, as it is "
     "predicted; got 1 ([UNK])"),
    ("masked_lm_positions", npy(3, 6), "tokens[6]: expected [MASK] or no special token, as it is "
     "predicted; got 3 ([SEP])"),
    ("masked_lm_positions", npy(3, 3), "masked_lm_positions[1]: expected over 3 and below 9, "
     "got 3"),
    ("masked_lm_positions", npy(3, 9), "masked_lm_positions[1]: expected over 3 and below 9, "
     "got 9"),
    ("masked_lm_positions", npy(3, 300), "masked_lm_positions[1]: expected over 3 and below 9, "
     "got 300"),
    ("masked_lm_positions", npy(3), "masked_lm_labels: expected 1 tokens, as there are "
     "masked_lm_positions; got 2"),
    ("masked_lm_positions", npy(1, 2, 3, 4, 5), "masked_lm_positions: expected a .npy file of at "
     "most 4 uint16, 128 bytes and 2 for each; got 138 bytes"),
    ("masked_lm_positions", npy(3, 4)[:-1], "masked_lm_positions: expected a .npy file of at "
     "most 4 uint16, 128 bytes and 2 for each; got 131 bytes"),
    ("masked_lm_positions", b"", "masked_lm_positions: expected a .npy file of at most 4 uint16, "
     "128 bytes and 2 for each; got 0 bytes"),
    ("masked_lm_positions", b"\x92" + npy(3, 4)[1:], "masked_lm_positions: expected the header of "
     "a .npy file of uint16 [2]; got another byte 0"),
    ("masked_lm_positions", npy(3)[:128] + npy(3, 4)[128:], "masked_lm_positions: expected the "
     "header of a .npy file of uint16 [2]; got another byte 61"),
    ("masked_lm_labels", "pandas chair", f"masked_lm_labels: {TOKENS} 'chair'"),
    ("masked_lm_labels", "pandas", "masked_lm_labels: expected 2 tokens, as there are "
     "masked_lm_positions; got 1"),
    ("masked_lm_labels", "", "masked_lm_labels: expected 2 tokens, as there are "
     "masked_lm_positions; got 0"),
    ("masked_lm_labels", "pandas [SEP]", "masked_lm_labels[1]: expected the id of no special "
     "token, got 3 ([SEP])"),
    ("is_random_next", None, "expected no null, got one"),
    ("A", None, "expected no null, got one"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "message"), DAMAGED)
def test_a_damaged_row_is_named(name: str, value: Any, message: str) -> None:
    columns = good_rows()
    columns[name] = [*columns[name][:3], value, columns[name][4]]
    assert problems(columns) == [(3, message)]


def test_bytes_that_are_no_text_are_named() -> None:
    data = io.BytesIO()
    pq.write_table(pa.table(good_rows(), lddl_schema(is_masked=True)), data, compression="none")
    damaged = data.getvalue().replace(b"bam ##boo", b"bam ##\xff\xfeo")
    found = verified(damaged, OPTIONS).problems
    assert found[0][0] == 0
    assert found[0][1] == f"B: {TOKENS} '##\\\\xff\\\\xfeo'"


@pytest.mark.parametrize("side", ["A", "B"])
def test_neither_part_is_empty(side: str) -> None:
    columns = {**good_rows(), side: [""] * 5, "num_tokens": [5 if side == "A" else 8] * 5}
    assert all("expected [CLS] A [SEP] B [SEP]" in message for _, message in problems(columns))
    assert len(problems(columns)) == 5


def test_a_row_is_no_longer_than_asked_for() -> None:
    options = replace(OPTIONS, max_seq_length=9)
    assert problems(good_rows(2), options) == [
        (row, "expected at most 9 tokens, got 10") for row in range(2)
    ]


def test_a_row_predicts_as_many_as_it_should() -> None:
    columns = good_rows()
    columns["masked_lm_positions"][1] = npy(3, 4, 8)
    columns["masked_lm_labels"][1] = "pandas eat rest"
    assert problems(columns) == [(1, "expected 2 predictions in 10 tokens, got 3")]


def test_several_damaged_rows_are_each_named_by_what_is_wrong_first() -> None:
    columns = good_rows()
    columns["A"][0], columns["B"][0] = "what chair or sofa", "sofa"
    columns["A"][3] = "a table and two chairs"
    columns["num_tokens"][2] = 1
    assert problems(columns) == [
        (0, f"A: {TOKENS} 'chair'"),
        (3, f"A: {TOKENS} 'a'"),
        (2, "num_tokens: expected 10, of A and B; got 1"),
    ]


def test_without_masks_nothing_is_masked() -> None:
    options = replace(OPTIONS, masking="none")
    columns = {name: values for name, values in good_rows().items() if "masked" not in name}
    assert problems(columns, options) == [
        (row, "tokens[3]: expected any token but [MASK], got it") for row in range(5)
    ]


def test_columns_of_masks_that_should_not_be_there_are_named() -> None:
    data = written(some_rows(10), OPTIONS)
    found = verified(data, replace(OPTIONS, masking="none")).problems
    extra = "masked_lm_positions binary, masked_lm_labels string"
    assert found == [(None, f"expected the columns {list_of(lddl_schema(False))}; got {extra}")]


def list_of(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {field.type}" for field in schema)


def test_a_shard_is_read_in_blocks() -> None:
    small = Sizes(block_tokens=3 * L)
    rows = some_rows(100)
    assert verified(written(rows, OPTIONS, small), OPTIONS, small).problems == []
    columns = good_rows(100)
    for row in (0, 40, 99):
        columns["masked_lm_positions"][row] = npy(3, 9)
    assert [row for row, _ in problems(columns, sizes=small)] == [0, 40, 99]
