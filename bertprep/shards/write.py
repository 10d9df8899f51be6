"""Writes the rows of one shard into a file of its container."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa

from bertprep.common.digests import DigestingStream
from bertprep.examples.mask import Masker
from bertprep.layouts.registry import schema_of
from bertprep.options import ShardOptions
from bertprep.shards.compose import Composer
from bertprep.shards.containers.registry import container_of
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.vocabulary.vocabulary import Vocabulary


class ShardResult(NamedTuple):
    """Of a file that was written: rows, bytes, SHA-256 (hexadecimal), and the sums to report."""

    rows: int
    size: int
    digest: str
    statistics: Counter[str]


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
    """As ``write_shard``, with a composer that was made for it.

    Args:
        stream: takes the bytes of the file; it need not be seekable.
        batches: the examples; how they are cut into batches does not show in the file.
        composer: a new one; it knows the options.
    """
    output = DigestingStream(stream)
    container = container_of(composer.options.output_format)
    writer = container.writer(output, schema_of(composer.options), composer.sizes)
    rows = 0
    with closing(writer):
        for columns in composer(batches):
            writer.write(columns)
            rows += len(next(iter(columns.values())))
        writer.finish()
    return ShardResult(rows, output.size, output.hexdigest(), composer.statistics)


def row_edges(rows: int, shards: int) -> list[int]:
    """Shard k holds the global rows ``edges[k]`` to ``edges[k + 1]``: equal to one row."""
    return [int(edge) for edge in np.arange(shards + 1, dtype=object) * rows // shards]
