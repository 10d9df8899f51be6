"""How well and how fast copies and near copies are found, against brute force on planted ones.

    python benchmarks/cleaning.py --source FILES... [--documents 600] [--threshold 0.8]

Of each tenth document near copies are made: single words replaced, sentences left out, or another
document's beginning put before.  Truth is Jaccard's index of the 5-grams of words, of all pairs.
"""

from __future__ import annotations

import argparse
import random
import time
from itertools import combinations
from pathlib import Path

import numpy as np
from corpus import read_source

from bertprep.cleaning.clusters import all_but_one, near_pairs
from bertprep.cleaning.drafts import Draft, Sifter, ids_of
from bertprep.cleaning.minhash import NGRAM_WORDS
from bertprep.cleaning.words import WordNumbers, ngrams
from bertprep.options import CleanOptions


def near_copy(text: str, draw: random.Random) -> str:
    """A text a little other than the one given."""
    words = text.split(" ")
    kind = draw.choice(("words", "cut", "before"))
    if kind == "words":
        changed = draw.choice((0.005, 0.01, 0.02, 0.04))
        return " ".join("other" if draw.random() < changed else word for word in words)
    size = int(len(words) * draw.choice((0.02, 0.05, 0.1, 0.2)))
    if kind == "cut":
        start = draw.randrange(max(1, len(words) - size))
        return " ".join(words[:start] + words[start + size :])
    return " ".join([*(f"w{draw.randrange(9999)}" for _ in range(size)), *words])


def truth(texts: list[str], threshold: float) -> set[tuple[int, int]]:
    """The pairs that share so many 5-grams, by comparing all with all."""
    numbers = WordNumbers()
    sets = [set(ngrams(numbers.of(text), NGRAM_WORDS).tolist()) for text in texts]
    found = set()
    for i, j in combinations(range(len(texts)), 2):
        common = len(sets[i] & sets[j])
        if common and common / len(sets[i] | sets[j]) >= threshold:
            found.add((i, j))
    return found


def main() -> None:
    """Prints recall, precision and speed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, nargs="+", required=True)
    parser.add_argument("--documents", type=int, default=600)
    parser.add_argument("--threshold", type=float, default=0.8)
    given = parser.parse_args()
    draw = random.Random(1)
    texts = [text for text in read_source(given.source) if text.count(" ") > 50]
    texts = texts[: given.documents]
    texts += [near_copy(text, draw) for text in texts[::10] for _ in range(3)]
    expected = truth(texts, given.threshold)

    sifter = Sifter(CleanOptions(near_duplicates=given.threshold))
    drafts = [Draft(text, "", i) for i, text in enumerate(texts)]
    start = time.process_time()
    table = sifter.bands(drafts)
    seconds = time.process_time() - start
    pairs = near_pairs(table, given.threshold)
    ids = map(tuple, ids_of(drafts).tolist())
    place = {id_: number for number, id_ in enumerate(ids)}
    columns = [pairs[name].to_pylist() for name in pairs.column_names]
    found = {tuple(sorted((place[a, b], place[c, d]))) for a, b, c, d in zip(*columns, strict=True)}
    dropped = {place[int(a), int(b)] for a, b in all_but_one(pairs)}
    joined = {number for pair in expected for number in pair}
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    # Bands join a document with the first and the one before it: a set is found by its links.
    recall = np.mean([i in dropped or j in dropped for i, j in expected]) if expected else 1.0
    precision = np.mean([pair in expected for pair in found]) if found else 1.0
    print(f"documents {len(texts)}, of which {len(joined)} are near copies: {len(expected)} pairs")
    print(f"pairs of which one is left out (recall): {recall:.3f}")
    print(f"pairs found that are pairs (precision): {precision:.3f}")
    print(f"signatures: {megabytes / seconds:.1f} MB a CPU second")


if __name__ == "__main__":
    main()
