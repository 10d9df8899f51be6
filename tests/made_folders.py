"""Small folders of shards, written by the library alone, whose rows can be told apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.examples.assemble import example_schema
from bertprep.examples.mask import Masker
from bertprep.options import ShardOptions
from bertprep.shards.manifest_types import ListedFile
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.shards.write import write_shard
from bertprep.vocabulary.vocabulary import Vocabulary, vocab_txt
from tests.manifests import shards_json

L, P = 24, 4  # tokens and predictions of a row
WORDS = 50
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
VOCABULARY = Vocabulary(
    (*SPECIAL, *(f"w{i}" for i in range(WORDS)), *(f"##p{i}" for i in range(WORDS))), True
)
FIRST_WORD = len(SPECIAL)
IGNORED = -100
# Chunks have 16 rows, and blocks of steps of 8 rows each have three steps.
SMALL = Sizes(block_tokens=2 * L, batch_tokens=3 * 8 * L)


def options(**more: Any) -> ShardOptions:
    """Options for rows of ``L`` tokens."""
    return ShardOptions(**{"max_seq_length": L, "max_predictions_per_seq": P, **more})


def rows_of(numbers: Sequence[int], longest: int, seed: int = 0) -> pa.RecordBatch:
    """Rows of ``example_schema`` that begin with their number in three words; random behind."""
    rng = np.random.default_rng(seed)
    ids, a_lengths = [], []
    for number in numbers:
        digits = [number // WORDS**2, number // WORDS % WORDS, number % WORDS]
        length = int(rng.integers(5, longest - 3 + 1))
        rest = rng.integers(0, 2 * WORDS, length - 3)
        ids.append([FIRST_WORD + token for token in (*digits, *rest.tolist())])
        a_lengths.append(int(rng.integers(3, length)))
    columns = [
        pa.array(rng.integers(0, 2**64, len(ids), dtype=np.uint64)),
        pa.array([number % 2 for number in numbers], pa.int8()),
        pa.array(a_lengths, pa.int32()),
        pa.array(ids, pa.list_(pa.uint16())),
    ]
    return pa.record_batch(columns, schema=example_schema(len(VOCABULARY)))


def write_folder(
    folder: Path,
    options: ShardOptions,
    rows: Sequence[int] | Sequence[pa.RecordBatch],
    bins: Sequence[int] = (),
    sizes: Sizes = SIZES,
    below: str = "rows/",
    vocabulary: Vocabulary = VOCABULARY,
) -> Path:
    """A finished folder with a shard of each of these numbers of rows, counted through all.

    They are ``below`` it; where the first folders had them, beside the manifest, is "".
    """
    (folder / below).mkdir(parents=True, exist_ok=True)
    masker = Masker(vocabulary, options.masking_options) if options.masking_options else None
    entries: list[dict[str, Any]] = []
    first = 0
    for number, batch in enumerate(rows):
        longest = bins[number] if bins else options.max_seq_length
        if isinstance(batch, int):
            batch = rows_of(range(first, first + batch), longest, seed=number)
        first += batch.num_rows
        name = f"{below}shard-{number:05}-of-{len(rows):05}.{options.output_format}"
        with open(folder / name, "wb") as stream:
            done = write_shard(stream, [batch], vocabulary, masker, options, sizes)
        entry = ListedFile(name, done.size, done.digest, done.rows, longest if bins else None)
        entries.append(entry.entry())
    (folder / "vocab.txt").write_bytes(vocab_txt(vocabulary.tokens))
    entry_of = {"size": len(vocabulary), "lowercase": True, "sha256": vocabulary.digest}
    pack = {"pack": {"examples": first, "rows": first, "fill_share": 1.0}} if options.pack else {}
    binned = {"padding_share_in_bins": 0.0} if bins else {}
    manifest = shards_json(
        options, vocabulary=entry_of, rows=first, shards=entries, statistics=binned, **pack
    )
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def originals(columns: dict[str, Any]) -> NDArray[np.int64]:
    """int64[n, L]: the text of masked or unmasked rows, of any layout with labels or slots."""
    names = ("input_ids", "input_word_ids", "token_ids")
    ids = np.asarray(next(columns[name] for name in names if name in columns)).astype(np.int64)
    if "labels" in columns:
        labels = np.asarray(columns["labels"])
        return np.where(labels == IGNORED, ids, labels)
    if "masked_lm_ids" in columns:
        row, slot = np.nonzero(np.asarray(columns["masked_lm_weights"]) > 0)
        positions = np.asarray(columns["masked_lm_positions"])[row, slot]
        ids[row, positions] = np.asarray(columns["masked_lm_ids"])[row, slot]
    return ids


def numbers_of(columns: dict[str, Any]) -> list[int]:
    """The numbers that rows of ``rows_of`` begin with."""
    digits = originals(columns)[:, 1:4] - FIRST_WORD
    return [int(number) for number in digits @ np.array([WORDS**2, WORDS, 1])]


def digest_of(batches: Any) -> str:
    """A digest that tells streams of batches apart: of names, shapes and values."""
    sha256 = hashlib.sha256()
    for batch in batches:
        for name, values in batch.items():
            array = np.asarray(values)
            sha256.update(f"{name}{array.shape}".encode())
            sha256.update(np.ascontiguousarray(array, np.float64).tobytes())
    return sha256.hexdigest()
