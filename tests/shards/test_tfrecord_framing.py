"""TFRecord writing and reading: against bytes worked by hand, and against TensorFlow."""

import io
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from bertprep.shards.tfrecord_framing import (
    Columns,
    TFRecordError,
    decode_example,
    frame_records,
    read_columns,
    read_records,
)
from bertprep.shards.tfrecord_writing import encode_examples, encode_tfrecord

# {"a": int64 [1, 300], "b": float [0.5]}; 300 is 2 * 128 + 44: 44 | 0x80, then 2.
EXAMPLE = bytes.fromhex(
    "0a 1d"  # features: 29 bytes
    "  0a 0c"  # an entry: 12 bytes
    "    0a 01 61"  # name: "a"
    "    12 07  1a 05  0a 03  01 ac 02"  # feature: int64_list: packed
    "  0a 0d"  # an entry: 13 bytes
    "    0a 01 62"  # name: "b"
    "    12 08  12 06  0a 04  00 00 00 3f"  # feature: float_list: packed
)

# The check value of CRC-32C: that of "123456789" is e3069283. Rotated right by 15 bits that is
# 2507c60d; plus a282ead8 it is c78ab0e5.
RECORD = bytes.fromhex(
    "09 00 00 00 00 00 00 00  37 f9 71 39"  # length and its checksum
    "31 32 33 34 35 36 37 38 39  e5 b0 8a c7"  # data and its checksum
)

any_int64 = st.one_of(
    st.integers(0, 1),
    st.integers(0, 30522),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(0, 62).flatmap(lambda bit: st.integers(2**bit - 1, 2**bit)),
)


@st.composite
def any_columns(draw: st.DrawFn) -> dict[str, NDArray[Any]]:
    rows = draw(st.integers(1, 7))
    shape = st.tuples(st.just(rows), st.integers(0, 5))
    matrix = st.one_of(
        hnp.arrays(np.int64, shape, elements=any_int64),
        hnp.arrays(np.float32, shape),
    )
    return draw(st.dictionaries(st.text(max_size=9), matrix, min_size=1, max_size=4))


def bert_rows(rows: int = 50, seed: int = 1) -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(seed)
    return {
        "input_ids": rng.integers(0, 30522, (rows, 128)),
        "input_mask": rng.integers(0, 2, (rows, 128)),
        "masked_lm_weights": rng.integers(0, 2, (rows, 20)).astype(np.float32),
        "next_sentence_labels": rng.integers(0, 2, (rows, 1)),
    }


def records_of(columns: Columns) -> list[bytes]:
    return list(read_records(io.BytesIO(encode_tfrecord(columns)), "x"))


def assert_same(got: Columns, expected: Columns) -> None:
    assert set(got) == set(expected)
    for name, values in expected.items():
        assert got[name].dtype == values.dtype
        assert got[name].shape == values.shape
        assert got[name].tobytes() == values.tobytes()  # NaN is itself, -0.0 is not 0.0


def test_a_record_worked_by_hand() -> None:
    columns = {"b": np.array([0.5], np.float32), "a": np.array([[1, 300]])}
    data, offsets = encode_examples(columns)
    assert data.tobytes() == EXAMPLE
    assert offsets.tolist() == [0, 31]
    assert_same(decode_example(EXAMPLE), {"a": np.array([1, 300]), "b": columns["b"]})


def test_a_frame_worked_by_hand() -> None:
    assert frame_records(b"123456789", np.array([0, 9])) == RECORD
    assert list(read_records(io.BytesIO(RECORD), "x")) == [b"123456789"]


@given(any_columns())
def test_what_is_written_is_read(columns: dict[str, NDArray[Any]]) -> None:
    assert_same(read_columns(io.BytesIO(encode_tfrecord(columns)), "x"), columns)


@pytest.mark.tensorflow
@given(any_columns())
def test_messages_are_those_of_tensorflow(columns: dict[str, NDArray[Any]]) -> None:
    tf = pytest.importorskip("tensorflow")

    def feature(values: NDArray[Any]) -> Any:
        if values.dtype == np.float32:
            return tf.train.Feature(float_list=tf.train.FloatList(value=values))
        return tf.train.Feature(int64_list=tf.train.Int64List(value=values))

    for i, record in enumerate(records_of(columns)):
        features = {name: feature(values[i]) for name, values in columns.items()}
        example = tf.train.Example(features=tf.train.Features(feature=features))
        message = example.SerializeToString(deterministic=True)
        assert tf.train.Example.FromString(record).SerializeToString(deterministic=True) == message
        # protobuf's Python library (upb) sorts "ab" before "a", against the order of bytes.
        if not any(b.startswith(a) for a, b in permutations(columns, 2)):
            assert record == message


@pytest.mark.tensorflow
def test_tensorflow_reads_the_file(tmp_path: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    columns = bert_rows()
    path = tmp_path / "x.tfrecord"
    path.write_bytes(encode_tfrecord(columns))
    layout = {
        name: tf.io.FixedLenFeature(values.shape[1:], values.dtype)
        for name, values in columns.items()
    }
    dataset = tf.data.TFRecordDataset(str(path))
    rows = list(dataset.map(lambda row: tf.io.parse_single_example(row, layout)))
    assert_same({name: np.stack([row[name] for row in rows]) for name in columns}, columns)


@pytest.mark.tensorflow
def test_tensorflow_writes_what_is_read(tmp_path: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    path = str(tmp_path / "x.tfrecord")
    with tf.io.TFRecordWriter(path) as writer:
        writer.write(EXAMPLE)
        writer.write(b"")
    with open(path, "rb") as stream:
        assert list(read_records(stream, path)) == [EXAMPLE, b""]


def test_the_size_of_blocks_does_not_show() -> None:
    columns = bert_rows()
    whole = encode_tfrecord(columns)
    assert frame_records(*encode_examples(columns)) == whole
    assert encode_tfrecord(columns, block_rows=7) == whole
    assert frame_records(*encode_examples(columns, block_rows=7)) == whole


@pytest.mark.parametrize("dtype", ["?", "i1", "u2", ">i4", "u8", "f2", ">f4", "f8"])
def test_other_dtypes_and_memory_orders(dtype: str) -> None:
    columns = {"a": np.asfortranarray(np.arange(6).reshape(3, 2)).astype(dtype)}
    before = columns["a"].copy()
    kind = np.float32 if columns["a"].dtype.kind == "f" else np.int64
    read = read_columns(io.BytesIO(encode_tfrecord(columns)), "x")
    assert_same(read, {"a": np.ascontiguousarray(before, kind)})
    assert np.array_equal(columns["a"], before)


def test_no_rows_and_an_empty_file() -> None:
    columns = {"a": np.empty((0, 128), np.int64)}
    data, offsets = encode_examples(columns)
    assert (data.size, offsets.tolist()) == (0, [0])
    assert encode_tfrecord(columns) == b""
    assert list(read_records(io.BytesIO(b""), "x")) == []
    assert read_columns(io.BytesIO(b""), "x") == {}


def test_a_limit_reads_no_further() -> None:
    file = encode_tfrecord(bert_rows(5))
    damaged = io.BytesIO(file[:-1])
    assert_same(read_columns(damaged, "x", limit=4), {k: v[:4] for k, v in bert_rows(5).items()})


@given(st.data())
def test_any_flipped_bit_is_noticed(data: st.DataObject) -> None:
    file = bytearray(frame_records(EXAMPLE * 3, np.array([0, 31, 62, 93])))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(TFRecordError, match=rf"some\.tfrecord: .*record {at // 47}\b.*checksum"):
        list(read_records(io.BytesIO(file), "some.tfrecord"))


def test_any_truncation_within_a_record_is_noticed() -> None:
    file = frame_records(EXAMPLE * 2, np.array([0, 31, 62]))
    for size in set(range(len(file))) - {0, 47}:
        with pytest.raises(TFRecordError, match=rf"x: .*record {size // 47}: truncated"):
            list(read_records(io.BytesIO(file[:size]), "x"))


def test_unpacked_and_merged_values_are_read() -> None:
    unpacked = bytes.fromhex("0a 12  0a 10  0a 01 61  12 0b  1a 05  08 01 08 ac 02  1a 02  08 07")
    assert decode_example(unpacked)["a"].tolist() == [1, 300, 7]
    floats = bytes.fromhex("0a 13  0a 11  0a 01 61  12 0c  12 0a  0d 00 00 00 3f  0d 00 00 80 3f")
    assert decode_example(floats)["a"].tolist() == [0.5, 1.0]


def test_a_feature_without_a_list_is_absent_and_unknown_fields_are_passed() -> None:
    assert decode_example(bytes.fromhex("0a 07  0a 05  0a 01 61  12 00")) == {}
    assert list(decode_example(bytes.fromhex("10 01  19 0102030405060708") + EXAMPLE)) == ["a", "b"]


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("0a 0c  0a 0a  0a 01 61  12 05  0a 03  0a 01 78", "a: .*got bytes_list"),
        ("0a 0d  0a 0b  0a 01 61  12 06  12 04  0a 02 00 00", "a: .*got 2 bytes in field 2"),
        ("0a 0c  0a 0a  0a 01 61  12 05  1a 03  0a 01 80", "varint does not end"),
        ("0a 05  0a", "passes the end"),
        ("0b 00", "passes the end"),
        ("0a 80", "varint does not end"),
    ],
)
def test_messages_that_cannot_be_read(message: str, error: str) -> None:
    record = bytes.fromhex(message)
    with pytest.raises(TFRecordError, match=error):
        decode_example(record)
    file = frame_records(EXAMPLE + record, np.array([0, 31, 31 + len(record)]))
    with pytest.raises(TFRecordError, match=f"^x: record 1: .*{error}"):
        read_columns(io.BytesIO(file), "x")


def test_rows_that_differ_are_refused() -> None:
    file = encode_tfrecord({"a": np.zeros((1, 2))}) + encode_tfrecord({"a": np.zeros((1, 3))})
    with pytest.raises(TFRecordError, match=r"x: record 1: expected .*2.*, got .*3"):
        read_columns(io.BytesIO(file), "x")
