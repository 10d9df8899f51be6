"""Prepared documents as they are stored: columns of keys, sentences and ids.

The columns are an Arrow record batch of ``prepared_schema``; they travel between stages as Arrow
IPC messages without their schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.draws import bucket_of


def id_type(vocab_size: int) -> pa.DataType:
    """The smallest Arrow type that holds every id and, in its top bit, a ``joined`` flag."""
    return pa.uint16() if vocab_size <= 1 << 15 else pa.uint32()


def flagged(ids: NDArray[np.int32], joined: NDArray[np.int64], kind: pa.DataType) -> pa.Array:
    """Ids as they are stored; the tokens number ``joined`` go on with the word before them."""
    stored = ids.astype(f"u{kind.bit_width // 8}")
    stored[joined] |= _top_bit(stored)
    return pa.array(stored)


def unflagged(stored: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Stored ids as ids, and whether each goes on with the word before."""
    top = _top_bit(stored)
    return (stored & ~top).astype(np.int32), (stored & top) != 0


def _top_bit(stored: NDArray[Any]) -> Any:
    return stored.dtype.type(1 << (stored.dtype.itemsize * 8 - 1))


def prepared_schema(vocab_size: int) -> pa.Schema:
    """key uint64; sentences list<list<ids>>: the token ids of each sentence of the document;
    is_pair bool: whether it was given as a sentence and the next one, and no more.
    """
    sentences = pa.list_(pa.list_(id_type(vocab_size)))
    return pa.schema([("key", pa.uint64()), ("sentences", sentences), ("is_pair", pa.bool_())])


def bucketed(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, buckets: int
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The rows of the batches ordered by key, cut into one batch per bucket that has any."""
    rows = sorted_by_key(batches, schema)
    edges = np.searchsorted(bucket_of(keys_of(rows), buckets), np.arange(buckets + 1))
    for bucket in np.flatnonzero(np.diff(edges)).tolist():
        yield bucket, rows.slice(edges[bucket], edges[bucket + 1] - edges[bucket])


def sorted_by_key(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    """All rows as one batch in the order of their keys (equal keys keep their order)."""
    table = pa.Table.from_batches(batches, schema)
    order = np.argsort(table.column("key").to_numpy(), kind="stable")
    merged = table.take(pa.array(order)).combine_chunks().to_batches()
    return merged[0] if merged else pa.RecordBatch.from_pylist([], schema)


def keys_of(rows: Any) -> NDArray[np.uint64]:
    """The key column of a record batch as numpy."""
    return np.asarray(rows.column("key"))
