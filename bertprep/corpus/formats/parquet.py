"""Parquet: a column holds the text, a row is a document; a range has the row groups it begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq

from bertprep.corpus.compression import Watched, arrow_damage
from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.formats.text_columns import batch_documents, text_columns
from bertprep.corpus.sample import Sample
from bertprep.corpus.seekable import DamagedError
from bertprep.errors import InputError
from bertprep.options import FileFormat, ReadOptions

_BATCH_BYTES = 1 << 20
_BATCH_ROWS = 1024
_BUFFER_BYTES = 1 << 20


class Parquet(Format):
    """Parquet, as the data sets of the Hugging Face hub."""

    name: ClassVar[FileFormat] = "parquet"
    shown: ClassVar[str] = "Parquet"
    evidence: ClassVar[str] = "the mark that Parquet begins with"
    has_fields: ClassVar[bool] = True
    has_rows: ClassVar[bool] = True

    def recognises(self, sample: Sample) -> bool:
        return sample.head.startswith(b"PAR1")

    def check(self, stream: BinaryIO, path: str, options: ReadOptions) -> int:
        try:
            file = _opened(Watched(stream))
        except DamagedError as error:
            raise InputError(f"{path} {error.describe('parquet')}") from None
        columns = set(text_columns(file.schema_arrow, options.text_field, path))
        groups = map(file.metadata.row_group, range(file.num_row_groups))
        return sum(_column_bytes(group, columns - {"title"}) for group in groups)

    def documents(self, source: Source) -> Iterator[Document]:
        watched = Watched(source.stream)
        file = _opened(watched)
        columns = text_columns(file.schema_arrow, source.options.text_field, source.name)
        keys, first = set(file.schema_arrow.names), 0
        for index in range(file.num_row_groups):
            group, row = file.metadata.row_group(index), first
            first += group.num_rows
            if not source.start <= _first_byte(group) < source.end:
                continue
            batches = _batches(file, index, columns)
            while row < first:
                with arrow_damage(watched):
                    batch = next(batches)
                yield from batch_documents(batch, keys, row, source)
                row += batch.num_rows


def _opened(watched: Watched) -> pq.ParquetFile:
    with arrow_damage(watched):
        return pq.ParquetFile(
            pa.PythonFile(watched, mode="r"),
            buffer_size=_BUFFER_BYTES,
            pre_buffer=False,
            page_checksum_verification=True,
        )


def _batches(file: pq.ParquetFile, index: int, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """A row group's rows, about ``_BATCH_BYTES`` of text at a time."""
    group = file.metadata.row_group(index)
    mean = _column_bytes(group, set(columns)) // max(1, group.num_rows)
    rows = max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(1, mean)))
    return iter(file.iter_batches(rows, [index], columns, use_threads=False))


def _first_byte(group: pq.RowGroupMetaData) -> int:
    column = group.column(0)
    return int(column.dictionary_page_offset or column.data_page_offset)


def _column_bytes(group: pq.RowGroupMetaData, columns: set[str]) -> int:
    """Bytes of columns of a row group before they were compressed."""
    chunks = map(group.column, range(group.num_columns))
    return sum(
        chunk.total_uncompressed_size
        for chunk in chunks
        if chunk.path_in_schema in columns or chunk.path_in_schema.partition(".")[0] in columns
    )
