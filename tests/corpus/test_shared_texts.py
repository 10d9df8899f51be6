"""Texts that several inputs have: exact of few, near enough of many."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from bertprep.corpus.document_batch import columns_of
from bertprep.corpus.formats.format import Document
from bertprep.corpus.shared_texts import KEPT, Smallest, add_hashes, hashes_of, shared_counts


def batch_of(name: str, texts: list[str]) -> Smallest:
    documents = [Document(0, text.encode()) for text in texts]
    return hashes_of(columns_of("text", name, ["in"] * len(texts), documents))


def test_equal_texts_of_two_inputs() -> None:
    found: Smallest = {}
    for name, texts in (
        ("wiki", ["One.", "Two.", "Two."]),
        ("books", ["Three.", "Two."]),
        ("wiki", ["Three.", "Four."]),
        ("web", ["Five."]),
    ):
        add_hashes(found, batch_of(name, texts))
    assert shared_counts(found) == {"wiki": 2, "books": 2, "web": 0}
    assert batch_of("", ["One."]) == {}


def drawn(count: int, start: int) -> NDArray[np.uint64]:
    draws = np.random.default_rng(1).integers(0, 1 << 64, 400_000, np.uint64)
    return draws[start : start + count]


def test_of_many_texts_it_is_near() -> None:
    """Within four standard deviations of what 4,096 of 100,000 texts tell."""
    parts = {"large": drawn(100_000, 0), "small": drawn(20_000, 90_000), "tiny": drawn(50, 0)}
    found: Smallest = {}
    for name, hashes in parts.items():
        for part in np.array_split(hashes, 7):
            add_hashes(found, {name: part.tolist()})
    assert max(map(len, found.values())) == KEPT
    counts = shared_counts(found)
    for name, expected in (("large", 10_050), ("small", 10_000)):
        spread = (expected * 100_000 / KEPT) ** 0.5
        assert abs(counts[name] - expected) < 4 * spread, counts


def test_it_is_the_same_in_any_order() -> None:
    parts = [{name: drawn(9000, at).tolist()} for name, at in (("a", 0), ("b", 5000), ("a", 9000))]
    counts = []
    for seed in range(4):
        random.Random(seed).shuffle(parts)
        found: Smallest = {}
        for part in parts:
            add_hashes(found, part)
        counts.append(dict(sorted(shared_counts(found).items())))
    assert counts[1:] == counts[:-1]
