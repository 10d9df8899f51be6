"""Rows that models are trained and tested on: ours, Google's and spoiled, of the same sentences."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bertprep.common.drops import Drops
from bertprep.corpus.read import read_split
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from bertprep.shards.tfrecord_framing import read_columns
from bertprep.text.segment import Segmenter
from pipelines.folders import files
from pipelines.folders.inputs import find_inputs

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.reference import (
    CLS,
    SEP,
    create_instances_from_document,
    create_masked_lm_predictions,
)

LENGTH, PREDICTIONS, VOCABULARY = 64, 10, 8000
SENTENCES = 40  # of a document
HELD_OUT_PART = 10  # every tenth document is held out
PASSES = {"train": 1, "held-out": 4}
FLIPPED = 0.05
TESTED = 5000  # held-out examples of each kind: the share of pairs is known to 0.6%
TOKENS_TESTED = 2000  # of them, those whose tokens are predicted: 19,000
UNKNOWN = 1  # [UNK], as `bertprep vocab` numbers it
IGNORED = -100
DATA = ("google", "ours")
FAULTS = ("flipped", "shifted")
INPUTS = ("input_ids", "token_type_ids", "attention_mask")
COLUMNS = (*INPUTS, "labels")
# How many tokens of one script, and how many times those of the other, tell a half's.
TOKENS_OF_SCRIPT, TIMES_THE_OTHER = 3, 3
Rows = dict[str, NDArray[Any]]


def prepare_ours(work: Path, source: Sequence[str]) -> None:
    """The lines, the vocabulary, and our examples, those that are not there yet."""
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "held-out.txt").exists():
        write_lines(work, source)
    vocab = work / "vocab"
    if not vocab.exists():
        bertprep("vocab", work / "train.txt", "--vocab-size", VOCABULARY, "--output", vocab)
    sizes = ("--max-seq-length", LENGTH, "--max-predictions-per-seq", PREDICTIONS)
    for part, passes in PASSES.items():
        ours, text = work / f"ours-{part}", work / f"{part}.txt"
        if not ours.exists():
            options = (*sizes, "--dupe-factor", passes, "--sentences", "lines", "--vocab", vocab)
            bertprep("shard", text, *options, "--output", ours)


def prepare_theirs(work: Path, google: Sequence[Path] | None) -> None:
    """Google's examples, those that are not there yet."""
    for number, (part, passes) in enumerate(PASSES.items()):
        theirs = work / f"google-{part}.npz"
        if not theirs.exists():
            by_rules = work / f"{part}.txt", work / "vocab", passes
            rows = rows_of_script(google[number]) if google else rows_by_rules(*by_rules)
            np.savez(theirs, **rows)


def bertprep(*arguments: object) -> None:
    command = [sys.executable, "-m", "bertprep", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)


def write_lines(work: Path, source: Sequence[str]) -> None:
    """A sentence a line, a blank line behind each document; every tenth of these apart.

    A long text gives several documents, or the pairs of a book would be few.
    """
    options, segment = ReadOptions(), Segmenter()
    parts = [(work / f"{part}.txt").open("w", encoding="utf-8") for part in PASSES]
    number = 0
    for split in plan_splits(find_inputs(list(source), options).files, options):
        for batch in read_split(split, files.open_input, options, Drops()):
            for start, end in zip(batch.starts.tolist(), batch.ends.tolist(), strict=True):
                text = batch.text[start:end].decode()
                starts, ends = segment(text)
                lines = [" ".join(text[s:e].split()) for s, e in zip(starts, ends, strict=True)]
                lines = [line for line in lines if line]
                for start in range(0, len(lines), SENTENCES):
                    number += 1
                    part = parts[number % HELD_OUT_PART == 0]
                    part.write("\n".join(lines[start : start + SENTENCES]) + "\n\n")
    for part in parts:
        part.close()


def rows_of_script(path: Path) -> Rows:
    """The rows of google-research/bert's create_pretraining_data.py."""
    with path.open("rb") as stream:
        columns = read_columns(stream, str(path))
    labels = np.full(columns["input_ids"].shape, IGNORED)
    row, slot = np.nonzero(columns["masked_lm_weights"])
    places = columns["masked_lm_positions"][row, slot]
    labels[row, places] = columns["masked_lm_ids"][row, slot]
    return {
        "input_ids": columns["input_ids"],
        "token_type_ids": columns["segment_ids"],
        "attention_mask": columns["input_mask"],
        "labels": labels,
        "next_sentence_label": columns["next_sentence_labels"].ravel(),
    }


def rows_by_rules(text: Path, vocab: Path, passes: int) -> Rows:
    """Rows by the published rules, one token at a time."""
    tokens = tokens_of(vocab)
    ids = {token: number for number, token in enumerate(tokens)}
    documents, rng = tokenized(text, vocab), Random(7)
    examples = []
    for _ in range(passes):
        for number in range(len(documents)):
            for pair in create_instances_from_document(documents, number, LENGTH - 3, 0.1, rng):
                row = [CLS, *pair.a, SEP, *pair.b, SEP]
                masked = create_masked_lm_predictions(row, 0.15, PREDICTIONS, tokens, rng)
                examples.append((masked, len(pair.a) + 2, pair.label))
    rows = {name: np.zeros((len(examples), LENGTH), np.int64) for name in COLUMNS}
    rows["labels"][:] = IGNORED
    for n, (masked, first, _) in enumerate(examples):
        length = len(masked.tokens)
        rows["input_ids"][n, :length] = [ids[token] for token in masked.tokens]
        rows["attention_mask"][n, :length] = 1
        rows["token_type_ids"][n, first:length] = 1
        rows["labels"][n, masked.positions] = [ids[token] for token in masked.labels]
    return {**rows, "next_sentence_label": np.array([label for _, _, label in examples])}


def tokens_of(vocab: Path) -> list[str]:
    return (vocab / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]


def tokenized(text: Path, vocab: Path) -> list[list[list[str]]]:
    """Documents as lists of sentences, these as lists of tokens, by the tokenizers library."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(vocab / "tokenizer.json"))
    tokenizer.no_truncation()
    documents = []
    for document in text.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in document.split("\n") if line]
        found = tokenizer.encode_batch(lines, add_special_tokens=False)
        sentences = [encoded.tokens for encoded in found if encoded.tokens]
        if sentences:
            documents.append(sentences)
    return documents


def rows_of(work: Path, name: str, part: str) -> Rows:
    """The rows of one kind of data, faults made."""
    if name == "google":
        return dict(np.load(work / f"google-{part}.npz"))
    table = pq.read_table(work / f"ours-{part}" / "rows")
    rows = {n: table[n].combine_chunks().flatten().to_numpy().reshape(-1, LENGTH) for n in COLUMNS}
    rows["next_sentence_label"] = table["next_sentence_label"].to_numpy()
    return faulty(rows, name)


def held_out(work: Path, name: str) -> Rows:
    """Some of the held-out rows of one kind, the same each time.

    ``is_plain`` says of which the two halves are of two scripts.
    """
    rows = rows_of(work, name, "held-out")
    chosen = np.random.default_rng(5).permutation(len(rows["labels"]))[:TESTED]
    rows = {column: values[chosen] for column, values in rows.items()}
    return {**rows, "is_plain": is_plain(rows, tokens_of(work / "vocab"))}


def faulty(rows: Rows, name: str) -> Rows:
    """Rows with a fault that the comparison must find."""
    if name == "flipped":
        label = rows["next_sentence_label"]
        is_flipped = np.random.default_rng(3).random(len(label)) < FLIPPED
        return {**rows, "next_sentence_label": np.where(is_flipped, 1 - label, label)}
    if name == "shifted":
        return {**rows, "labels": np.roll(rows["labels"], 1, axis=1)}
    return rows


def is_plain(rows: Rows, tokens: Sequence[str]) -> NDArray[np.bool_]:
    """bool[rows]: whether one half is in Latin letters and the other in Chinese ones.

    Whoever sees both knows that B does not follow A.  Tokens to predict are not looked at.
    """
    script = np.array([_script(token) for token in tokens])
    shown = np.where(rows["labels"] == IGNORED, script[rows["input_ids"]], 0)
    halves = []
    for half in (0, 1):
        inside = (rows["token_type_ids"] == half) & (rows["attention_mask"] == 1)
        latin, chinese = (np.sum(inside & (shown == which), axis=1) for which in (1, -1))
        is_latin, is_chinese = _is_most(latin, chinese), _is_most(chinese, latin)
        halves.append(is_latin.astype(int) - is_chinese)
    plain: NDArray[np.bool_] = halves[0] * halves[1] < 0
    return plain


def _script(token: str) -> int:
    """1 of Latin letters, -1 of Chinese ones, 0 of anything else."""
    if token.startswith("["):
        return 0
    if any("\u3400" <= character <= "\u9fff" for character in token):
        return -1
    return int(any("a" <= character <= "z" for character in token))


def _is_most(count: NDArray[np.int64], of_other: NDArray[np.int64]) -> NDArray[np.bool_]:
    most: NDArray[np.bool_] = (count >= TOKENS_OF_SCRIPT) & (count > TIMES_THE_OTHER * of_other)
    return most
