"""Pairs to examples: the rows between pairing and masking, as columns and as a matrix.

On their way between stages rows are an Arrow record batch of ``example_schema``: the tokens of A
and B alone, so that nothing is stored that the options already say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.draws import Keys, bucket_of
from bertprep.common.ragged import gather_index, offsets_of, positions_within
from bertprep.examples.bins import bin_count, bin_of
from bertprep.examples.pair import Documents, Pairs
from bertprep.options import ShardOptions
from bertprep.text.prepare import id_type, keys_of, unflagged
from bertprep.vocabulary.vocabulary import Vocabulary


def example_schema(vocab_size: int) -> pa.Schema:
    """key uint64; label int8; a_length int32; ids list: the tokens of A, then those of B."""
    return pa.schema(
        [
            ("key", pa.uint64()),
            ("label", pa.int8()),
            ("a_length", pa.int32()),
            ("ids", pa.list_(id_type(vocab_size))),
        ]
    )


def bucketed_examples(
    documents: Documents, pairs: Pairs, schema: pa.Schema, buckets: int, options: ShardOptions
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The examples in the order of their keys, one batch per bucket that has any.

    Where rows are binned by length, each bin has ``buckets`` buckets of its own, the shortest rows'
    first.
    """
    bins = bin_of(_row_lengths(pairs), options)
    order = np.lexsort((pairs.keys, bins))
    pairs, bins = pairs.take(order), bins[order]
    edges = np.searchsorted(
        bins * buckets + bucket_of(pairs.keys, buckets),
        np.arange(bin_count(options) * buckets + 1),
    )
    for bucket in np.flatnonzero(np.diff(edges)).tolist():
        rows = np.arange(edges[bucket], edges[bucket + 1])
        yield bucket, gathered(documents, pairs.take(rows), schema)


def _row_lengths(pairs: Pairs) -> NDArray[np.int64]:
    """int64[n]: tokens of the rows with [CLS] and each [SEP]."""
    lengths: NDArray[np.int64] = pairs.a_length + pairs.b_length + 2 + (pairs.b_length > 0)
    return lengths


def gathered(documents: Documents, pairs: Pairs, schema: pa.Schema) -> pa.RecordBatch:
    """The rows as a record batch of ``example_schema``."""
    starts = np.column_stack((pairs.a_start, pairs.b_start)).ravel()
    lengths = np.column_stack((pairs.a_length, pairs.b_length)).ravel()
    ids = documents.ids[gather_index(starts, lengths)]
    offsets = offsets_of(pairs.a_length + pairs.b_length).astype(np.int32)
    columns = [
        pa.array(pairs.keys),
        pa.array(pairs.labels),
        pa.array(pairs.a_length.astype(np.int32)),
        pa.ListArray.from_arrays(offsets, pa.array(ids)),
    ]
    return pa.record_batch(columns, schema=schema)


@dataclass(frozen=True)
class Examples:
    """A block of n unmasked rows.

    Attributes:
        keys: uint64[n], what everything random about a row derives from.
        input_ids: int32[n, L], [CLS] A [SEP] B [SEP] (B and its [SEP] only where there is a B).
        lengths: int64[n], tokens of the row with its special ones.
        second_starts: int64[n], where B begins; the row's length where there is none.
        labels: int8[n].
        joined: bool[n, L], the tokens that go on with the word of the one before: ## pieces, and
            what a word segmenter joined.  Whether a word is before them is not asked here.
    """

    keys: Keys
    input_ids: NDArray[np.int32]
    lengths: NDArray[np.int64]
    second_starts: NDArray[np.int64]
    labels: NDArray[np.int8]
    joined: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.keys)


def row_lengths(rows: pa.RecordBatch) -> NDArray[np.int64]:
    """int64[n]: tokens of rows of ``example_schema`` with [CLS] and each [SEP]."""
    lengths = np.diff(np.asarray(rows.column("ids").offsets)).astype(np.int64)
    has_b: NDArray[np.bool_] = lengths > np.asarray(rows.column("a_length"))
    return lengths + 2 + has_b


def assemble(rows: pa.RecordBatch, vocabulary: Vocabulary, max_seq_length: int) -> Examples:
    """Adds the special tokens and the padding to rows of ``example_schema``."""
    ids = rows.column("ids").flatten().to_numpy()
    lengths = np.diff(np.asarray(rows.column("ids").offsets)).astype(np.int64)
    a_lengths = np.asarray(rows.column("a_length")).astype(np.int64)
    has_b = lengths > a_lengths
    row = np.arange(len(lengths))
    matrix = np.full((len(lengths), max_seq_length), vocabulary.pad_id, np.int32)
    matrix[:, 0] = vocabulary.cls_id
    matrix[row, a_lengths + 1] = vocabulary.sep_id
    total = lengths + 2 + has_b
    matrix[row, total - 1] = vocabulary.sep_id
    within = positions_within(lengths)
    column = within + 1 + (within >= np.repeat(a_lengths, lengths))
    place = np.repeat(row, lengths), column
    matrix[place], is_joined = unflagged(ids)
    joined = vocabulary.continuing[matrix]
    if is_joined.any():
        joined[place] |= is_joined
    second = np.where(has_b, a_lengths + 2, total)
    labels = np.asarray(rows.column("label"))
    return Examples(keys_of(rows), matrix, total, second, labels, joined)
