"""The origins of a shard's rows in their file."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import pyarrow as pa
import pytest

from bertprep.errors import BertprepError, InputError
from bertprep.examples.origins import ORIGIN_FIELDS
from bertprep.shards.origins import (
    Origin,
    OriginsWriter,
    origins_name,
    read_first_origins,
    read_origins,
)

A, B = bytes(range(16)), bytes(range(16, 32))


def a_file() -> tuple[bytes, str]:
    stream = io.BytesIO()
    writer = OriginsWriter(stream)
    schema = pa.schema(ORIGIN_FIELDS)
    writer(pa.record_batch([[A, B], [None, A], [0, 4]], schema=schema), np.array([0, 0]))
    writer(pa.record_batch([[B], [None], [2]], schema=schema), np.array([1]))
    entry = writer.finish("origins/x.arrow")
    assert entry.size == len(stream.getvalue())
    return stream.getvalue(), entry.sha256


def test_the_examples_of_a_row_are_found() -> None:
    data, digest = a_file()
    assert hashlib.sha256(data).hexdigest() == digest
    assert read_origins(io.BytesIO(data), "x", 0) == [
        Origin(A.hex(), None, 0),
        Origin(B.hex(), A.hex(), 4),
    ]
    assert read_origins(io.BytesIO(data), "x", 1) == [Origin(B.hex(), None, 2)]


def test_rows_that_are_not_there_are_told() -> None:
    with pytest.raises(InputError, match="no row 2: its rows are numbered from 0 to 1"):
        read_origins(io.BytesIO(a_file()[0]), "x", 2)


def test_a_damaged_file_is_told() -> None:
    with pytest.raises(BertprepError, match=r"x\.arrow is damaged"):
        read_origins(io.BytesIO(a_file()[0][:100]), "x.arrow", 0)


def test_a_file_is_named_as_its_shard() -> None:
    assert origins_name("rows/shard-00001-of-00002-bin-32.parquet") == (
        "shard-00001-of-00002-bin-32.arrow"
    )
    assert origins_name("shard-00001-of-00002.parquet_1") == "shard-00001-of-00002.arrow"


def test_the_first_rows_are_read_alone() -> None:
    data = a_file()[0]
    origins = [origin for row in (0, 1) for origin in read_origins(io.BytesIO(data), "x", row)]
    assert read_first_origins(io.BytesIO(data), "x", 1) == origins[:2]
    assert read_first_origins(io.BytesIO(data), "x", 9) == origins
