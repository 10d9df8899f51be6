"""Writes the rows of one shard into a Parquet, TFRecord or MDS file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from typing import Any, BinaryIO, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bertprep.common.digests import DigestingStream
from bertprep.examples.mask import Masker
from bertprep.layouts.columns import Columns
from bertprep.layouts.registry import schema_of
from bertprep.options import ShardOptions
from bertprep.shards.compose import Composer
from bertprep.shards.mds import MdsFile
from bertprep.shards.parquet import ZSTD_LEVEL, MatrixFile, can_hold
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.shards.tfrecord_writing import encode_tfrecord
from bertprep.vocabulary.vocabulary import Vocabulary


class ShardResult(NamedTuple):
    """Of a file that was written: rows, bytes, SHA-256 (hexadecimal), and the sums to report."""

    rows: int
    size: int
    digest: str
    statistics: Counter[str]


class _Container(Protocol):
    def write(self, columns: Columns) -> None: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...


class _ArrowFile:
    """Columns with text or lists of any length in Parquet: as a ``MatrixFile``, by pyarrow."""

    def __init__(self, stream: DigestingStream, row_group_blocks: int) -> None:
        self._stream = stream
        self._row_group_blocks = row_group_blocks
        self._writer: Any = None
        self._blocks: list[pa.Table] = []

    def write(self, columns: Columns) -> None:
        self._blocks.append(pa.table(columns))
        if len(self._blocks) == self._row_group_blocks:
            self._write_row_group()

    def _write_row_group(self) -> None:
        table = pa.concat_tables(self._blocks)
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._stream,
                table.schema,
                compression="zstd",
                compression_level=ZSTD_LEVEL,
                write_page_checksum=True,
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


def write_shard(
    stream: BinaryIO,
    batches: Iterable[pa.RecordBatch],
    vocabulary: Vocabulary,
    masker: Masker | None,
    options: ShardOptions,
    sizes: Sizes = SIZES,
) -> ShardResult:
    """Writes rows of ``example_schema`` to ``stream``, in their order, in blocks of one size.

    Packed rows are in an order of their own.

    Args:
        stream: takes the bytes of the file; it need not be seekable.
        batches: the examples; how they are cut into batches does not show in the file.
        vocabulary: what their ids mean.
        masker: masks them; None to store them unmasked.
        options: the layout, the container, and whether to pack.
        sizes: how many rows are held at once, and put into a row group.
    """
    return write_composed(stream, batches, Composer(vocabulary, masker, options, sizes))


def write_composed(
    stream: BinaryIO, batches: Iterable[pa.RecordBatch], composer: Composer
) -> ShardResult:
    """As ``write_shard``, with a composer that was made for it."""
    output = DigestingStream(stream)
    container = _container(output, composer.options, composer.sizes)
    rows = 0
    with closing(container):
        for columns in composer(batches):
            container.write(columns)
            rows += len(next(iter(columns.values())))
        container.finish()
    return ShardResult(rows, output.size, output.hexdigest(), composer.statistics)


def _container(output: DigestingStream, options: ShardOptions, sizes: Sizes) -> _Container:
    if options.output_format == "parquet":
        schema = schema_of(options).arrow()
        if can_hold(schema):
            return MatrixFile(output, schema, sizes.row_group_blocks)
        return _ArrowFile(output, sizes.row_group_blocks)
    if options.output_format == "mds":
        return MdsFile(output, schema_of(options))
    return _TFRecordFile(output)


def row_edges(rows: int, shards: int) -> list[int]:
    """Shard k holds the global rows ``edges[k]`` to ``edges[k + 1]``: equal to one row."""
    return [int(edge) for edge in np.arange(shards + 1, dtype=object) * rows // shards]
