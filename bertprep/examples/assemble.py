"""Pairs to examples: the rows between pairing and masking, as columns and as a matrix.

On their way between stages rows are an Arrow record batch of ``example_schema``: the tokens of A
and B alone, so that nothing is stored that the options already say.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.ragged import gather_index
from bertprep.examples.examples import Examples
from bertprep.examples.origins import ORIGIN_FIELDS
from bertprep.settings.row_length import special_tokens
from bertprep.text.prepared_columns import id_type, keys_of, unflagged
from bertprep.vocabulary.vocabulary import Vocabulary


def example_schema(vocab_size: int, origins: bool = False) -> pa.Schema:
    """key uint64; label int8; a_length int32; ids list: the tokens of A, then those of B.

    With ``origins`` also those of each row: see ``bertprep.examples.origins``.
    """
    return pa.schema(
        [
            ("key", pa.uint64()),
            ("label", pa.int8()),
            ("a_length", pa.int32()),
            ("ids", pa.list_(id_type(vocab_size))),
            *(ORIGIN_FIELDS if origins else ()),
        ]
    )


def row_lengths(rows: pa.RecordBatch) -> NDArray[np.int64]:
    """int64[n]: tokens of rows of ``example_schema`` with [CLS] and each [SEP]."""
    lengths = np.diff(np.asarray(rows.column("ids").offsets)).astype(np.int64)
    has_b: NDArray[np.bool_] = lengths > np.asarray(rows.column("a_length"))
    return lengths + special_tokens(has_b)


def assemble(
    rows: pa.RecordBatch, vocabulary: Vocabulary, max_seq_length: int, *, with_words: bool = True
) -> Examples:
    """Adds the special tokens and the padding.

    Args:
        rows: n rows of ``example_schema``.
        vocabulary: has the ids of the special tokens.
        max_seq_length: L, tokens of a row with its padding; at least those of the longest.
        with_words: whether somebody asks which tokens go on with a word; else all are said to.
    """
    ids = rows.column("ids").flatten().to_numpy()
    lengths = np.diff(np.asarray(rows.column("ids").offsets)).astype(np.int64)
    a_lengths = np.asarray(rows.column("a_length")).astype(np.int64)
    has_b = lengths > a_lengths
    row = np.arange(len(lengths))
    matrix = np.full((len(lengths), max_seq_length), vocabulary.pad_id, np.int32)
    matrix[:, 0] = vocabulary.cls_id
    matrix[row, a_lengths + 1] = vocabulary.sep_id
    total = lengths + special_tokens(has_b)
    matrix[row, total - 1] = vocabulary.sep_id
    starts = (
        np.column_stack((np.zeros_like(row), a_lengths + 1)) + (row * max_seq_length + 1)[:, None]
    )
    place = gather_index(starts.ravel(), np.column_stack((a_lengths, lengths - a_lengths)).ravel())
    matrix.ravel()[place], is_flagged = unflagged(ids)
    joined = vocabulary.continuing.take(matrix) if with_words else np.ones(matrix.shape, bool)
    if with_words and is_flagged.any():
        joined.ravel()[place] ^= is_flagged
    second = np.where(has_b, a_lengths + 2, total)
    labels = np.asarray(rows.column("label"))
    return Examples(keys_of(rows), matrix, total, second, labels, joined)
