"""Batches of documents: parts of them, and with other texts."""

from __future__ import annotations

import numpy as np

from bertprep.corpus.document_batch import (
    DocumentBatch,
    joined_documents,
    part_of,
    texts_of,
    with_texts,
)

TEXTS = [b"The panda eats.", b"", "Ünd schläft.".encode()]


def batch_of(texts: list[bytes]) -> DocumentBatch:
    text, starts, ends = joined_documents(texts)
    return DocumentBatch("a.txt", text, starts, ends, np.arange(len(texts)) * 100)


def test_a_blank_line_stands_between_two() -> None:
    batch = batch_of(TEXTS)
    assert batch.text == b"\n\n".join(TEXTS)
    assert texts_of(batch) == TEXTS
    assert texts_of(batch_of([])) == []


def test_a_part_keeps_the_places_of_its_documents() -> None:
    batch = batch_of(TEXTS)
    part = part_of(batch, np.array([0, 2]))
    assert part is not None
    assert texts_of(part) == [TEXTS[0], TEXTS[2]]
    assert part.offsets.tolist() == [0, 200]
    assert part_of(batch, np.array([], np.int64)) is None
    assert part_of(batch, np.arange(3)) == batch


def test_documents_without_text_are_left_out() -> None:
    batch = batch_of(TEXTS)
    kept = with_texts(batch, [b"", b"new", b"longer than before"])
    assert kept is not None
    assert texts_of(kept) == [b"new", b"longer than before"]
    assert kept.offsets.tolist() == [100, 200]
    assert with_texts(batch, [b"", b"", b""]) is None


def test_each_document_may_be_of_a_file_of_its_own() -> None:
    batch = batch_of(TEXTS)
    assert [batch.name_of(n) for n in range(2)] == ["a.txt", "a.txt"]
    several = DocumentBatch(
        "a", batch.text, batch.starts, batch.ends, batch.offsets, names=("a", "b", "c")
    )
    part = part_of(several, np.array([1, 2]))
    assert part is not None
    assert [part.name_of(n) for n in range(2)] == ["b", "c"]
