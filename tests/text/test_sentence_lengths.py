"""Sentences are counted by their tokens, a count for each doubling."""

from __future__ import annotations

import pyarrow as pa

from bertprep.text.prepared_columns import prepared_schema
from bertprep.text.sentence_lengths import count_lengths, lengths_of


def test_each_sentence_is_counted_once() -> None:
    sentences = [[[7], [7] * 3, [7] * 4], [[7] * 5, [7] * 2000]]
    columns = [[1, 2], [1, 2], [1, 1], sentences, [False, False]]
    schema = prepared_schema(100)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
    sums = count_lengths(pa.record_batch(arrays, schema=schema))
    assert sums.total() == 5
    assert lengths_of(sums) == [(1, 1, 1), (3, 4, 2), (5, 8, 1), (513, 1024, 1)]
    assert lengths_of({"tokens": 9}) == []
