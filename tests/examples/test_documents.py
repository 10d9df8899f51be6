"""Documents as flat columns, and the shares of their copies."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from bertprep.examples.documents import Documents
from bertprep.text.prepared_columns import prepared_schema


def test_documents_from_rows_of_a_slice() -> None:
    """Offsets are counted from the slice's own first sentence and token."""
    rows = pa.record_batch(
        [
            [3, 5, 9],
            [0, 0, 0],
            [1, 1, 4],
            [[[1, 2], [3]], [[4], [5, 6, 7]], [[8]]],
            [False, True, False],
        ],
        schema=prepared_schema(100),
    )
    documents = Documents.from_rows(rows.slice(1))
    assert documents.keys.tolist() == [5, 9]
    assert documents.first_sentence.tolist() == [0, 2, 3]
    assert documents.first_token.tolist() == [0, 1, 4, 5]
    assert documents.ids.tolist() == [4, 5, 6, 7, 8]
    assert documents.is_pair is not None
    assert documents.is_pair.tolist() == [True, False]
    assert documents.counts is not None
    assert documents.counts.tolist() == [1, 4]


def test_shares_are_equal_and_hold_each_copy_once() -> None:
    counts = np.array([1, 5, 1, 3])
    none = np.zeros(5, np.int64)
    keys = np.arange(4, dtype=np.uint64) << np.uint64(32)
    documents = Documents(keys, none, none, np.zeros(0, np.uint16), counts=counts)
    shares = [documents.share(part, 3) for part in range(3)]
    assert [len(numbers) for numbers, _ in shares] == [3, 3, 4]
    whose = np.concatenate([numbers for numbers, _ in shares])
    assert np.bincount(whose).tolist() == counts.tolist()
    own = np.concatenate([found for _, found in shares])
    assert len(np.unique(own)) == counts.sum()
    assert own[np.flatnonzero(np.diff(whose, prepend=-1))].tolist() == keys.tolist()  # the first
    assert documents.copies(1, 3).tolist() == [0, 3, 0, 0]
