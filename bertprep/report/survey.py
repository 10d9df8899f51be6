"""Looks through the rows of shards: how long examples are, and how often each token occurs.

What a manifest cannot say is counted here, in blocks of columns; of many rows only a sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from bertprep.checks.rules import Rules
from bertprep.errors import InputError
from bertprep.layouts.columns import Columns
from bertprep.layouts.registry import schema_of
from bertprep.layouts.values import IGNORED_LABEL
from bertprep.report.decode import rows_of
from bertprep.report.languages import SAMPLED_SEGMENTS, LanguageMix
from bertprep.shards.findings import Findings
from bertprep.shards.mds import mds_blocks
from bertprep.shards.read import UNREADABLE, brief, matrix, open_parquet, tfrecord_blocks
from bertprep.shards.sizes import SIZES
from bertprep.shards.tfrecord import TFRecordError

# What about a second goes through.
SURVEY_TOKENS = 16_000_000


@dataclass
class Survey:
    """Counts of the rows that were looked at.

    Attributes:
        rows: how many those are.
        lengths: int64[L + 1], how many examples have so many tokens, special ones included; there
            are more examples than rows where several are packed in a row.
        counts: int64[V], how often each token occurs, at its place what is to be predicted.
        languages: of a sample of their segments.
    """

    rows: int
    lengths: NDArray[np.int64]
    counts: NDArray[np.int64]
    languages: LanguageMix

    @classmethod
    def empty(cls, rules: Rules, segments: int = SAMPLED_SEGMENTS) -> Survey:
        """A survey of no rows yet, for rows that these rules make.

        Args:
            rules: of the rows.
            segments: how many to tell the language of, which takes most of the time.
        """
        lengths = np.zeros(rules.options.max_seq_length + 1, np.int64)
        counts = np.zeros(len(rules.kinds), np.int64)
        return cls(0, lengths, counts, LanguageMix(rules.vocabulary, segments))

    def add(self, columns: Columns, rules: Rules) -> None:
        """Counts a block of rows.

        Raises:
            ValueError: if they are not as these rules make them, as far as counting shows.
        """
        rows = rows_of(columns, rules.options, rules.vocabulary)
        ids = rows.ids
        if rows.answers is not None:
            ids = np.where(rows.answers == IGNORED_LABEL, ids, rows.answers)
        tokens = ids[rows.inside]
        self.counts += _counted(tokens, len(self.counts), "token id")
        # Every example begins with [CLS], and no text has it.
        edges = np.append(np.flatnonzero(tokens == rules.vocabulary.cls_id), len(tokens))
        self.lengths += _counted(np.diff(edges), len(self.lengths), "number of tokens")
        self.rows += len(ids)
        self.languages.add(ids, rows.inside)


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


def survey_shard(stream: BinaryIO, path: str, rows: int, rules: Rules, survey: Survey) -> None:
    """Adds rows of a shard of any container and layout to a survey.

    Rows stand in random order, so the first ones of a shard (in Parquet, of row groups all over
    it) are as good a sample as any.

    Args:
        stream: the shard, seekable.
        path: its path, for messages.
        rows: how many to add.
        rules: what they were made by.
        survey: what they are added to.

    Raises:
        InputError: if the shard cannot be read.
    """
    blocks = _parquet_blocks if rules.options.output_format == "parquet" else _record_blocks
    try:
        for columns in blocks(stream, rows, rules):
            survey.add(columns, rules)
    except UNREADABLE as error:
        raise InputError(f"{path} cannot be read as a shard: {brief(error)}") from None


def _parquet_blocks(stream: BinaryIO, rows: int, rules: Rules) -> Iterator[Columns]:
    size = SIZES.block_rows(rules.options.max_seq_length)
    with open_parquet(stream) as file:
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
        for group, left in _chosen_groups(sizes, rows):
            for batch in file.iter_batches(size, row_groups=[group], use_threads=False):
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


def _record_blocks(stream: BinaryIO, rows: int, rules: Rules) -> Iterator[Columns]:
    findings = Findings()
    blocks = mds_blocks if rules.options.output_format == "mds" else tfrecord_blocks
    for numbers, columns in blocks(stream, schema_of(rules.options), findings):
        if findings.count or rows <= 0:
            break
        yield {name: values[:rows] for name, values in columns.items()}
        rows -= len(numbers)
    if findings.count:
        row, message = findings.problems[0]
        raise TFRecordError(f"row {row}: {message}")
