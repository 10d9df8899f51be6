"""Token ids of real text beside those of `tokenizers`, sentence by sentence, and both speeds.

    python benchmarks/check_tokens.py corpus/ more.txt --vocab cased/vocab.txt uncased/vocab.txt

Every file is read, cut into sentences and tokenized as `bertprep shard` does it; each sentence is
then given to `tokenizers`, set up apart from bertprep's own code: a WordPiece model read from the
vocab.txt, BertNormalizer and BertPreTokenizer. Each vocabulary is tried uncased and cased, whatever
it was made for. The exit code is 1 if any sentence has other ids.

MB/s is UTF-8 text per second of tokenizing alone, on one thread each; bertprep begins each line of
the table with an empty memory.

A file that is of no format bertprep reads is named and left out. So are documents that cannot be
read, such as those not in UTF-8: they are counted.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from bertprep.common.drops import REASONS, Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.files import InputFile
from bertprep.corpus.read import read_split
from bertprep.corpus.recognise import recognise
from bertprep.corpus.sample import HEAD_BYTES
from bertprep.corpus.splits import plan_splits
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from bertprep.text.prepare import character_offsets
from bertprep.text.segment import Segmenter
from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.vocabulary import parse_vocab_txt


@dataclass
class Result:
    """The outcome of one vocabulary and casing."""

    sentences: int = 0
    tokens: int = 0
    size: int = 0
    ours: float = 0.0
    theirs: float = 0.0
    different: list[str] = field(default_factory=list)
    drops: Drops = field(default_factory=Drops)


def reference(path: Path, lowercase: bool) -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece.from_file(str(path), unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def find_files(inputs: list[Path], options: ReadOptions) -> Iterator[InputFile]:
    """The readable files among the inputs and in them, in order; the others are named."""
    paths = (p for path in inputs for p in ([path] if path.is_file() else sorted(path.rglob("*"))))
    for path in filter(Path.is_file, paths):
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        try:
            yield recognise(head, str(path), path.name, path.stat().st_size, options)
        except InputError as error:
            print(f"left out: {error}")


def sentences_of(batch: DocumentBatch, segmenter: Segmenter) -> list[NDArray[np.int64]]:
    """Bytes where the sentences of the batch begin, and where they end."""
    return character_offsets(batch.text, *segmenter(batch.text.decode("utf-8")))


def open_binary(path: str) -> BinaryIO:
    return open(path, "rb")


def read_batches(file: InputFile, drops: Drops) -> Iterator[DocumentBatch]:
    options = ReadOptions(bad_input="drop")
    for split in plan_splits([file], options):
        yield from read_split(split, open_binary, options, drops)


def compare(
    batch: DocumentBatch,
    segmenter: Segmenter,
    tokenizer: BatchTokenizer,
    other: Tokenizer,
    result: Result,
) -> None:
    """Adds one batch to the result."""
    starts, ends = sentences_of(batch, segmenter)
    sentences = [
        batch.text[start:end].decode("utf-8")
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    begin = time.perf_counter()
    ids, offsets = tokenizer(batch.text, starts, ends)[:2]
    middle = time.perf_counter()
    encoded = other.encode_batch(sentences, add_special_tokens=False)
    result.theirs += time.perf_counter() - middle
    result.ours += middle - begin
    result.sentences += len(sentences)
    result.tokens += len(ids)
    result.size += len(batch.text)
    flat, edges = ids.tolist(), offsets.tolist()
    for sentence, (start, end), encoding in zip(sentences, pairwise(edges), encoded, strict=True):
        if flat[start:end] != encoding.ids:
            result.different.append(f"{batch.name}: {sentence!a}")


def check(files: list[InputFile], vocab: Path, lowercase: bool) -> Result:
    """Compares all files with one vocabulary and casing."""
    vocabulary = parse_vocab_txt(vocab.read_bytes(), lowercase=lowercase, path=str(vocab))
    tokenizer, other = BatchTokenizer(vocabulary), reference(vocab, lowercase)
    segmenter, result = Segmenter(), Result()
    for file in files:
        for batch in read_batches(file, result.drops):
            compare(batch, segmenter, tokenizer, other, result)
    return result


def show(name: str, result: Result, most: int) -> None:
    ours, theirs = (result.size / 1e6 / max(t, 1e-9) for t in (result.ours, result.theirs))
    print(
        f"{name:44} {result.sentences:>10,} {len(result.different):>9,} {result.tokens:>11,} "
        f"{result.size / 1e6:8.1f} {ours:8.1f} {theirs:10.2f}",
        flush=True,
    )
    for line in result.different[:most]:
        print(f"  {line}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("input", type=Path, nargs="+", help="files and folders")
    parser.add_argument("--vocab", type=Path, nargs="+", required=True, help="vocab.txt files")
    parser.add_argument("--show", type=int, default=5, help="sentences shown that differ, a line")
    arguments = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"

    files = list(find_files(arguments.input, ReadOptions()))
    titles = ("vocabulary", "sentences", "different", "tokens", "MB", "bertprep", "tokenizers MB/s")
    print("{:44} {:>10} {:>9} {:>11} {:>8} {:>8} {:>10}".format(*titles))
    results = []
    for vocab in arguments.vocab:
        for lowercase in (True, False):
            results.append(check(files, vocab, lowercase))
            name = f"{vocab.name} {'uncased' if lowercase else 'cased'}"
            show(name, results[-1], arguments.show)
    sentences = sum(result.sentences for result in results)
    different = sum(len(result.different) for result in results)
    print(f"{len(files):,} files: {sentences:,} sentences compared, {different:,} with other ids")
    for reason, count in sorted(results[0].drops.counts.items()):
        print(f"left out: {count:,} {REASONS[reason]}")
    if different or not sentences:
        sys.exit(1)


if __name__ == "__main__":
    main()
