"""Looks through the rows of shards: how long examples are, and how often each token occurs.

What a manifest cannot say is counted here, in blocks of columns; of many rows only a sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bertprep.blocks import UNREADABLE, brief, matrix, record_blocks
from bertprep.decode import ROW_COLUMNS, rows_of
from bertprep.errors import InputError
from bertprep.layout import IGNORED_LABEL, Columns
from bertprep.parse import features_of
from bertprep.rules import Findings
from bertprep.tfrecord import TFRecordError, decode_example, read_records
from bertprep.vocabulary import Vocabulary

# What about a second goes through.
SURVEY_TOKENS = 16_000_000
_BLOCK_TOKENS = 1 << 17


@dataclass
class Survey:
    """What was counted in the rows that were looked at.

    Attributes:
        rows: how many those are.
        lengths: int64[L + 1], how many examples have so many tokens, special ones included; there
            are more examples than rows where several are packed in a row.
        counts: int64[V], how often each token occurs, at its place what is to be predicted.
    """

    rows: int
    lengths: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def empty(cls, max_seq_length: int, vocabulary: Vocabulary) -> Survey:
        return cls(0, np.zeros(max_seq_length + 1, np.int64), np.zeros(len(vocabulary), np.int64))

    @property
    def block_rows(self) -> int:
        """How many rows to look at together: their columns stay in a core's cache."""
        return max(1, _BLOCK_TOKENS // len(self.lengths))

    def add(self, columns: Mapping[str, NDArray[Any]], cls_id: int) -> None:
        """Counts a block of rows of any layout.

        Raises:
            ValueError: if a token is not in the vocabulary, or an example is too long.
        """
        rows = rows_of(columns)
        ids = rows.ids
        if rows.answers is not None:
            ids = np.where(rows.answers == IGNORED_LABEL, ids, rows.answers)
        tokens = ids[rows.inside]
        self.counts += _counted(tokens, len(self.counts), "token id")
        # Every example begins with [CLS], and no text has it.
        edges = np.append(np.flatnonzero(tokens == cls_id), len(tokens))
        self.lengths += _counted(np.diff(edges), len(self.lengths), "number of tokens")
        self.rows += len(ids)


def _counted(values: NDArray[Any], limit: int, what: str) -> NDArray[np.int64]:
    for value in (values.min(initial=0), values.max(initial=0)):
        if not 0 <= value < limit:
            raise ValueError(f"expected a {what} below {limit}, got {value}")
    return np.bincount(values, minlength=limit)


def spread(rows: Sequence[int], limit: int) -> list[int]:
    """How many rows to take of each shard: in proportion ``limit`` together, or all there are.

    >>> spread([60, 30, 10], 20)
    [12, 6, 2]
    """
    edges = [0, *np.cumsum(rows).tolist()]
    if edges[-1] <= limit:
        return list(rows)
    return [end * limit // edges[-1] - start * limit // edges[-1] for start, end in pairwise(edges)]


def survey_shard(
    stream: BinaryIO, path: str, rows: int, vocabulary: Vocabulary, survey: Survey
) -> None:
    """Adds ``rows`` rows of a shard of any container and layout to a survey.

    Rows stand in random order, so the first ones of a shard (in Parquet, of row groups all over
    it) are as good a sample as any.

    Raises:
        InputError: if the shard cannot be read.
    """
    blocks = _record_blocks if path.endswith(".tfrecord") else _parquet_blocks
    try:
        for columns in blocks(stream, path, rows, survey.block_rows):
            survey.add(columns, vocabulary.cls_id)
    except UNREADABLE as error:
        raise InputError(f"{path} cannot be read as a shard: {brief(error)}") from None


def _parquet_blocks(stream: BinaryIO, path: str, rows: int, block_rows: int) -> Iterator[Columns]:
    with pq.ParquetFile(stream) as file:
        names = [name for name in file.schema_arrow.names if name in ROW_COLUMNS]
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
        for group, left in _chosen_groups(sizes, rows):
            for batch in file.iter_batches(block_rows, row_groups=[group], columns=names):
                taken = batch.slice(0, left)
                yield dict(zip(taken.schema.names, map(matrix, taken.columns), strict=True))
                left -= len(taken)
                if not left:
                    break


def _chosen_groups(sizes: Sequence[int], rows: int) -> Iterator[tuple[int, int]]:
    """(row group, how many of its rows): as few as hold so many rows, evenly spread."""
    if rows >= sum(sizes):
        yield from enumerate(sizes)
    elif rows:
        count = min(len(sizes), -(-rows // max(sizes)))
        chosen = [i * len(sizes) // count for i in range(count)]
        yield from zip(chosen, spread([sizes[group] for group in chosen], rows), strict=True)


def _record_blocks(stream: BinaryIO, path: str, rows: int, block_rows: int) -> Iterator[Columns]:
    first = next(read_records(stream, path), None)
    if first is None or not rows:
        return
    stream.seek(0)
    example = {name: values[None] for name, values in decode_example(first).items()}
    findings = Findings()
    for numbers, columns in record_blocks(stream, features_of(example), findings):
        yield {name: values[:rows] for name, values in columns.items()}
        rows -= len(numbers)
        if findings.count or rows <= 0:
            break
    if findings.count:
        row, message = findings.problems[0]
        raise TFRecordError(f"row {row}: {message}")
