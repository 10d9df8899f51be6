"""A shard is read as far as it can be; what cannot be read is a finding."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from bertprep.shards.findings import Findings
from bertprep.shards.read import open_parquet
from bertprep.shards.sizes import Sizes
from bertprep.shards.tfrecord_writing import encode_tfrecord
from tests.checks.good_rows import (
    SEP,
    Columns,
    L,
    flipped,
    good_rows,
    options,
    parquet,
    row_is_right,
    verified,
)


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


class _Watched(io.BytesIO):
    """Notes which threads read it."""

    readers: set[int]

    def read(self, size: int | None = -1, /) -> bytes:
        self.__dict__.setdefault("readers", set()).add(threading.get_ident())
        return super().read(size)


def test_no_other_thread_reads_a_shard_and_may_be_at_it_when_the_process_ends() -> None:
    stream = _Watched(parquet(good_rows(n=100), rows_of_a_group=7))
    with open_parquet(stream) as file:
        assert sum(file.read_row_group(i).num_rows for i in range(file.num_row_groups)) == 100
    assert stream.readers == {threading.get_ident()}


def test_an_empty_file_has_no_rows() -> None:
    assert verified(b"", options()) == Findings(rows=0)
    empty = {name: values[:0] for name, values in good_rows().items()}
    assert verified(parquet(empty), options(container="parquet")) == Findings(rows=0)


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


@pytest.mark.slow
def test_every_byte_of_a_tfrecord_counts() -> None:
    data = encode_tfrecord(good_rows(n=2))
    size = len(data) // 2
    for place in range(len(data)):
        findings = verified(flipped(data, place), options())
        is_length = place % size < 12
        message = (
            "wrong checksum of its length: no record from here on can be read"
            if is_length
            else "wrong checksum: the record is damaged"
        )
        assert findings.problems == [(place // size, message)]
        assert findings.rows == (None if is_length else 2)


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
    damaged = [
        flipped(data, place, bits) for place in range(0, len(data), 19) for bits in (1, 0x80)
    ]
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
