"""Writes the rows of one shard: mask, lay out, and into a Parquet or TFRecord file."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bertprep.examples import Examples, assemble, row_lengths
from bertprep.layout import Columns, lay_out
from bertprep.lddl import lay_out_pairs
from bertprep.mask import Masker, Masks
from bertprep.options import ShardOptions
from bertprep.pack import Places, like_lengths, pack, repack
from bertprep.prepare import keys_of
from bertprep.statistics import count_examples, count_packed
from bertprep.tfrecord import encode_tfrecord
from bertprep.vocabulary import Vocabulary

# A block's columns should stay in a core's cache; a row group should be worth its overhead.
_BLOCK_TOKENS = 1 << 17
_ROW_GROUP_BLOCKS = 8
# Packed at once: thousands of rows, so that next to none is left with room.
_WINDOW_TOKENS = 1 << 21
# Level 3 takes a third longer for 2% less.
_ZSTD_LEVEL = 1


class ShardResult(NamedTuple):
    """What was written: rows, bytes, SHA-256 (hexadecimal) of the file, and the sums to report."""

    rows: int
    size: int
    digest: str
    statistics: Counter[str]


class _Container(Protocol):
    def write(self, columns: Columns) -> None: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...


class DigestingStream:
    """A binary stream for writing that knows the digest and the size of what went through it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._sha256 = hashlib.sha256()
        self.size = 0
        self.closed = False

    def write(self, data: Any) -> int:
        self._stream.write(data)
        self._sha256.update(data)
        self.size += memoryview(data).nbytes
        return memoryview(data).nbytes

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._stream.flush()

    def hexdigest(self) -> str:
        return self._sha256.hexdigest()


class _ParquetFile:
    """One row group per few blocks; matrices as fixed-size lists, compressed with zstd."""

    def __init__(self, stream: DigestingStream) -> None:
        self._stream = stream
        self._writer: Any = None
        self._blocks: list[pa.Table] = []

    def write(self, columns: Columns) -> None:
        table = pa.table({name: _arrow_column(values) for name, values in columns.items()})
        self._blocks.append(table)
        if len(self._blocks) == _ROW_GROUP_BLOCKS:
            self._write_row_group()

    def _write_row_group(self) -> None:
        table = pa.concat_tables(self._blocks)
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._stream, table.schema, compression="zstd", compression_level=_ZSTD_LEVEL
            )
        self._writer.write_table(table, row_group_size=table.num_rows)
        self._blocks = []

    def finish(self) -> None:
        if self._blocks:
            self._write_row_group()

    def close(self) -> None:
        # Also after a failure: an open writer would complain when Python discards it.
        if self._writer is not None:
            self._writer.close()


class _TFRecordFile:
    """Uncompressed records, one tf.train.Example each."""

    def __init__(self, stream: DigestingStream) -> None:
        self._stream = stream

    def write(self, columns: Columns) -> None:
        self._stream.write(encode_tfrecord(columns))

    def finish(self) -> None:
        pass

    def close(self) -> None:
        pass


def _arrow_column(values: Any) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    if values.ndim == 1:
        return pa.array(values)
    return pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), values.shape[1])


def write_shard(
    stream: BinaryIO,
    batches: Iterable[pa.RecordBatch],
    vocabulary: Vocabulary,
    masker: Masker | None,
    options: ShardOptions,
) -> ShardResult:
    """Writes rows of ``example_schema`` to ``stream``, in their order, in blocks of one size.

    Without a masker the rows are stored unmasked; packed, they are in an order of their own.
    """
    output = DigestingStream(stream)
    container: _Container = (
        _ParquetFile(output) if options.output_format == "parquet" else _TFRecordFile(output)
    )
    rows = _Rows(vocabulary, masker, options)
    with closing(container):
        for columns in rows.packed(batches) if options.pack else rows.laid_out(batches):
            container.write(columns)
        container.finish()
    count = rows.statistics["packed_rows" if options.pack else "examples"]
    return ShardResult(count, output.size, output.hexdigest(), rows.statistics)


class _Rows:
    """Makes the columns of a shard block by block, and counts what is in them."""

    def __init__(
        self, vocabulary: Vocabulary, masker: Masker | None, options: ShardOptions
    ) -> None:
        self._vocabulary = vocabulary
        self._masker = masker
        self._options = options
        self._block_rows = _block_rows(options.max_seq_length)
        self.statistics: Counter[str] = Counter()

    def laid_out(self, batches: Iterable[pa.RecordBatch]) -> Iterator[Columns]:
        """One row for each example."""
        for block in equal_blocks(batches, self._block_rows):
            yield self._columns(block, self._options.max_seq_length)

    def packed(self, batches: Iterable[pa.RecordBatch]) -> Iterator[Columns]:
        """Rows that examples share, each with others of its window."""
        counts: Counter[str] = Counter()
        windows = _windows(equal_blocks(batches, self._block_rows))
        for block in _equal_columns(map(self._packed, windows), self._block_rows):
            counts.update(count_packed(block["sequence_ids"]))
            yield block
        self.statistics = Counter({**self.statistics, **counts})

    def _packed(self, window: pa.RecordBatch) -> Columns:
        places = pack(row_lengths(window), keys_of(window), self._options.max_seq_length)
        shape = int(places.rows.max()) + 1, self._options.max_seq_length
        return repack(self._placed(window, places), shape, self._vocabulary.pad_id)

    def _placed(self, window: pa.RecordBatch, places: Places) -> Iterator[tuple[Columns, Places]]:
        for members in like_lengths(places.lengths):
            part = places.take(members)
            yield self._columns(window.take(pa.array(members)), int(part.lengths.max())), part

    def _columns(self, rows: pa.RecordBatch, length: int) -> Columns:
        examples = assemble(rows, self._vocabulary, length)
        masks = self._masker(examples) if self._masker else None
        self.statistics.update(count_examples(examples, masks, self._vocabulary))
        return _columns(examples, masks, self._vocabulary, self._options)


def _windows(blocks: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in batches that are packed each by itself, to bound what is held."""
    waiting: list[pa.RecordBatch] = []
    tokens = 0
    for block in blocks:
        waiting.append(block)
        tokens += len(block.column("ids").flatten())
        if tokens >= _WINDOW_TOKENS:
            yield _merged(waiting)
            waiting, tokens = [], 0
    if waiting:
        yield _merged(waiting)


def _columns(
    examples: Examples, masks: Masks | None, vocabulary: Vocabulary, options: ShardOptions
) -> Columns:
    if options.column_layout == "lddl":
        return lay_out_pairs(examples, masks, vocabulary)
    return lay_out(examples, masks, options.column_layout, options.task)


def _block_rows(max_seq_length: int) -> int:
    return max(1, _BLOCK_TOKENS // max_seq_length)


def row_group_rows(max_seq_length: int) -> int:
    """Rows of a Parquet row group, but for the last of each file."""
    return _ROW_GROUP_BLOCKS * _block_rows(max_seq_length)


def equal_blocks(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of ``rows`` (the last one of what is left)."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        if count >= rows:
            merged = _merged(waiting)
            whole = count - count % rows
            yield from (merged.slice(start, rows) for start in range(0, whole, rows))
            waiting, count = [merged.slice(whole)], count - whole
    if count:
        yield _merged(waiting)


def _equal_columns(parts: Iterable[Columns], rows: int) -> Iterator[Columns]:
    """As ``equal_blocks`` for rows that are laid out."""
    rest: Columns = {}
    for part in parts:
        columns = {name: np.concatenate((rest.get(name, v[:0]), v)) for name, v in part.items()}
        count = len(columns["input_ids"])
        edges = [*range(0, count - rows + 1, rows), count - count % rows]
        for start, stop in pairwise(edges):
            yield {name: values[start:stop] for name, values in columns.items()}
        rest = {name: values[edges[-1] :] for name, values in columns.items()}
    if len(rest["input_ids"]):
        yield rest


def _merged(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def row_edges(rows: int, shards: int) -> list[int]:
    """Shard k holds the global rows ``edges[k]`` to ``edges[k + 1]``: equal to one row."""
    return [int(edge) for edge in np.arange(shards + 1, dtype=object) * rows // shards]
