"""Files of record batches, cut into buckets: how data passes from one stage to the next.

Only a file's index travels through Beam.  A bucket is one Arrow IPC message; the reader knows the
schema.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from google_crc32c import value as crc32c
from numpy.typing import NDArray

from bertprep.errors import BertprepError
from pipelines.folders import files

_INDEX_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("order", pa.list_(pa.int32())),
        ("lengths", pa.list_(pa.int64())),
        ("rows", pa.list_(pa.int64())),
        ("checksums", pa.list_(pa.uint32())),
        ("counts", pa.list_(pa.list_(pa.uint64()))),
    ]
)


def _no_counts() -> NDArray[np.uint64]:
    return np.zeros((0, 0), np.uint64)


@dataclass(frozen=True)
class SpillIndex:
    """Where a spill file's buckets are.

    Attributes:
        path: of the file; whoever writes it again writes the same bytes.
        order: sorts the files of a stage, whatever worker wrote them.
        offsets: int64[buckets + 1], bytes; bucket b is ``offsets[b]`` to ``offsets[b + 1]``.
        rows: int64[buckets].
        checksums: uint32[buckets], the CRC-32C of each bucket's bytes.
        counts: uint64[columns, n], what the stage counted of the rows, for the next one to plan by.
    """

    path: str
    order: tuple[int, ...]
    offsets: NDArray[np.int64]
    rows: NDArray[np.int64]
    checksums: NDArray[np.uint32]
    counts: NDArray[np.uint64] = field(default_factory=_no_counts)

    def is_whole(self) -> bool:
        """Whether the file is there as it was written."""
        lengths = np.diff(self.offsets).tolist()
        try:
            with files.open_regular(self.path) as stream:
                found = (crc32c(stream.read(length)) if length else 0 for length in lengths)
                return list(found) == self.checksums.tolist() and not stream.read(1)
        except OSError:
            return False

    def to_json(self, shown: Callable[[str], str]) -> dict[str, Any]:
        """The index as JSON has it; ``shown`` gives what stands for the path."""
        return {
            "path": shown(self.path),
            "order": self.order,
            "lengths": np.diff(self.offsets).tolist(),
            "rows": self.rows.tolist(),
            "checksums": self.checksums.tolist(),
            "counts": self.counts.tolist(),
        }

    @classmethod
    def from_json(cls, loaded: dict[str, Any], path: Callable[[str], str]) -> SpillIndex:
        """The index that ``to_json`` gave; ``path`` undoes its ``shown``."""
        return cls(
            path(loaded["path"]),
            tuple(loaded["order"]),
            np.append(0, np.cumsum(np.array(loaded["lengths"], np.int64))),
            np.array(loaded["rows"], np.int64),
            np.array(loaded["checksums"], np.uint32),
            np.array(loaded["counts"], np.uint64),
        )


class Segment(NamedTuple):
    """A bucket in one file: its first byte, its length in bytes, and their CRC-32C."""

    path: str
    start: int
    length: int
    checksum: int


def write_spill(
    folder: str,
    order: tuple[int, ...],
    buckets: int,
    batches: Iterable[tuple[int, pa.RecordBatch]],
    digest: Any = None,
) -> SpillIndex:
    """Writes a file of buckets.

    Args:
        folder: where to; the file is named by it and by ``order``.
        order: sorts the files of a stage.
        buckets: how many there are.
        batches: (bucket, its rows) in ascending order of buckets, each at most once.
        digest: of hashlib; takes the bytes of the file.
    """
    names = (posixpath.basename(folder), *(f"{number:06}" for number in order))
    path = files.join(folder, "-".join(names) + ".arrow")
    lengths = np.zeros(buckets, np.int64)
    rows = np.zeros(buckets, np.int64)
    checksums = np.zeros(buckets, np.uint32)
    with files.create_whole(path, durable=False) as stream:  # its index tells
        for bucket, batch in batches:
            message = batch.serialize()
            stream.write(message)
            lengths[bucket], rows[bucket] = message.size, batch.num_rows
            checksums[bucket] = crc32c(message)
            if digest is not None:
                digest.update(message)
    return SpillIndex(path, order, np.append(0, np.cumsum(lengths)), rows, checksums)


def segments(indexes: Iterable[SpillIndex], first: int, last: int) -> list[list[Segment]]:
    """The places of some buckets, those without rows left out.

    Args:
        indexes: of the files of a stage.
        first: the first bucket.
        last: the bucket after the last.

    Returns:
        For each bucket its places, in the order of the files.
    """
    in_order = sorted(indexes, key=lambda index: index.order)
    ordered = [(index, np.diff(index.offsets)) for index in in_order]
    return [
        [
            Segment(
                index.path,
                int(index.offsets[bucket]),
                int(lengths[bucket]),
                int(index.checksums[bucket]),
            )
            for index, lengths in ordered
            if index.rows[bucket]
        ]
        for bucket in range(first, last)
    ]


def read_segments(places: Iterable[Segment], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The batches at these places.

    Raises:
        BertprepError: if they are not there as they were written.
    """
    for path, start, length, checksum in places:
        with files.open_input(path) as stream:
            stream.seek(start)
            data = stream.read(length)
        if crc32c(data) != checksum:
            raise BertprepError(
                f"{path} is damaged: the {length:,} bytes from byte {start:,} on are not those "
                "that were written; restore it from a copy, or do again what wrote it with "
                "--overwrite"
            )
        yield pa.ipc.read_record_batch(pa.py_buffer(data), schema)


def write_index(stream: Any, indexes: Iterable[SpillIndex]) -> None:
    """Writes the indexes of a stage's files, which are to lie in one folder with them."""
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(stream, _INDEX_SCHEMA, options=options) as writer:
        for index in sorted(indexes, key=lambda index: index.order):
            values = [
                posixpath.basename(index.path),
                index.order,
                np.diff(index.offsets),
                index.rows,
                index.checksums,
                list(index.counts),
            ]
            columns = [
                pa.array([value], field.type)
                for value, field in zip(values, _INDEX_SCHEMA, strict=True)
            ]
            writer.write_batch(pa.record_batch(columns, schema=_INDEX_SCHEMA))


def read_index(data: bytes, folder: str) -> Iterator[SpillIndex]:
    """The indexes that were written, of the files in ``folder``."""
    for batch in pa.ipc.open_stream(data):
        name, order, lengths, rows, checksums, counts = (column[0] for column in batch.columns)
        yield SpillIndex(
            files.join(folder, name.as_py()),
            tuple(order.as_py()),
            np.append(0, np.cumsum(lengths.values.to_numpy())),
            rows.values.to_numpy(),
            checksums.values.to_numpy(),
            np.array([column.values.to_numpy() for column in counts], np.uint64),
        )
