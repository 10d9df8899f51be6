"""Quality, speed and memory of the vocabulary learner, beside those of others.

    python benchmarks/vocabulary_quality.py corpus/*.txt --sizes 8000 30522
    python benchmarks/vocabulary_quality.py train.txt --held-out test.txt --sentencepiece

A vocabulary is good if unseen text takes few pieces with BERT's own encoder (greedy, longest match
first). So it is learned from one part of the text and tried on another: on the files of --held-out,
or on every tenth block of 50 lines. Columns:

    pieces    pieces per word of the held-out text, a word that is [UNK] counting as one piece
    unk       part of the words that are [UNK]
    seconds   to learn, on one thread; for `tokenizers` with reading and counting the words, which
              its trainer does itself; for the others without, from word counts. The line
              "counting" has what a plain loop takes for that
    MB        what the learner adds to the memory of its process at the worst moment (Linux only)

`tokenizers` is its WordPieceTrainer with the same size, normaliser and limits; it learns another
vocabulary each run. --sentencepiece adds the BPE of the package of that name (which has to be
installed), trained on the word counts, with its leading U+2581 read as the start of a word.
"""

from __future__ import annotations

import argparse
import importlib
import io
import math
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from bertprep.learning.learn import learn_vocabulary

UNK = "[UNK]"
BLOCK, FOLDS = 50, 10
Learner = Callable[[list[str], Mapping[str, int], int, bool], list[str]]


def ours(
    lines: list[str], counted: Mapping[str, int], size: int, lowercase: bool = True
) -> list[str]:
    return learn_vocabulary(
        pa.array(list(counted), pa.string()),
        np.fromiter(counted.values(), np.int64, len(counted)),
        size=size,
    ).pieces


def with_tokenizers(
    lines: list[str], counted: Mapping[str, int], size: int, lowercase: bool = True
) -> list[str]:
    tokenizer = Tokenizer(models.WordPiece(unk_token=UNK))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        min_frequency=2,
        limit_alphabet=1000,
        special_tokens=[],
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    return list(tokenizer.get_vocab())


def with_sentencepiece(
    lines: list[str], counted: Mapping[str, int], size: int, lowercase: bool = True
) -> list[str]:
    sentencepiece = importlib.import_module("sentencepiece")
    special = 3  # <unk> <s> </s>
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(f"{word}\t{count}" for word, count in counted.items()),
        input_format="tsv",
        model_writer=model,
        model_type="bpe",
        vocab_size=size + special,
        hard_vocab_limit=False,
        character_coverage=1.0,
        normalization_rule_name="identity",
        split_by_unicode_script=False,
        split_by_number=False,
        max_sentencepiece_length=100,
        num_threads=1,
        minloglevel=2,
    )
    trained = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    pieces = [trained.id_to_piece(index) for index in range(special, len(trained))]
    return [p[1:] if p.startswith("\u2581") else f"##{p}" for p in pieces if p != "\u2581"]


def count_words(lines: list[str], lowercase: bool = True) -> dict[str, int]:
    normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    counted: Counter[str] = Counter()
    for chunk, count in Counter(chunk for line in lines for chunk in line.split()).items():
        for word, _ in pre_tokenizer.pre_tokenize_str(normalizer.normalize_str(chunk)):
            counted[word] += count
    return dict(sorted(counted.items()))


def judge(pieces: list[str], counted: Mapping[str, int]) -> tuple[float, float]:
    """Pieces per word, and the part of the words that is [UNK]."""
    emitted, unknown = encoded(pieces, counted)
    counts = np.fromiter(counted.values(), np.int64, len(counted))
    return float(emitted @ counts / counts.sum()), float(unknown @ counts / counts.sum())


def encoded(
    pieces: list[str], counted: Mapping[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """How many pieces each word takes, and whether it is [UNK]."""
    ids = {piece: index for index, piece in enumerate([UNK, *pieces])}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token=UNK))
    found = [encoding.ids for encoding in tokenizer.encode_batch(list(counted))]
    lengths = np.fromiter(map(len, found), np.int64, len(found))
    return lengths, np.array([ids == [0] for ids in found], bool)


def measure(
    learner: Learner, lines: list[str], counted: Mapping[str, int], size: int, lowercase: bool
) -> tuple[list[str], float, float]:
    """The pieces, the seconds and the MB; to be called in a process of its own."""
    before, start = forget_peak(), time.perf_counter()
    pieces = learner(lines, counted, size, lowercase)
    return pieces, time.perf_counter() - start, status("VmHWM") - before


def forget_peak() -> float:
    """Sets the peak of this process' memory back to what it holds now; returns that, in MB."""
    if Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5")
    return status("VmRSS")


def status(field: str) -> float:
    """A field of /proc/self/status in MB; not a number where there is no such file."""
    path = Path("/proc/self/status")
    if not path.exists():
        return math.nan
    lines = dict(line.split(":", 1) for line in path.read_text().splitlines())
    return int(lines[field].split()[0]) * 1024 / 1e6


def read_lines(paths: list[Path]) -> list[str]:
    return [line for path in paths for line in path.read_text("utf-8").split("\n")]


def split_lines(lines: list[str]) -> tuple[list[str], list[str]]:
    parts: tuple[list[str], list[str]] = ([], [])
    for index, line in enumerate(lines):
        parts[index // BLOCK % FOLDS == FOLDS - 1].append(line)
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("train", type=Path, nargs="+", help="UTF-8 text")
    parser.add_argument("--held-out", type=Path, nargs="+", help="UTF-8 text to try them on")
    parser.add_argument("--sizes", type=int, nargs="+", default=[8000, 30522])
    parser.add_argument("--cased", action="store_true", help="letters and accents as they are")
    parser.add_argument("--sentencepiece", action="store_true")
    options = parser.parse_args()
    os.environ["RAYON_NUM_THREADS"] = "1"

    lines = read_lines(options.train)
    held_out = read_lines(options.held_out) if options.held_out else None
    if held_out is None:
        lines, held_out = split_lines(lines)
    start = time.perf_counter()
    counted = count_words(lines, not options.cased)
    print(f"counting: {time.perf_counter() - start:.1f} s, {len(counted):,} distinct words")
    unseen = count_words(held_out, not options.cased)
    if not unseen:
        parser.error("there is no held-out text: the input is too short to be split")

    learners: dict[str, Learner] = {"bertprep": ours, "tokenizers": with_tokenizers}
    if options.sentencepiece:
        learners["sentencepiece"] = with_sentencepiece
    print(f"{'size':>7} {'learner':14} {'learned':>7} {'pieces':>7} {'unk':>8} {'seconds':>7} MB")
    spawn = multiprocessing.get_context("spawn")
    for size in options.sizes:
        for name, learner in learners.items():
            with ProcessPoolExecutor(1, mp_context=spawn) as process:
                task = process.submit(measure, learner, lines, counted, size, not options.cased)
                pieces, seconds, megabytes = task.result()
            per_word, unknown = judge(pieces, unseen)
            print(
                f"{size:7} {name:14} {len(pieces):7} {per_word:7.4f} {unknown:8.5f} "
                f"{seconds:7.2f} {megabytes:.0f}"
            )


if __name__ == "__main__":
    main()
