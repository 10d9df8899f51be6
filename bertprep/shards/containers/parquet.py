"""Parquet: row groups of columns, compressed with zstd, their pages checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bertprep.common.digests import DigestingStream
from bertprep.layouts.columns import Columns, Schema
from bertprep.layouts.registry import layout_of
from bertprep.options import ShardOptions
from bertprep.shards.containers.container import Container, RowCount, Writer
from bertprep.shards.findings import Findings
from bertprep.shards.parquet_encoding import ZSTD_LEVEL, MatrixFile, can_hold
from bertprep.shards.read import Block, matrix, open_parquet, parquet_blocks, row_group_sizes
from bertprep.shards.rows import ParquetRows
from bertprep.shards.sampling import spread
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.vocabulary.vocabulary import Vocabulary


class ArrowFile:
    """Columns with text or lists of any length in Parquet: as a ``MatrixFile``, by pyarrow."""

    def __init__(self, stream: DigestingStream, row_group_blocks: int) -> None:
        self._stream = stream
        self._row_group_blocks = row_group_blocks
        self._writer: Any = None
        self._blocks: list[pa.Table] = []

    def write(self, columns: Columns) -> None:
        """Takes a block of rows."""
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
        """Writes what is left."""
        if self._blocks:
            self._write_row_group()

    def close(self) -> None:
        """Also after a failure: an open writer would complain when Python discards it."""
        if self._writer is not None:
            self._writer.close()


class Parquet(Container):
    """Apache Parquet, for ``datasets``, pyarrow and what else reads it."""

    label = "Parquet"
    end_bytes = 64 << 10  # what tells where all else is takes less, but for a shard of GBs

    def writer(self, output: DigestingStream, schema: Schema, sizes: Sizes) -> Writer:
        columns = schema.arrow()
        if can_hold(columns):
            return MatrixFile(output, columns, sizes.row_group_blocks)
        return ArrowFile(output, sizes.row_group_blocks)

    def blocks(
        self, stream: BinaryIO, schema: Schema, findings: Findings, sizes: Sizes = SIZES
    ) -> Iterator[Block]:
        return parquet_blocks(stream, schema, findings, sizes)

    def first(self, stream: BinaryIO, path: str, limit: int) -> Columns:
        with open_parquet(stream) as file:
            batch = next(file.iter_batches(batch_size=limit, use_threads=False), None)
        if batch is None:
            return {}
        return {name: _values(batch.column(name)) for name in batch.schema.names}

    def sample(self, stream: BinaryIO, schema: Schema, rows: int) -> Iterator[Columns]:
        """Some rows: the first ones of row groups all over the file; see ``Container``."""
        size = SIZES.block_rows(schema.max_seq_length)
        with open_parquet(stream) as file:
            for group, left in _chosen_groups(row_group_sizes(file), rows):
                for batch in file.iter_batches(size, row_groups=[group], use_threads=False):
                    taken = batch.slice(0, left)
                    yield dict(zip(taken.schema.names, map(matrix, taken.columns), strict=True))
                    left -= len(taken)
                    if not left:
                        break

    def rows(
        self,
        schema: Schema,
        vocabulary: Vocabulary,
        window_rows: int,
        sizes: Sizes,
    ) -> ParquetRows:
        return ParquetRows(schema, vocabulary)

    def expected_bytes(self, rows: RowCount, options: ShardOptions) -> float:
        layout = layout_of(options.column_layout)
        return rows.tokens * layout.parquet_bytes_per_token(options.masking != "none")


PARQUET = Parquet()


def _values(column: Any) -> Any:
    if pa.types.is_list(column.type) and len(pc.unique(pc.list_value_length(column))) > 1:
        return column  # of rows of their own lengths
    # As numpy's bytes, a value would lose the zeros it ends with.
    kind = object if column.type in (pa.string(), pa.binary()) else None
    return np.array(column.to_pylist(), kind)


def _chosen_groups(sizes: Sequence[int], rows: int) -> Iterator[tuple[int, int]]:
    """(row group, how many of its rows): as few as hold so many rows, evenly spread."""
    if rows >= sum(sizes):
        yield from enumerate(sizes)
    elif rows:
        count = min(len(sizes), -(-rows // max(sizes)))
        chosen = [i * len(sizes) // count for i in range(count)]
        yield from zip(chosen, spread([sizes[group] for group in chosen], rows), strict=True)
