"""How well and how fast copies and near copies are found, against brute force on planted ones.

    python benchmarks/cleaning.py --source FILES... [--documents 600] [--thresholds 0.7 0.8 0.9]
    python benchmarks/cleaning.py --revisions flask.git --versions 8
    python benchmarks/cleaning.py --inputs enwiki/wiki_* enwiki-pages-articles.xml.bz2
    python benchmarks/cleaning.py --speed plain.txt

Of each tenth document of --source near copies are made: single words replaced, sentences left out,
or another document's beginning put before.  --revisions are real ones: the .rst and .md files of a
git history at some commits; so are the same articles in two forms among --inputs.  Truth is
Jaccard's index of the 5-grams of words, of all pairs.  --speed is in CPU seconds of one process, by
steps: reading, what is mended, hashes, drafts written and read again, and the cleaned corpus.
"""

from __future__ import annotations

import argparse
import io
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from corpus import read_source

from bertprep.cleaning.clean import (
    Sifter,
    ids_of,
    json_lines,
    read_drafts,
    record_batch,
    write_drafts,
)
from bertprep.cleaning.clusters import BAND_SCHEMA, all_but_one, near_pairs
from bertprep.cleaning.copies import PART_SCHEMA, copies
from bertprep.cleaning.minhash import NGRAM_WORDS
from bertprep.cleaning.words import ngrams, word_numbers
from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch, columns_of, texts_of
from bertprep.corpus.formats.format import Document
from bertprep.corpus.splits import plan_splits
from bertprep.options import CleanOptions, ReadOptions
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.folders.inputs import find_inputs


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


def shares(texts: list[str]) -> np.ndarray:
    """float64[n, n]: the share of 5-grams that two texts have in common, of all pairs (i < j)."""
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
    return np.triu(common / np.maximum(1, sizes[:, None] + sizes - common), 1)


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


def batches_of(paths: list[str]) -> Iterator[DocumentBatch]:
    """The documents of files, as `bertprep clean` reads them; files are looked at right away."""
    read = ReadOptions()
    splits = plan_splits(find_inputs(paths, read).files, read)
    return chain.from_iterable(read_unchanged(split, read, Drops()) for split in splits)


def read_inputs(paths: list[str]) -> list[str]:
    """Their texts."""
    return [text.decode("utf-8") for batch in batches_of(paths) for text in texts_of(batch)]


def given_texts(given: argparse.Namespace) -> list[str]:
    """The texts to compare; with planted copies of some where they are of --source."""
    texts = [text for path in given.revisions for text in revisions(path, given.versions)]
    texts += read_inputs(given.inputs) if given.inputs else []
    draw = random.Random(1)
    if given.source:
        planted = [text for text in read_source(given.source) if text.count(" ") > 50]
        planted = planted[: given.documents]
        texts += planted + [near_copy(text, draw) for text in planted[::10] for _ in range(3)]
    return [text for text in texts if text.count(" ") > 50]


def compare(batch: DocumentBatch, truth: np.ndarray, threshold: float) -> None:
    """Prints recall and precision at a threshold."""
    table = Sifter(CleanOptions(near_duplicates=threshold)).bands(batch)
    pairs = near_pairs(table, threshold)
    place = {tuple(id_): number for number, id_ in enumerate(ids_of(batch).tolist())}
    columns = [pairs[name].to_pylist() for name in pairs.column_names]
    found = {tuple(sorted((place[a, b], place[c, d]))) for a, b, c, d in zip(*columns, strict=True)}
    dropped = {place[int(a), int(b)] for a, b in all_but_one(pairs)}
    expected = {(int(a), int(b)) for a, b in np.argwhere(truth >= threshold)}
    # Bands join a document with the first and the one before it: a set is found by its links.
    recall = np.mean([i in dropped or j in dropped for i, j in expected]) if expected else 1.0
    wrong = [truth[pair] for pair in found if pair not in expected]
    precision = 1 - len(wrong) / max(1, len(found))
    print(
        f"{threshold}: {len(expected)} pairs; of {recall:.1%} one is left out (recall); "
        f"{precision:.1%} of the {len(found)} found are pairs (precision), "
        f"the others share {min(wrong, default=0):.2f} or more"
    )


def speed(paths: list[str], options: CleanOptions) -> None:
    """Prints MB of text a CPU second, and the milliseconds of each step for a MB."""
    sifter, seconds, size = Sifter(options), dict[str, float](), 0
    parts, bands = [PART_SCHEMA.empty_table()], [BAND_SCHEMA.empty_table()]

    def timed(step: str, function: Callable[[], Any]) -> Any:
        began = time.process_time()
        result = function()
        seconds[step] = seconds.get(step, 0) + time.process_time() - began
        return result

    batches = batches_of(paths)
    while batch := timed("reading", lambda: next(batches, None)):
        size += len(batch.text)
        batch = timed("mending", lambda batch=batch: sifter.sift(batch, Drops()))
        if options.duplicates != "none":
            parts.append(timed("hashes", lambda batch=batch: sifter.parts(batch, 0)))
        if options.near_duplicates is not None:
            bands.append(timed("signatures", lambda batch=batch: sifter.bands(batch)))
        stream = io.BytesIO()
        timed("drafts", lambda batch=batch, stream=stream: write_draft(stream, batch))
        again = timed("drafts", lambda stream=stream: list(read_drafts(stream)))
        timed("texts", lambda again=again: list(map(json_lines, again)))
    timed("copies", lambda: copies(pa.concat_tables(parts)))
    timed("copies", lambda: near_pairs(pa.concat_tables(bands), 0.8))
    shown = ", ".join(f"{step} {each / size * 1e9:.1f}" for step, each in seconds.items())
    print(f"{size / sum(seconds.values()) / 1e6:.1f} MB a CPU second; of the ms a MB: {shown}")


def write_draft(stream: io.BytesIO, batch: DocumentBatch) -> None:
    """Writes a batch as a split's draft, and goes back to its beginning."""
    with write_drafts(stream) as writer:
        writer.write_batch(record_batch(batch))
    stream.seek(0)


def main() -> None:
    """Prints recall and precision, or speed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, nargs="+", default=[])
    parser.add_argument("--documents", type=int, default=600)
    parser.add_argument("--revisions", type=Path, nargs="+", default=[], metavar="GIT_DIR")
    parser.add_argument("--versions", type=int, default=8, help="commits of each history")
    parser.add_argument("--inputs", nargs="+", default=[], help="files as clean reads them")
    parser.add_argument("--thresholds", type=float, nargs="+", default=[0.7, 0.8, 0.9])
    parser.add_argument("--speed", nargs="+", help="files to take the time of instead")
    given = parser.parse_args()
    if given.speed:
        for unit in ("documents", "paragraphs", "lines"):
            print(unit, end=": ")
            speed(given.speed, CleanOptions(duplicates=unit))
        print("near copies", end=": ")
        speed(given.speed, CleanOptions(near_duplicates=0.8))
        return
    texts = list(dict.fromkeys(given_texts(given)))
    documents = [Document(i, text.encode("utf-8", "replace")) for i, text in enumerate(texts)]
    batch = columns_of("jsonl", "", [""] * len(texts), documents)
    truth = shares(texts)
    print(f"{len(texts)} texts, {len(batch.text) / 1e6:.1f} MB")
    for threshold in given.thresholds:
        compare(batch, truth, threshold)


if __name__ == "__main__":
    main()
