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
from bertprep.common.lists import taken


def id_type(vocab_size: int) -> pa.DataType:
    """The smallest Arrow type that holds every id and, in its top bit, a flag."""
    return pa.uint16() if vocab_size <= 1 << 15 else pa.uint32()


def flagged(ids: NDArray[np.int32], numbers: NDArray[np.int64], kind: pa.DataType) -> pa.Array:
    """Ids as they are stored.

    Args:
        ids: int32[n].
        numbers: int64[m], of the tokens to flag: those of which ``Vocabulary.continuing`` says
            wrongly if they go on with the word before them.
        kind: ``id_type`` of the vocabulary.
    """
    stored = ids.astype(f"u{kind.bit_width // 8}")
    stored[numbers] |= _top_bit(stored)
    return pa.array(stored)


def unflagged(stored: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Stored ids, uint16[n] or uint32[n], as ids int32[n]; and bool[n], which are flagged.

    See ``flagged``.
    """
    top = _top_bit(stored)
    return (stored & ~top).astype(np.int32), (stored & top) != 0


def _top_bit(stored: NDArray[Any]) -> Any:
    return stored.dtype.type(1 << (stored.dtype.itemsize * 8 - 1))


def prepared_schema(vocab_size: int) -> pa.Schema:
    """The columns of prepared documents.

    key, rest uint64: the document's key, and what tells others of this key apart;
    count int64: how many documents of this text there are;
    sentences list<list<ids>>: the token ids of each sentence of the document;
    is_pair bool: whether it was given as a sentence and the next one, and no more.
    """
    return pa.schema(
        [
            ("key", pa.uint64()),
            ("rest", pa.uint64()),
            ("count", pa.int64()),
            ("sentences", pa.list_(pa.list_(id_type(vocab_size)))),
            ("is_pair", pa.bool_()),
        ]
    )


def bucketed(rows: pa.RecordBatch, buckets: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Documents in the order of their keys, one batch per bucket that has any."""
    edges = np.searchsorted(bucket_of(keys_of(rows), buckets), np.arange(buckets + 1))
    for bucket in np.flatnonzero(np.diff(edges)).tolist():
        yield bucket, rows.slice(edges[bucket], edges[bucket + 1] - edges[bucket])


def merged(
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
    first: int = 0,
    last: int = 1,
    ranges: int = 1,
) -> pa.RecordBatch:
    """Documents in the order of their keys; equal ones are one, with their counts added up.

    Args:
        batches: documents.
        schema: theirs.
        first: the number of the first range of keys that is taken.
        last: that of the range after the last.
        ranges: how many there are.
    """
    table = pa.Table.from_batches(batches, schema)
    key, rest, count = (table.column(name).to_numpy() for name in ("key", "rest", "count"))
    order = np.lexsort((rest, key))
    start, stop = np.searchsorted(bucket_of(key[order], ranges), (first, last))
    order = order[start:stop]
    key, rest, count = key[order], rest[order], count[order]
    is_other = (key[1:] != key[:-1]) | (rest[1:] != rest[:-1])
    of_each = np.flatnonzero(np.append(np.ones(min(1, len(key)), bool), is_other))
    counts = np.add.reduceat(count, of_each) if len(of_each) else count
    rows = _taken(table, order[of_each])
    return rows.set_column(schema.get_field_index("count"), schema.field("count"), pa.array(counts))


def sorted_by_key(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    """All rows as one batch in the order of their keys (equal keys keep their order)."""
    table = pa.Table.from_batches(batches, schema)
    order = np.argsort(table.column("key").to_numpy(), kind="stable")
    return _taken(table, order)


def _taken(table: pa.Table, order: NDArray[np.int64]) -> pa.RecordBatch:
    """The rows in this order."""
    batches = table.combine_chunks().to_batches()
    if not batches:
        return pa.RecordBatch.from_pylist([], table.schema)
    columns = [taken(column, order) for column in batches[0].columns]
    return pa.RecordBatch.from_arrays(columns, schema=table.schema)


def keys_of(rows: Any) -> NDArray[np.uint64]:
    """uint64[n]: the key column of a record batch."""
    return np.asarray(rows.column("key"))
