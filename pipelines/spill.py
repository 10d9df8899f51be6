"""Files of record batches, cut into buckets: how data passes from one stage to the next.

Only a file's index travels through Beam.  A bucket is one Arrow IPC message; the reader knows the
schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines import files


@dataclass(frozen=True)
class SpillIndex:
    """Where a spill file's buckets are.

    Attributes:
        path: of the file; whoever writes it again writes the same bytes.
        order: sorts the files of a stage, whatever worker wrote them.
        offsets: int64[buckets + 1], bytes; bucket b is ``offsets[b]`` to ``offsets[b + 1]``.
        rows: int64[buckets].
    """

    path: str
    order: tuple[int, ...]
    offsets: NDArray[np.int64]
    rows: NDArray[np.int64]


Segment = tuple[str, int, int]  # path, first byte, length


def write_spill(
    folder: str,
    order: tuple[int, ...],
    buckets: int,
    batches: Iterable[tuple[int, pa.RecordBatch]],
) -> SpillIndex:
    """Writes (bucket, batch) in ascending order of buckets, each at most once."""
    path = files.join(folder, "-".join(f"{number:06}" for number in order) + ".arrow")
    lengths = np.zeros(buckets, np.int64)
    rows = np.zeros(buckets, np.int64)
    with files.create_whole(path) as stream:
        for bucket, batch in batches:
            message = batch.serialize()
            stream.write(message)
            lengths[bucket], rows[bucket] = message.size, batch.num_rows
    return SpillIndex(path, order, np.append(0, np.cumsum(lengths)), rows)


def segments(indexes: Iterable[SpillIndex], first: int, last: int) -> list[list[Segment]]:
    """The non-empty places of each bucket from ``first`` to ``last`` (exclusive), in file order."""
    in_order = sorted(indexes, key=lambda index: index.order)
    ordered = [(index, np.diff(index.offsets)) for index in in_order]
    return [
        [
            (index.path, int(index.offsets[bucket]), int(lengths[bucket]))
            for index, lengths in ordered
            if index.rows[bucket]
        ]
        for bucket in range(first, last)
    ]


def read_segments(places: Iterable[Segment], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The batches at these places."""
    for path, start, length in places:
        with files.open_input(path) as stream:
            stream.seek(start)
            yield pa.ipc.read_record_batch(pa.py_buffer(stream.read(length)), schema)
