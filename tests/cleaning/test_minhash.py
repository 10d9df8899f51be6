"""Signatures: how near their estimate is, and that bands find what they are to find."""

from __future__ import annotations

import random

import numpy as np
import pytest

from bertprep.cleaning.minhash import PERMUTATIONS, Bands, Signer, similarity, sketches


def grams(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def pair(draw: random.Random, changed: float) -> tuple[str, str]:
    words = [f"w{draw.randrange(5000)}" for _ in range(400)]
    other = [f"x{draw.randrange(5000)}" if draw.random() < changed else w for w in words]
    return " ".join(words), " ".join(other)


def test_similarity_is_estimated_without_bias() -> None:
    draw, signer = random.Random(1), Signer()
    errors = []
    for changed in (0.0, 0.01, 0.03, 0.06, 0.1, 0.2) * 20:
        first, second = pair(draw, changed)
        exact = len(grams(first) & grams(second)) / len(grams(first) | grams(second))
        marks = sketches(signer.signatures([first, second]))
        errors.append(similarity(marks[:1], marks[1:])[0] - exact)
    # The standard error of 128 draws is at most 0.044.
    assert abs(np.mean(errors)) < 0.012
    assert np.std(errors) < 0.05


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.8, 0.9])
def test_bands_find_99_of_100_at_the_threshold(threshold: float) -> None:
    bands = Bands.for_threshold(threshold)
    assert bands.count * bands.rows <= PERMUTATIONS
    assert 1 - (1 - threshold**bands.rows) ** bands.count >= 0.99
    longer = bands.rows + 1
    assert 1 - (1 - threshold**longer) ** (PERMUTATIONS // longer) < 0.99


def test_keys_are_equal_where_bands_are() -> None:
    draw = np.random.default_rng(0)
    signatures = draw.integers(0, 2**32, (2, PERMUTATIONS), np.uint32)
    bands = Bands(16, 8)
    signatures[1, 8:16] = signatures[0, 8:16]
    keys = bands.keys(signatures)
    assert (keys[0] == keys[1]).tolist() == [i == 1 for i in range(16)]
    assert len(np.unique(keys)) == 31


def test_signatures_do_not_depend_on_the_batch() -> None:
    texts = ["One two three four five six.", "", "Seven.", "One two three four five six."]
    texts += [f"{n} and {text}" for n in range(3) for text in texts]
    together = Signer().signatures(texts)
    assert np.array_equal(together, np.concatenate([Signer().signatures([t]) for t in texts]))
    assert np.array_equal(together[0], together[3])
    assert (together[1] == 0xFFFFFFFF).all()


def test_a_long_text_has_the_smallest_of_all_its_words() -> None:
    signer = Signer()
    words = [f"w{n * n % 9973}" for n in range(40_000)]
    parts = [" ".join(words[max(0, i - 4) : i + 10_000]) for i in range(0, len(words), 10_000)]
    whole, *others = signer.signatures([" ".join(words), *parts])
    assert np.array_equal(whole, np.min(others, axis=0))
