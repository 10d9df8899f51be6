"""tf.train.Example messages: against bytes worked by hand."""

from itertools import pairwise

import numpy as np
import pytest

from bertprep.shards.tfrecord_framing import Columns, decode_example
from bertprep.shards.tfrecord_writing import encode_examples


def messages(columns: Columns) -> list[bytes]:
    data, offsets = encode_examples(columns)
    return [data[start:stop].tobytes() for start, stop in pairwise(offsets.tolist())]


def test_rows_of_different_sizes() -> None:
    columns = {"a": np.array([[1, 300], [2, 3]]), "b": np.zeros((2, 0))}
    nothing = "0a 07  0a 01 62  12 02  12 00"  # "b": a float_list without values
    assert messages(columns) == [
        bytes.fromhex("0a 17  0a 0c  0a 01 61  12 07  1a 05  0a 03  01 ac 02" + nothing),
        bytes.fromhex("0a 16  0a 0b  0a 01 61  12 06  1a 04  0a 02  02 03" + nothing),
    ]


def test_rows_that_are_all_the_same_bytes() -> None:
    assert (
        messages({"a": np.zeros((3, 0))}) == [bytes.fromhex("0a 09 0a 07 0a 01 61 12 02 12 00")] * 3
    )


@pytest.mark.parametrize(
    ("value", "varint"),
    [
        (0, "00"),
        (127, "7f"),
        (128, "80 01"),
        (16383, "ff 7f"),
        (16384, "80 80 01"),
        (131071, "ff ff 07"),  # the last that is looked up
        (131072, "80 80 08"),
        (2**63 - 1, "ff ff ff ff ff ff ff ff 7f"),
        (-1, "ff ff ff ff ff ff ff ff ff 01"),
        (-(2**63), "80 80 80 80 80 80 80 80 80 01"),
    ],
)
def test_varints_at_the_edges(value: int, varint: str) -> None:
    """Alone, and among rows of other widths."""
    (record,) = messages({"a": np.array([value])})
    assert record.endswith(bytes.fromhex(varint))
    assert len(record) == 13 + len(bytes.fromhex(varint))
    assert messages({"a": np.array([1, value, 0])})[1] == record
    assert decode_example(record)["a"].tolist() == [value]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({}, "expected columns"),
        ({"a": np.zeros(2), "b": np.zeros(3)}, "one number of rows"),
        ({"a": np.array(["x"])}, "a: expected integers or floats"),
        ({"a": np.zeros((2, 3, 4))}, r"a: .* got float64\[2, 3, 4\]"),
        ({"a": np.array([2**63], np.uint64)}, "a: expected values below"),
    ],
)
def test_columns_that_cannot_be_written(columns: Columns, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        encode_examples(columns)
