"""Records of many lengths and spellings are parsed as TensorFlow parses them; damage is named."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from bertprep.checks.rules import Rules
from bertprep.checks.verify import verify_rows
from bertprep.shards.findings import Findings
from bertprep.shards.tfrecord_framing import TFRecordError, decode_example, frame_records
from bertprep.shards.tfrecord_parsing import parse_records
from bertprep.shards.tfrecord_writing import encode_examples, encode_tfrecord
from tests.checks.good_rows import (
    VOCABULARY,
    Columns,
    L,
    P,
    flipped,
    good_rows,
    options,
    row_is_right,
    verified,
)


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
