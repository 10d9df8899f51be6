"""One shard: blocks of one size, one container or the other, and its digest."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import get_args

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.digests import DigestingStream
from bertprep.examples.assemble import assemble, example_schema
from bertprep.examples.mask import Masker
from bertprep.examples.statistics import count_examples
from bertprep.layouts.pack import places_of, unpack
from bertprep.options import Masking, MaskingOptions, MaskingUnit, OutputFormat, ShardOptions
from bertprep.report.decode import read_rows
from bertprep.shards.compose import equal_blocks
from bertprep.shards.sizes import Sizes
from bertprep.shards.tfrecord_framing import read_columns
from bertprep.shards.write import ShardResult, row_edges, write_shard
from bertprep.vocabulary.vocabulary import Vocabulary
from tests.laid_out import lay_out, unmasked_examples

WORDS = tuple(f"w{i}" for i in range(90))
VOCABULARY = Vocabulary(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS), lowercase=True)
PARQUET = ShardOptions(max_seq_length=16, max_predictions_per_seq=4)
TFRECORD = ShardOptions(max_seq_length=16, max_predictions_per_seq=4, output_format="tfrecord")
MASKER = Masker(VOCABULARY, MaskingOptions(max_predictions_per_seq=4))


def some_rows(n: int, seed: int = 0) -> pa.RecordBatch:
    rng = np.random.default_rng(seed)
    lengths = rng.integers(2, 14, n)
    columns = [
        pa.array(np.sort(rng.integers(0, 2**63, n, dtype=np.uint64))),
        pa.array(rng.integers(0, 2, n).astype(np.int8)),
        pa.array((lengths // 2).astype(np.int32)),
        [rng.integers(5, 95, length).tolist() for length in lengths],
    ]
    return pa.record_batch(columns, schema=example_schema(len(VOCABULARY)))


def cut(rows: pa.RecordBatch, edges: list[int]) -> Iterator[pa.RecordBatch]:
    for first, last in pairwise([0, *edges, rows.num_rows]):
        yield rows.slice(first, last - first)


# Blocks of ten rows and row groups of twenty, where a row has 16 tokens; packed in small windows.
SMALL = Sizes(block_tokens=165, row_group_blocks=2, window_tokens=500)


def written(options: ShardOptions, batches: list[pa.RecordBatch]) -> tuple[bytes, ShardResult]:
    stream = io.BytesIO()
    masker = MASKER if options.masking != "none" else None
    result = write_shard(stream, batches, VOCABULARY, masker, options, SMALL)
    return stream.getvalue(), result


def test_parquet_holds_the_columns_of_the_layout() -> None:
    rows = some_rows(45)
    data, result = written(PARQUET, [rows])
    file = pq.ParquetFile(io.BytesIO(data))
    examples = assemble(rows, VOCABULARY, 16)
    expected = lay_out(examples, MASKER(examples), "huggingface", "nsp")
    table = file.read()
    assert table.column_names == list(expected)
    for name, values in expected.items():
        column = table.column(name)
        assert np.array_equal(np.array(column.to_pylist()), values)
        kind = pa.from_numpy_dtype(values.dtype)
        assert column.type == (pa.list_(kind, values.shape[1]) if values.ndim > 1 else kind)
        assert not column.null_count
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert sizes == [20, 20, 5]
    assert {file.metadata.row_group(0).column(i).compression for i in range(5)} == {"ZSTD"}
    assert result.rows == 45


def test_tfrecord_holds_the_columns_of_the_layout() -> None:
    rows = some_rows(25)
    data, result = written(TFRECORD, [rows])
    examples = assemble(rows, VOCABULARY, 16)
    expected = lay_out(examples, MASKER(examples), "google", "nsp")
    columns = read_columns(io.BytesIO(data), "shard")
    assert set(columns) == set(expected)
    for name, values in expected.items():
        assert np.array_equal(columns[name], values)
    assert result.rows == 25


@pytest.mark.parametrize("options", [PARQUET, TFRECORD])
def test_result_says_what_was_written(options: ShardOptions) -> None:
    rows = some_rows(25)
    data, result = written(options, [rows])
    assert result.size == len(data)
    assert result.digest == hashlib.sha256(data).hexdigest()
    examples = assemble(rows, VOCABULARY, 16)
    assert result.statistics == count_examples(examples, MASKER(examples), VOCABULARY)


@pytest.mark.parametrize("options", [PARQUET, TFRECORD])
def test_bytes_do_not_depend_on_how_the_rows_come(options: ShardOptions) -> None:
    rows = some_rows(25)
    whole, _ = written(options, [rows])
    for edges in ([1], [10], [9, 11], [0, 3, 3, 24], list(range(1, 25))):
        assert written(options, list(cut(rows, edges)))[0] == whole


def test_any_layout_goes_into_either_container() -> None:
    options = ShardOptions(max_seq_length=16, max_predictions_per_seq=4, layout="google")
    data, _ = written(options, [some_rows(12)])
    table = pq.read_table(io.BytesIO(data))
    assert table.schema.field("masked_lm_weights").type == pa.list_(pa.float32(), 4)
    assert table.schema.field("next_sentence_labels").type == pa.list_(pa.int64(), 1)
    tfrecord = ShardOptions(
        max_seq_length=16, max_predictions_per_seq=4, output_format="tfrecord", layout="huggingface"
    )
    data, _ = written(tfrecord, [some_rows(12)])
    assert read_columns(io.BytesIO(data), "shard")["labels"].shape == (12, 16)


PACKED = replace(PARQUET, max_seq_length=64, pack=True)


@pytest.mark.parametrize("container", ["parquet", "tfrecord"])
@pytest.mark.parametrize("masking", ["token", "none"])
def test_packed_shards_hold_every_example_masked_by_its_own_key(
    container: OutputFormat, masking: Masking
) -> None:
    """In windows of some hundred tokens, rows of which no other window's example is a part."""
    options = replace(PACKED, output_format=container, layout="huggingface", masking=masking)
    rows = some_rows(145)
    data, result = written(options, [rows])
    columns = read_rows(io.BytesIO(data), "x", 1000, container)
    examples = assemble(rows, VOCABULARY, 64)
    masks = MASKER(examples) if masking != "none" else None
    expected = lay_out(examples, masks, "huggingface", "nsp")
    found = unpack(columns, places_of(columns["sequence_ids"]), VOCABULARY.pad_id)
    assert rows_by_name(found) == rows_by_name(expected)
    assert result.rows == len(columns["input_ids"]) == result.statistics["packed_rows"]
    fill = examples.lengths.sum() / (64 * result.rows)
    assert fill > 0.8  # the last row of a window has room
    one_row_each = count_examples(examples, masks, VOCABULARY)
    full = np.count_nonzero((columns["sequence_ids"] > 0).all(axis=1))
    slots = {"slots": 64 * result.rows, "full_rows": full, "packed_rows": result.rows}
    assert result.statistics == {**one_row_each, **slots}


def rows_by_name(columns: dict[str, np.ndarray]) -> list[tuple[object, ...]]:
    """The examples in some order, without their padding."""
    lengths = columns["attention_mask"].sum(axis=1).astype(int)
    names = sorted(columns)
    return sorted(
        tuple(str(np.atleast_1d(columns[name][n])[: lengths[n]].tolist()) for name in names)
        for n in range(len(lengths))
    )


def test_packed_bytes_do_not_depend_on_how_the_rows_come() -> None:
    rows = some_rows(145)
    whole, _ = written(PACKED, [rows])
    for edges in ([1], [10], [9, 11], [0, 3, 3, 140], list(range(1, 145))):
        assert written(PACKED, list(cut(rows, edges)))[0] == whole


def test_packed_rows_come_in_row_groups_of_one_size() -> None:
    data, result = written(replace(PACKED, max_seq_length=16), [some_rows(300)])
    file = pq.ParquetFile(io.BytesIO(data))
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert sum(sizes) == result.rows
    assert set(sizes[:-1]) == {20}


@given(st.lists(st.integers(0, 23), max_size=6), st.integers(0, 30), st.integers(1, 12))
def test_blocks_are_equal_but_the_last(cuts: list[int], n: int, size: int) -> None:
    rows = some_rows(n)
    batches = list(cut(rows, sorted(min(edge, n) for edge in cuts)))
    blocks = list(equal_blocks(batches, size))
    sizes = [block.num_rows for block in blocks]
    assert sizes == [size] * (n // size) + ([n % size] if n % size else [])
    assert [row for block in blocks for row in block.to_pylist()] == rows.to_pylist()


@given(st.integers(0, 10**15), st.integers(1, 500))
def test_shards_are_equal_to_one_row(rows: int, shards: int) -> None:
    edges = row_edges(rows, shards)
    sizes = [last - first for first, last in pairwise(edges)]
    assert (edges[0], edges[-1], len(sizes)) == (0, rows, shards)
    assert max(sizes) - min(sizes) <= 1


def test_row_edges_worked_by_hand() -> None:
    assert row_edges(10, 4) == [0, 2, 5, 7, 10]
    assert row_edges(3, 1) == [0, 3]


def test_a_digesting_stream_is_a_stream() -> None:
    target = io.BytesIO()
    stream = DigestingStream(target)
    assert stream.write(b"ab") == 2
    assert stream.write(memoryview(np.arange(3, dtype=np.int32))) == 12
    stream.flush()
    assert stream.tell() == stream.size == 14
    assert stream.hexdigest() == hashlib.sha256(target.getvalue()).hexdigest()


@pytest.mark.parametrize("masking", get_args(MaskingUnit))
@pytest.mark.parametrize("options", [PARQUET, TFRECORD])
def test_rows_stored_without_masks_can_be_masked_as_if_they_were_never_stored(
    options: ShardOptions, masking: MaskingUnit
) -> None:
    """Whole words too, ## pieces and those of a word segmenter: word_starts says all it takes."""
    rows = some_rows(200)
    ids = rows.column("ids").flatten().to_numpy().copy()
    ids[::5] |= np.uint16(1 << 15)  # goes on with the word before
    lists = pa.ListArray.from_arrays(rows.column("ids").offsets, pa.array(ids))
    rows = pa.record_batch([*rows.columns[:3], lists], schema=rows.schema)
    stream = io.BytesIO()
    stored = replace(options, masking="none", word_segmenter="jieba")
    write_shard(stream, [rows], VOCABULARY, None, stored)
    stream.seek(0)
    columns = read_rows(stream, "shard", 200, options.output_format)
    assert "word_starts" in columns
    examples = assemble(rows, VOCABULARY, 16)
    back = unmasked_examples(columns, examples.keys, options.column_layout)
    masker = Masker(VOCABULARY, MaskingOptions(masking, 0.4))
    for ours, expected in zip(masker(back), masker(examples), strict=True):
        assert np.array_equal(ours, expected)
