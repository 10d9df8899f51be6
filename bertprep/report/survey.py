"""Looks through the rows of shards: how long examples are, and how often each token occurs.

What a manifest cannot say is counted here, in blocks of columns; of many rows only a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
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
from bertprep.shards.containers.registry import container_of
from bertprep.shards.unreadable import UNREADABLE, brief

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


def survey_shard(stream: BinaryIO, path: str, rows: int, rules: Rules, survey: Survey) -> None:
    """Adds rows of a shard of any container and layout to a survey.

    Args:
        stream: the shard, seekable.
        path: its path, for messages.
        rows: how many to add.
        rules: what they were made by.
        survey: what they are added to.

    Raises:
        InputError: if the shard cannot be read.
    """
    container = container_of(rules.options.output_format)
    try:
        for columns in container.sample(stream, schema_of(rules.options), rows):
            survey.add(columns, rules)
    except UNREADABLE as error:
        raise InputError(f"{path} cannot be read as a shard: {brief(error)}") from None
