"""Rows of one shard by their numbers, as records, out of either container.

What a record is, ``bertprep.layouts.columns`` says.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bertprep.common.bounds import is_below
from bertprep.common.ragged import offsets_of
from bertprep.layouts.columns import Records, Schema, padded_lists, record_dtype
from bertprep.shards.read import matrix, open_parquet, row_group_sizes
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.shards.tfrecord_framing import HEADER_BYTES, TFRecordError
from bertprep.shards.tfrecord_parsing import (
    Features,
    OddRecordsError,
    is_intact,
    parse_records,
    record_spans,
)
from bertprep.stores.ranges import hold
from bertprep.vocabulary.vocabulary import Vocabulary


class ParquetRows:
    """Rows of a Parquet shard."""

    def __init__(self, schema: Schema, vocabulary: Vocabulary) -> None:
        self._schema, self._vocabulary = schema, vocabulary
        self._dtype = record_dtype(schema, len(vocabulary))

    def read(self, stream: Any, first: int, count: int) -> Records:
        """Some rows, in their order, as a structured array [count] of ``record_dtype``.

        Args:
            stream: the open shard, seekable.
            first: the number of the first row.
            count: how many rows.

        Raises:
            Exception: any of ``unreadable.UNREADABLE``, if the shard is damaged or has fewer rows.
        """
        records = np.empty(count, self._dtype)
        with open_parquet(stream) as file:
            sizes = row_group_sizes(file)
            begins = offsets_of(np.array(sizes))
            _require_rows(int(begins[-1]), first + count)
            start, stop = first - begins, first + count - begins
            for group in np.flatnonzero((stop > 0) & (start < np.diff(begins, append=0))):
                part = slice(max(0, int(start[group])), min(int(stop[group]), sizes[group]))
                into = records[max(0, -int(start[group])) :][: part.stop - part.start]
                hold(stream, *_place(file.metadata.row_group(int(group))))
                self._fill(file, int(group), part, into)
        return records

    def _fill(self, file: Any, group: int, part: slice, records: Records) -> None:
        # A worker process has a core to itself, on which Arrow's threads would only queue.
        table = file.read_row_group(group, list(self._dtype.names or ()), use_threads=False)
        for column in self._schema.columns:
            name = column.name
            values = matrix(table.column(name).combine_chunks())[part]
            if column.is_ragged:
                fill = column.filling(self._vocabulary.pad_id)
                values = padded_lists(values, self._schema.max_seq_length, fill)
            # Only pages with checksums cannot be damaged, and shards of old have none.
            if column.role == "ids" and not is_below(values, len(self._vocabulary)).all():
                raise ValueError(f"{name} has an id that is not below {len(self._vocabulary):,}")
            records[name] = values


def _place(group: Any) -> tuple[int, int]:
    """Where the columns of a row group begin and end."""
    columns = [group.column(number) for number in range(group.num_columns)]
    begins = [column.dictionary_page_offset or column.data_page_offset for column in columns]
    ends = [b + c.total_compressed_size for b, c in zip(begins, columns, strict=True)]
    return min(begins), max(ends)


class TFRecordRows:
    """Rows of a TFRecord shard; finds out, once, where every n-th record (``every``) begins."""

    def __init__(
        self, dtype: np.dtype[np.void], features: Features, every: int, sizes: Sizes = SIZES
    ) -> None:
        self._dtype, self._features, self._every = dtype, features, every
        self._sizes = sizes
        self._begins: list[int] | None = None

    def read(self, stream: Any, first: int, count: int) -> Records:
        """Some rows, in their order, as a structured array [count] of ``record_dtype``.

        Args:
            stream: the open shard, seekable.
            first: the number of the first row.
            count: how many rows.

        Raises:
            Exception: any of ``unreadable.UNREADABLE``, if the shard is damaged or has fewer rows.
        """
        if self._begins is None:
            self._begins = _begins(stream, self._every, self._sizes.scan_bytes)
        chunk, skipped = divmod(first, self._every)
        edges = self._begins[chunk : chunk + 1 + -(-(skipped + count) // self._every)]
        if len(edges) < 2:
            _require_rows(0, count)
        stream.seek(edges[0])
        data = stream.read(edges[-1] - edges[0])
        places = record_spans(data)[0][skipped:][:count]
        _require_rows(len(places), count)
        records = np.empty(count, self._dtype)
        at_once = self._sizes.parsed_records
        for start in range(0, count, at_once):
            self._fill(data, places[start : start + at_once], records[start:])
        return records

    def _fill(self, data: bytes, places: list[tuple[int, int]], records: Records) -> None:
        if not all(is_intact(data, *place) for place in places):
            raise TFRecordError("wrong checksum: a record is damaged")
        first, last = places[0][0], places[-1][1]
        try:
            columns = parse_records(data[first:last], np.array(places) - first, self._features)
        except OddRecordsError:
            raise TFRecordError("a record has other features than the layout's") from None
        for name, values in columns.items():
            records[name][: len(places)] = values.reshape(-1, *self._dtype[name].shape)


def _begins(stream: Any, every: int, scan_bytes: int) -> list[int]:
    """Where records number 0, ``every``, 2 ``every``, ... begin, and where the last one ends."""
    begins, seen, base, rest = [], 0, 0, b""
    stream.seek(0)
    while block := stream.read(scan_bytes):
        data = rest + block
        places, end = record_spans(data)
        if end is None:
            raise TFRecordError("wrong checksum of a record's length")
        wanted = range(-seen % every, len(places), every)
        begins += [base + places[number][0] - HEADER_BYTES for number in wanted]
        seen, base, rest = seen + len(places), base + end, data[end:]
    return [*begins, base]


def _require_rows(found: int, expected: int) -> None:
    if found < expected:
        raise ValueError(f"expected {expected:,} rows or more, got {found:,}")
