"""Sentences in .bin and .idx, read back by a reader written from the format's description."""

import io
import struct
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.common.digests import DigestingStream
from bertprep.examples.documents import Documents
from bertprep.shards.megatron import MegatronWriter

sentence = st.lists(st.integers(0, 30_000), min_size=1, max_size=5)
corpus = st.lists(st.lists(sentence, min_size=1, max_size=4), min_size=1, max_size=6)


def documents_of(documents, counts=None):
    sentences = [s for d in documents for s in d]
    edges = [np.append(0, np.cumsum(list(map(len, each)))) for each in (documents, sentences)]
    ids = np.array([i for s in sentences for i in s], np.uint16)
    keys = np.arange(len(documents)).astype(np.uint64)
    return Documents(keys, *edges, ids, None, None if counts is None else np.array(counts))


def written(parts, vocab_size):
    stream = io.BytesIO()
    writer = MegatronWriter(DigestingStream(stream), vocab_size)
    for part in parts:
        writer.write(part)
    return stream.getvalue(), writer.index()


def read_back(data, index):
    magic, version, code, sentences, documents = struct.unpack_from("<9sQBQQ", index)
    assert (magic, version) == (b"MMIDIDX\x00\x00", 1)
    dtype = {4: "<i4", 8: "<u2"}[code]
    at = struct.calcsize("<9sQBQQ")
    lengths = struct.unpack_from(f"<{sentences}i", index, at)
    pointers = struct.unpack_from(f"<{sentences}q", index, at + 4 * sentences)
    firsts = struct.unpack_from(f"<{documents}q", index, at + 12 * sentences)
    assert len(index) == at + 12 * sentences + 8 * documents
    texts = [
        np.frombuffer(data, dtype, length, pointer).tolist()
        for length, pointer in zip(lengths, pointers, strict=True)
    ]
    assert sum(lengths) * np.dtype(dtype).itemsize == len(data)
    return [texts[a:b] for a, b in pairwise(firsts)]


@given(corpus, corpus, st.sampled_from([30_522, 65_499, 65_500, 250_002]))
def test_documents_come_back(some, others, vocab_size):
    data, index = written([documents_of(some), documents_of(others)], vocab_size)
    assert read_back(data, index) == some + others
    assert len(data) == sum(len(s) for d in some + others for s in d) * (
        2 if vocab_size < 65_500 else 4
    )


def test_copies_are_there_as_often_as_they_were():
    one, two = [[1, 2], [3]], [[4]]
    assert read_back(*written([documents_of([one, two], [2, 1])], 100)) == [one, one, two]


def test_flags_are_no_part_of_the_ids():
    documents = documents_of([[[5, 6]]])
    flagged = replace(documents, ids=documents.ids | np.array([0, 1 << 15], np.uint16))
    assert read_back(*written([flagged], 100)) == [[[5, 6]]]


def test_no_documents():
    with pytest.raises(AssertionError):
        read_back(b"x", written([], 100)[1])
    assert read_back(*written([], 100)) == []
