"""How the files are cut into work, whatever the worker count.

Files are packed, in the order of their names, into splits of about equal size; a split is a tuple
of byte ranges, and a document belongs to the range that holds its first byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.corpus.files import ByteRange, InputFile, Split, is_cut_at_streams, may_be_entered
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.input_table import InputTable
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.options import ReadOptions

_EDGES = ("start", "end", "split")


class Splits(Sequence[Split]):
    """Splits as columns; each is made when it is asked for.

    Attributes:
        files: that they are of.

    Args:
        files: the same.
        rows: int64[n], of each byte range the number of its file.
        starts, ends: int64[n], where in the file it is.
        edges: int64[k + 1]: split s has the ranges ``edges[s]`` to ``edges[s + 1]``.
    """

    def __init__(
        self,
        files: InputTable,
        rows: NDArray[np.int64],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        edges: NDArray[np.int64],
    ) -> None:
        self.files, self._rows = files, rows
        self._starts, self._ends, self._edges = starts, ends, edges

    def __len__(self) -> int:
        return len(self._edges) - 1

    @overload
    def __getitem__(self, index: int) -> Split: ...
    @overload
    def __getitem__(self, index: slice) -> list[Split]: ...
    def __getitem__(self, index: int | slice) -> Split | list[Split]:
        if isinstance(index, slice):
            return [self[number] for number in range(len(self))[index]]
        number = range(len(self))[index]
        at = slice(*self._edges[number : number + 2].tolist())
        files = self.files.take(self._rows[at])
        return tuple(map(ByteRange, files, self._starts[at].tolist(), self._ends[at].tolist()))

    def __eq__(self, other: object) -> bool:
        """Whether another sequence has the same splits."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def to_bytes(self) -> bytes:
        """All of it, for a file."""
        of_each = self.files.take(self._rows).columns
        columns = (self._starts, self._ends, np.repeat(range(len(self)), np.diff(self._edges)))
        for name, column in zip(_EDGES, columns, strict=True):
            of_each = of_each.append_column(name, pa.array(column, pa.int64()))
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, of_each.schema) as writer:
            writer.write_batch(of_each)
        return bytes(sink.getvalue())

    @classmethod
    def from_bytes(cls, data: bytes) -> Splits:
        """The splits that ``to_bytes`` gave."""
        with pa.ipc.open_stream(data) as reader:
            batch = reader.read_next_batch()
        starts, ends, split = (batch.column(name).to_numpy() for name in _EDGES)
        count = int(split[-1]) + 1 if len(split) else 0
        edges = np.searchsorted(split, np.arange(count + 1))
        files = InputTable(batch.select(batch.schema.names[: -len(_EDGES)]))
        return cls(files, np.arange(len(starts)), starts, ends, edges)


def plan_splits(
    files: Iterable[InputFile], options: ReadOptions, sizes: ReadSizes = READ_SIZES
) -> Splits:
    """Packs the files, in the order of their names, into splits of some 1 to 16 MiB on disk.

    In a mixture each split is of one input.

    Args:
        files: in any order.
        options: they tell which files ranges may be read of.
        sizes: the bytes of a split, and how many splits there should be.
    """
    table = InputTable.of(files).sorted(lambda file: (file.input, file.name))
    total = int(np.sum(table.columns.column("size").to_numpy(), dtype=np.int64))
    target = min(sizes.most_split, max(sizes.least_split, -(-total // sizes.splits)))
    edges = [0]
    rows: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    room, before = target, ""
    for row, file in enumerate(table):
        for start, end in _ranges(file, target, options):
            is_other = len(rows) > edges[-1] and before != file.input
            # Or it is nearer to the target without the range than with it.
            if is_other or (len(rows) > edges[-1] and end - start > 2 * room):
                edges.append(len(rows))
                room = target
            rows.append(row)
            starts.append(start)
            ends.append(end)
            room, before = room - (end - start), file.input
    if rows:
        edges.append(len(rows))
    return Splits(table, *(np.array(each, np.int64) for each in (rows, starts, ends, edges)))


def _ranges(file: InputFile, target: int, options: ReadOptions) -> list[tuple[int, int]]:
    """From where to where the parts of a file go."""
    may_be_cut = may_be_entered(file) and FORMATS[file.format].may_be_cut(options)
    if not (may_be_cut or is_cut_at_streams(file)) or file.size <= target:
        return [(0, file.size)] if file.size else []
    count = -(-file.size // target)
    return list(pairwise(file.size * i // count for i in range(count + 1)))
