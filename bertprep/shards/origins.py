"""The origins of the rows of a shard in a file beside it: of each example the documents it is of.

An Arrow IPC file with a line for each example: ``row`` int64, the number of its row in the shard
(several examples have one row where rows are packed), and the ``ORIGIN_FIELDS``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from bertprep.common.ragged import Ints
from bertprep.errors import BertprepError, InputError, one_line
from bertprep.examples.origins import ORIGIN_FIELDS
from bertprep.layouts.spec import SHARD_NAMES
from bertprep.shards.arrow_table import ArrowTable

_SCHEMA = pa.schema([("row", pa.int64()), *ORIGIN_FIELDS])


class Origin(NamedTuple):
    """Of an example: the identities of the documents of A and, if it is another, of B; the pass.

    An identity is 32 hexadecimal digits; passes are numbered from 0.
    """

    a: str
    b: str | None
    pass_number: int

    def as_json(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return {"a_document": self.a, "b_document": self.b, "pass": self.pass_number}


# What such files are called: as their shards, up to the ending.
ORIGINS_NAMES = rf"{SHARD_NAMES}\.arrow"


def origins_name(shard: str) -> str:
    """The name of the file with the origins of the rows of a shard, by that of the shard."""
    return os.path.basename(shard).partition(".")[0] + ".arrow"


class OriginsWriter(ArrowTable):
    """Writes origins to a stream; call it with examples in the order of their shard.

    Args:
        stream: takes the bytes of the file; it need not be seekable.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream, _SCHEMA)

    def __call__(self, examples: pa.RecordBatch, rows: Ints) -> None:
        """Adds n examples, which have the ``ORIGIN_FIELDS``, in the rows number int64[n]."""
        columns = [examples.column(field.name) for field in ORIGIN_FIELDS]
        self.write([pa.array(rows), *columns])


class NoRowError(InputError):
    """There is no such row in a shard."""


def read_origins(stream: Any, path: str, row: int) -> list[Origin]:
    """The origins of the examples of a row, in their order there.

    Args:
        stream: of the file, seekable.
        path: of the file, for messages.
        row: its number in the shard.

    Raises:
        NoRowError: if there is no such row.
        BertprepError: if the file is damaged.
    """
    last = -1
    for batch in _batches(stream, path):
        found = batch.filter(pc.equal(batch.column("row"), row)).to_pylist()
        if found:
            return list(map(_origin, found))
        last = max([last, *batch.column("row").slice(batch.num_rows - 1).to_pylist()])
    raise NoRowError(f"there is no row {row:,}: its rows are numbered from 0 to {last:,}")


def read_first_origins(stream: Any, path: str, rows: int) -> list[Origin]:
    """The origins of the examples of the first rows of a shard, row by row.

    Args:
        stream: of the file, seekable.
        path: of the file, for messages.
        rows: how many.

    Raises:
        BertprepError: if the file is damaged.
    """
    found: list[dict[str, Any]] = []
    for batch in _batches(stream, path):
        first = batch.filter(pc.less(batch.column("row"), rows))
        if not first.num_rows:
            break
        found += first.to_pylist()
    return list(map(_origin, found))


def _batches(stream: Any, path: str) -> Iterator[pa.RecordBatch]:
    try:
        reader = pa.ipc.open_file(stream)
        for number in range(reader.num_record_batches):
            yield reader.get_batch(number).select(_SCHEMA.names)
    except (pa.ArrowException, OSError, KeyError) as error:
        raise BertprepError(f"{path} is damaged: {one_line(error)}") from None


def _origin(values: dict[str, Any]) -> Origin:
    other = values["b_document"]
    return Origin(values["a_document"].hex(), other and other.hex(), values["pass"])
