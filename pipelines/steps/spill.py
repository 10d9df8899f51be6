"""Files of record batches, cut into buckets: how data passes from one stage to the next.

Only what is known of a whole file travels through Beam, some thirty bytes of each: where the
buckets are stands at the file's end, and whoever reads some of them looks there.  Buckets lie side
by side, so that however many neighbours are read, that takes two reads.  A bucket is one Arrow IPC
message; the reader knows the schema.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from struct import Struct
from typing import Any, BinaryIO, NamedTuple

import google_crc32c
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.errors import BertprepError
from pipelines.folders import files
from pipelines.steps.open_files import held_files

# At a file's end, for each bucket from its first one on: where it starts, and the CRC-32C of its
# bytes; then once more, where the last one ends.
_PLACE = np.dtype([("start", "<u8"), ("checksum", "<u4")])
_PLACES = Struct("<QI")  # the same
_READ_BYTES = 1 << 20

_NUMBERS = ("buckets", "first", "last", "size", "checksum")
_INDEX_SCHEMA = pa.schema(
    [
        ("order", pa.list_(pa.int32())),
        *((name, pa.int64()) for name in _NUMBERS),
        ("counts", pa.list_(pa.list_(pa.uint64()))),
    ]
)


def _no_counts() -> NDArray[np.uint64]:
    return np.zeros((1, 0), np.uint64)


@dataclass(frozen=True)
class SpillIndex:
    """The facts of a spill file as a whole.

    Attributes:
        path: of the file; whoever writes it again writes the same bytes.
        order: sorts the files of a stage, whatever worker wrote them.
        buckets: how many the stage has.
        first, last: no rows are in buckets before the first, or from the last on.
        size: bytes; none if there is no such file, as its rows went another way.
        checksum: the CRC-32C of these bytes.
        counts: uint64[1 + k, n], what the stage counted of the rows, for the next one to plan by:
            numbers, and k counts of each.
    """

    path: str
    order: tuple[int, ...]
    buckets: int
    first: int
    last: int
    size: int
    checksum: int
    counts: NDArray[np.uint64] = field(default_factory=_no_counts)

    def is_whole(self) -> bool:
        """Whether the file is there as it was written."""
        size = checksum = 0
        try:
            with files.open_regular(self.path) as stream:
                while data := stream.read(_READ_BYTES):
                    size += len(data)
                    checksum = google_crc32c.extend(checksum, data)
        except OSError:
            return False
        return (size, checksum) == (self.size, self.checksum)

    def to_json(self, shown: Callable[[str], str]) -> dict[str, Any]:
        """The index as JSON has it; ``shown`` gives what stands for the path."""
        return {**vars(self), "path": shown(self.path), "counts": self.counts.tolist()}

    @classmethod
    def from_json(cls, loaded: dict[str, Any], path: Callable[[str], str]) -> SpillIndex:
        """The index that ``to_json`` gave; ``path`` undoes its ``shown``."""
        return cls(
            path(loaded["path"]),
            tuple(loaded["order"]),
            **{name: int(loaded[name]) for name in _NUMBERS},
            counts=np.array(loaded["counts"], np.uint64),
        )


def spill_path(folder: str, stem: str, order: Iterable[int]) -> str:
    """The path of a spill file.

    Args:
        folder: where it is.
        stem: what its name begins with.
        order: sorts the files of a stage.
    """
    return files.join(folder, stem + _numbered(order))


def _numbered(order: Iterable[int]) -> str:
    """The end of a spill file's name."""
    return "".join([f"-{number:06}" for number in order]) + ".arrow"


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
        digest: of ``bertprep.common.digests.new_digest``; takes the bytes of the file.
    """
    path = spill_path(folder, posixpath.basename(folder), order)
    numbers: list[int] = []
    lengths: list[int] = []
    checksums: list[int] = []
    with files.create_whole(path, durable=False) as stream:  # its index tells
        output = _Checked(stream, digest)
        for bucket, batch in batches:
            message = batch.serialize()
            output.write(message)
            numbers.append(bucket)
            lengths.append(message.size)
            checksums.append(google_crc32c.value(message))
        first, last = (numbers[0], numbers[-1] + 1) if numbers else (0, 0)
        output.write(_places(numbers, lengths, checksums, first, last).tobytes())
    return SpillIndex(path, order, buckets, first, last, output.size, output.checksum)


class _Checked:
    """A stream for writing that knows the size and the CRC-32C of what went through it."""

    def __init__(self, stream: BinaryIO, digest: Any) -> None:
        self._stream, self._digest = stream, digest
        self.size = self.checksum = 0

    def write(self, data: Any) -> None:  # bytes, or a buffer of Arrow's
        self._stream.write(data)
        self.size += len(data)
        self.checksum = google_crc32c.extend(self.checksum, data)
        if self._digest is not None:
            self._digest.update(data)


def _places(
    buckets: list[int], lengths: list[int], checksums: list[int], first: int, last: int
) -> NDArray[Any]:
    places = np.zeros(last - first + 1, _PLACE)
    at = np.array(buckets, np.int64) - first
    ends = np.zeros(last - first, np.uint64)
    ends[at] = lengths
    places["start"][1:] = np.cumsum(ends)
    places["checksum"][at] = checksums
    return places


class SpillFiles(NamedTuple):
    """The spill files of a stage, in their order: of each some thirty bytes.

    Attributes:
        folder: where they are.
        stem: what their names begin with.
        orders: int32[n, k].
        spans: int32[n, 2], the first bucket with rows, and the one after the last.
        sizes: int64[n], bytes.
    """

    folder: str
    stem: str
    orders: NDArray[np.int32]
    spans: NDArray[np.int32]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, folder: str, stem: str, rows: NDArray[np.int64]) -> SpillFiles:
        """Those of ``spill_rows``.

        Args:
            folder: where they are.
            stem: what their names begin with.
            rows: int64[n, k + 3], in any order.
        """
        rows = rows[np.lexsort(rows[:, :-3].T[::-1])] if len(rows) else rows
        return cls(
            folder,
            stem,
            rows[:, :-3].astype(np.int32),
            rows[:, -3:-1].astype(np.int32),
            rows[:, -1].copy(),
        )

    def some(self, start: int, stop: int) -> SpillFiles:
        """Those from number ``start`` to ``stop``."""
        at = slice(start, stop)
        return self._replace(orders=self.orders[at], spans=self.spans[at], sizes=self.sizes[at])

    def batches(self, start: int, stop: int, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """The rows in some buckets, file by file, and in each of them bucket by bucket.

        Args:
            start: the first bucket.
            stop: the bucket after the last.
            schema: of the rows.

        Raises:
            BertprepError: if they are not there as they were written.
        """
        overlap = (self.spans[:, 0] < stop) & (self.spans[:, 1] > start)
        before = files.join(self.folder, self.stem)
        for number in np.flatnonzero(overlap).tolist():
            path = before + _numbered(self.orders[number].tolist())
            first, last = self.spans[number].tolist()
            wanted = max(start, first) - first, min(stop, last) - first
            for message in _messages(path, last - first, int(self.sizes[number]), *wanted):
                yield pa.ipc.read_record_batch(message, schema)


def spill_rows(indexes: Sequence[SpillIndex]) -> NDArray[np.int64]:
    """int64[n, k + 3]: order, first and last bucket, and size of the files that there are."""
    found = [index for index in indexes if index.last > index.first]
    rows = [(*index.order, index.first, index.last, index.size) for index in found]
    width = len(indexes[0].order) + 3 if indexes else 4
    return np.array(rows, np.int64).reshape(len(rows), width)


def _messages(path: str, buckets: int, size: int, start: int, stop: int) -> Iterator[pa.Buffer]:
    """The bytes of the buckets that have any, from number ``start`` to ``stop`` in this file."""
    table = size - _PLACE.itemsize * (buckets + 1)
    wanted = stop - start + 1
    # Mostly a few buckets of very many files: what is done for each of these is done without numpy.
    with held_files().opened(path) as stream:
        stream.seek(table + _PLACE.itemsize * start)
        read = stream.read(_PLACE.itemsize * wanted)
        places = list(_PLACES.iter_unpack(read[: len(read) // _PLACE.itemsize * _PLACE.itemsize]))
        begin, end = (places[0][0], places[-1][0]) if places else (0, 0)
        rising = all(one <= next_one for (one, _), (next_one, _) in pairwise(places))
        if len(places) != wanted or not rising or end > table:
            raise _damaged(path, table + _PLACE.itemsize * start, len(read))
        if begin == end:
            return
        stream.seek(begin)
        data = pa.py_buffer(stream.read(end - begin))
    for (first, checksum), (last, _) in pairwise(places):
        if first == last:
            continue
        message = data.slice(first - begin, last - first)
        if google_crc32c.value(message) != checksum:
            raise _damaged(path, first, last - first)
        yield message


def read_only_bucket(path: str, schema: pa.Schema) -> pa.RecordBatch:
    """The rows of a file of one bucket that has some; BertprepError if it is damaged."""
    data = pa.py_buffer(files.read_bytes(path))
    message = data.slice(0, max(0, data.size - 2 * _PLACE.itemsize))
    found = google_crc32c.value(message)
    if not message.size or found != np.frombuffer(data, _PLACE, 1, message.size)["checksum"][0]:
        raise _damaged(path, 0, message.size)
    return pa.ipc.read_record_batch(message, schema)


def _damaged(path: str, start: int, length: int) -> BertprepError:
    return BertprepError(
        f"{path} is damaged: the {length:,} bytes from byte {start:,} on are not those that were "
        "written; restore it from a copy, or do again what wrote it with --overwrite"
    )


def write_index(stream: Any, indexes: Iterable[SpillIndex]) -> None:
    """Writes the indexes of a stage's files, which are to lie in one folder with them."""
    ordered = sorted(indexes, key=lambda index: index.order)
    columns = [
        pa.array([list(v) if field.name == "counts" else v for v in values], field.type)
        for field in _INDEX_SCHEMA
        for values in [[getattr(index, field.name) for index in ordered]]
    ]
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(stream, _INDEX_SCHEMA, options=options) as writer:
        writer.write_batch(pa.record_batch(columns, schema=_INDEX_SCHEMA))


def read_index(data: bytes, folder: str, stem: str) -> Iterator[SpillIndex]:
    """The indexes that were written.

    Args:
        data: the bytes of their file.
        folder: where the files are now.
        stem: what their names begin with.
    """
    for batch in pa.ipc.open_stream(data):
        for row in batch.to_pylist():
            order, counts = tuple(row["order"]), np.array(row["counts"], np.uint64)
            numbers = {name: row[name] for name in _NUMBERS}
            yield SpillIndex(spill_path(folder, stem, order), order, **numbers, counts=counts)
