"""Columns and schemas: widths, types and fillings."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from bertprep.layouts.columns import Column, Schema, narrow_dtype, padded_lists, record_dtype

IDS = Column("ids", "ids", "int32", fill=None)
SLOTS = Column("slots", "positions", "int64", "prediction")
LABEL = Column("label", "pair", "int64", "example", fill=-100)
LISTED = Column("listed", "pair", "int64", "example", is_list=True)
TEXT = Column("text", "text", pa.string(), "row")
LISTS = Column("lists", "types", "int8", is_ragged=True)
SCHEMA = Schema((IDS, SLOTS, LABEL, LISTED, TEXT, LISTS), 8, 2)


def test_the_width_of_a_column() -> None:
    assert [SCHEMA.width(column) for column in SCHEMA.columns] == [8, 2, None, 1, None, 8]
    assert [SCHEMA.shape(column) for column in SCHEMA.columns] == [(8,), (2,), (), (1,), (), (8,)]
    packed = Schema((IDS, LABEL), 10, 2, max_examples=2)
    assert [packed.shape(column) for column in packed.columns] == [(10,), (2,)]


def test_columns_in_parquet() -> None:
    types = [
        pa.list_(pa.int32(), 8),
        pa.list_(pa.int64(), 2),
        pa.int64(),
        pa.list_(pa.int64(), 1),
        pa.string(),
        pa.list_(pa.int8()),
    ]
    assert SCHEMA.arrow().names == ["ids", "slots", "label", "listed", "text", "lists"]
    assert SCHEMA.arrow().types == types


def test_what_stands_where_no_value_is() -> None:
    assert [column.filling(7) for column in (IDS, SLOTS, LABEL)] == [7, 0, -100]


def test_a_column_by_its_role() -> None:
    assert SCHEMA.of_role("pair") is LABEL
    assert SCHEMA.of_role("mask") is None


@pytest.mark.parametrize(
    ("kind", "small", "large"),
    [("int64", "int16", "int32"), ("int8", "int8", "int8"), ("float32", "float32", "float32")],
)
def test_narrow_types(kind: str, small: str, large: str) -> None:
    found = [narrow_dtype(np.dtype(kind), size).name for size in (32767, 32768)]
    assert found == [small, large]


def test_lists_are_padded() -> None:
    lists = pa.array([[9], [1, 2], [], [3, 4, 5]], pa.list_(pa.int16())).slice(1)
    padded = padded_lists(lists, 3, fill=7)
    assert padded.dtype == np.int16
    assert padded.tolist() == [[1, 2, 7], [7, 7, 7], [3, 4, 5]]
    with pytest.raises(ValueError, match="expected at most 2 values in a row, got 3"):
        padded_lists(lists, 2, fill=7)
    with pytest.raises(ValueError, match="got a null"):
        padded_lists(pa.array([[1], None], pa.list_(pa.int16())), 2, fill=7)


def test_integers_are_as_narrow_as_the_vocabulary_allows() -> None:
    columns = (
        Column("ids", "ids", "int64"),
        Column("types", "types", "int8"),
        Column("weights", "weights", "float32", "prediction"),
        Column("label", "pair", "int64", "example"),
    )
    schema, names = Schema(columns, 4, 2), [column.name for column in columns]
    small, large = (record_dtype(schema, size) for size in (32767, 32768))
    assert [small[name].base for name in names] == [np.int16, np.int8, np.float32, np.int16]
    assert [large[name].base for name in names] == [np.int32, np.int8, np.float32, np.int32]
    assert small["ids"].shape == (4,)
