"""Pairs to rows of ``example_schema``: their tokens gathered, in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.draws import bucket_of
from bertprep.common.ragged import gather_index, offsets_of
from bertprep.examples.bins import bin_count, bin_of
from bertprep.examples.documents import Documents
from bertprep.examples.origins import origin_columns
from bertprep.examples.truncate import Pairs
from bertprep.options import ShardOptions
from bertprep.settings.row_length import special_tokens


def bucketed_examples(
    documents: Documents, pairs: Pairs, schema: pa.Schema, buckets: int, options: ShardOptions
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The examples in the order of their keys, one batch per bucket that has any.

    Args:
        documents: those that the pairs are of.
        pairs: where each example's tokens are.
        schema: the ``example_schema`` of the vocabulary.
        buckets: how many there are; where rows are binned by length, how many each bin has of its
            own, the shortest rows' first.
        options: whether rows are binned, and how.
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
    lengths: NDArray[np.int64] = pairs.a_length + pairs.b_length
    return lengths + special_tokens(pairs.b_length > 0)


def gathered(documents: Documents, pairs: Pairs, schema: pa.Schema) -> pa.RecordBatch:
    """Examples with their tokens.

    Args:
        documents: those that the pairs are of.
        pairs: where each example's tokens are.
        schema: the ``example_schema`` of the vocabulary, with origins where the documents have
            their identities.
    """
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
    if documents.identities is not None:
        columns += origin_columns(documents, pairs, documents.identities)
    return pa.record_batch(columns, schema=schema)
