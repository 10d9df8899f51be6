"""How well and how fast copies and near copies are found, against brute force on planted ones.

    python benchmarks/cleaning.py --source FILES... [--documents 600] [--threshold 0.8]

    python benchmarks/cleaning.py --revisions flask.git --versions 8
    python benchmarks/cleaning.py --inputs enwiki/wiki_* enwiki-pages-articles.xml.bz2

Of each tenth document of --source near copies are made: single words replaced, sentences left out,
or another document's beginning put before.  --revisions are real ones: the .rst and .md files of a
git history at some commits; so are the same articles in two forms among --inputs.  Truth is
Jaccard's index of the 5-grams of words, of all pairs.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import time
from pathlib import Path

import numpy as np
from corpus import read_source

from bertprep.cleaning.clean import Draft, Sifter, ids_of
from bertprep.cleaning.clusters import all_but_one, near_pairs
from bertprep.cleaning.minhash import NGRAM_WORDS
from bertprep.cleaning.words import ngrams, word_numbers
from bertprep.common.drops import Drops
from bertprep.corpus.splits import plan_splits
from bertprep.options import CleanOptions, ReadOptions
from pipelines.folders.inputs import find_inputs, read_unchanged


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
    grams = [np.unique(ngrams(word_numbers([text]), NGRAM_WORDS).numbers) for text in texts]
    every = np.concatenate(grams)
    holders = np.repeat(np.arange(len(texts)), list(map(len, grams)))
    order = np.argsort(every, kind="stable")
    edges = np.flatnonzero(np.diff(every[order])) + 1
    common = np.zeros((len(texts), len(texts)), np.int32)
    for documents in np.split(holders[order], edges):
        if len(documents) > 1:
            common[np.ix_(documents, documents)] += 1
    sizes = np.array(list(map(len, grams)))
    shares = common / np.maximum(1, sizes[:, None] + sizes - common)
    found = np.argwhere(np.triu(shares >= threshold, 1))
    return {(int(a), int(b)) for a, b in found}


def revisions(repository: Path, count: int) -> list[str]:
    """The prose files of a git history, each as it was at so many commits."""

    def git(*args: str) -> str:
        command = ["git", "-C", str(repository), *args]
        done = subprocess.run(command, capture_output=True, check=True)
        return done.stdout.decode("utf-8", "replace")

    commits = git("log", "--format=%h", "--", "*.rst", "*.md").split()
    texts: dict[str, None] = {}
    for commit in commits[:: max(1, len(commits) // count)][:count]:
        for path in git("ls-tree", "-r", "--name-only", commit).splitlines():
            if path.endswith((".rst", ".md")):
                texts[git("show", f"{commit}:{path}")] = None
    return list(texts)


def read_inputs(paths: list[str]) -> list[str]:
    """The documents of files, as `bertprep clean` reads them."""
    read = ReadOptions()
    found, _ = find_inputs(paths, read)
    return [
        batch.text[start:end].decode("utf-8", "replace")
        for split in plan_splits(found, read)
        for batch in read_unchanged(split, read, Drops())
        for start, end in zip(batch.starts, batch.ends, strict=True)
    ]


def given_texts(given: argparse.Namespace) -> list[str]:
    """What is to be compared; with planted copies of some where it is of --source."""
    texts = [text for path in given.revisions for text in revisions(path, given.versions)]
    texts += read_inputs(given.inputs) if given.inputs else []
    draw = random.Random(1)
    if given.source:
        planted = [text for text in read_source(given.source) if text.count(" ") > 50]
        planted = planted[: given.documents]
        texts += planted + [near_copy(text, draw) for text in planted[::10] for _ in range(3)]
    return [text for text in texts if text.count(" ") > 50]


def main() -> None:
    """Prints recall, precision and speed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, nargs="+", default=[])
    parser.add_argument("--documents", type=int, default=600)
    parser.add_argument("--revisions", type=Path, nargs="+", default=[], metavar="GIT_DIR")
    parser.add_argument("--versions", type=int, default=8, help="commits of each history")
    parser.add_argument("--inputs", nargs="+", default=[], help="files as clean reads them")
    parser.add_argument("--threshold", type=float, default=0.8)
    given = parser.parse_args()
    texts = given_texts(given)
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
