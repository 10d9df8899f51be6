"""An Arrow file is whole once it is finished, and its entry is that of its bytes."""

from __future__ import annotations

import hashlib
import io

import pyarrow as pa

from bertprep.shards.arrow_table import ArrowTable
from bertprep.shards.manifest_types import ListedFile


def test_what_is_written_is_read_and_listed() -> None:
    stream = io.BytesIO()
    schema = pa.schema([("row", pa.int64()), ("name", pa.string())])
    table = ArrowTable(stream, schema)
    table.write([pa.array([1, 2]), pa.array(["a", None])])
    table.write([pa.array([], pa.int64()), pa.array([], pa.string())])
    table.write([pa.array([3]), pa.array(["c"])])
    entry = table.finish("origins/a.arrow")
    data = stream.getvalue()
    assert entry == ListedFile("origins/a.arrow", len(data), hashlib.sha256(data).hexdigest())
    read = pa.ipc.open_file(data).read_all()
    assert read.schema == schema
    assert read.to_pydict() == {"row": [1, 2, 3], "name": ["a", None, "c"]}
