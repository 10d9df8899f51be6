"""TFRecord: uncompressed records, one tf.train.Example each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from bertprep.common.digests import DigestingStream
from bertprep.layouts.columns import Columns, Schema, record_dtype
from bertprep.shards.containers.container import Container
from bertprep.shards.findings import Findings
from bertprep.shards.read import Block, tfrecord_blocks
from bertprep.shards.rows import TFRecordRows
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.shards.tfrecord_framing import read_columns
from bertprep.shards.tfrecord_parsing import features_of
from bertprep.shards.tfrecord_writing import encode_tfrecord
from bertprep.vocabulary.vocabulary import Vocabulary


class TFRecordFile:
    """Writes records as they come."""

    def __init__(self, stream: DigestingStream) -> None:
        self._stream = stream

    def write(self, columns: Columns) -> None:
        """Writes rows: of each column [n] or [n, k]."""
        self._stream.write(encode_tfrecord(columns))

    def finish(self) -> None:
        """Nothing is left."""

    def close(self) -> None:
        """Nothing is open."""


class TFRecord(Container):
    """TensorFlow's; its rows are all of one size, whatever is in them."""

    label = "TFRecord"

    def writer(self, output: DigestingStream, schema: Schema, sizes: Sizes) -> TFRecordFile:
        return TFRecordFile(output)

    def blocks(
        self, stream: BinaryIO, schema: Schema, findings: Findings, sizes: Sizes = SIZES
    ) -> Iterator[Block]:
        return tfrecord_blocks(stream, schema, findings, sizes)

    def first(self, stream: BinaryIO, path: str, limit: int) -> Columns:
        return read_columns(stream, path, limit)

    def rows(
        self,
        schema: Schema,
        vocabulary: Vocabulary,
        window_rows: int,
        sizes: Sizes,
    ) -> TFRecordRows:
        dtype = record_dtype(schema, len(vocabulary))
        return TFRecordRows(dtype, features_of(schema), window_rows, sizes)


TFRECORD = TFRecord()
