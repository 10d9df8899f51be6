"""Where in the inputs documents are: tables beside the origins of rows, one for each part read.

An Arrow IPC file with a line for each document, in the order of reading: ``document``, its
identity in 16 bytes; ``file``, as the manifest names it; ``place`` int64, the byte of the
(decompressed) file at which it begins, or the number of its row where ``is_row``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.identity import document_ids
from bertprep.errors import BertprepError, one_line
from bertprep.examples.origins import IDENTITY
from bertprep.shards.arrow_table import ArrowTable

_SCHEMA = pa.schema(
    [
        ("document", IDENTITY),
        ("file", pa.string()),
        ("place", pa.int64()),
        ("is_row", pa.bool_()),
    ]
)


class Place(NamedTuple):
    """Where a document begins: a byte of its file, or a row of it."""

    file: str
    place: int
    is_row: bool

    @property
    def unit(self) -> str:
        """The unit that ``place`` counts."""
        return "row" if self.is_row else "byte"

    def __str__(self) -> str:
        return f"{self.file}\t{self.unit} {self.place}"


class PlacesWriter(ArrowTable):
    """Writes where documents are to a stream; call it with batches in the order of reading.

    Args:
        stream: takes the bytes of the file; it need not be seekable.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream, _SCHEMA)

    def __call__(self, batch: DocumentBatch) -> None:
        """Adds the documents of a batch."""
        ids = document_ids(batch.text, batch.starts, batch.ends, batch.format, batch.input)
        count = len(ids)
        written = pa.py_buffer(np.ascontiguousarray(ids, "<u8"))
        names = map(_readable, batch.names or [batch.name] * count)
        columns: list[pa.Array] = [
            pa.FixedSizeBinaryArray.from_buffers(IDENTITY, count, [None, written]),
            pa.array(list(names), pa.string()),
            pa.array(batch.offsets, pa.int64()),
            pa.array(np.full(count, FORMATS[batch.format].has_rows)),
        ]
        self.write(columns)


def _readable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def read_places(stream: Any, path: str, identities: Collection[str]) -> dict[str, list[Place]]:
    """The places of documents in a table, by their identities, in the order of reading.

    Args:
        stream: of the table, seekable.
        path: of the table, for messages.
        identities: of the documents, 32 hexadecimal digits each.

    Raises:
        BertprepError: if the file is damaged.
    """
    wanted = pa.array([bytes.fromhex(identity) for identity in sorted(identities)], IDENTITY)
    found: dict[str, list[Place]] = {}
    try:
        reader = pa.ipc.open_file(stream)
        for number in range(reader.num_record_batches):
            batch = reader.get_batch(number)
            is_wanted = pc.is_in(batch.column("document"), value_set=wanted)
            for row in batch.filter(is_wanted).to_pylist():
                place = Place(row["file"], row["place"], row["is_row"])
                found.setdefault(row["document"].hex(), []).append(place)
    except (pa.ArrowException, OSError, KeyError) as error:
        raise BertprepError(f"{path} is damaged: {one_line(error)}") from None
    return found
