"""MDS: mosaicml-streaming's, which its own loader reads alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from bertprep.common.digests import DigestingStream
from bertprep.layouts.columns import Columns, Schema
from bertprep.layouts.registry import schema_of
from bertprep.options import ShardOptions
from bertprep.shards.containers.container import Container, RowCount
from bertprep.shards.findings import Findings
from bertprep.shards.mds_samples import MdsFile, mds_blocks, read_first
from bertprep.shards.read import Block
from bertprep.shards.sizes import SIZES, Sizes

# Besides its tokens: its place, the sizes and shapes of its columns, its label.
_SAMPLE_BYTES = 36


class Mds(Container):
    """Samples of their own lengths, and where each begins."""

    label = "MDS"

    def writer(self, output: DigestingStream, schema: Schema, sizes: Sizes) -> MdsFile:
        return MdsFile(output, schema)

    def blocks(
        self, stream: BinaryIO, schema: Schema, findings: Findings, sizes: Sizes = SIZES
    ) -> Iterator[Block]:
        return mds_blocks(stream, schema, findings, sizes)

    def first(self, stream: BinaryIO, path: str, limit: int) -> Columns:
        return read_first(stream, limit)

    def expected_bytes(self, rows: RowCount, options: ShardOptions) -> float:
        columns = schema_of(options).columns
        each = sum(column.dtype.itemsize for column in columns if column.is_ragged)
        return rows.tokens * each + rows.number * _SAMPLE_BYTES


MDS = Mds()
