"""Rows to mask, written as tokens."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masker, Masks
from bertprep.options import MaskingOptions, MaskingUnit
from bertprep.vocabulary.vocabulary import Vocabulary

WORDS = [f"w{i}" for i in range(40)]
PIECES = [f"##p{i}" for i in range(35)]
RESERVED = ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused1]"]
TOKENS = (*RESERVED, "##", *WORDS, *PIECES)  # a lone ## is a word
VOCABULARY = Vocabulary(TOKENS, lowercase=True)
IDS = VOCABULARY.ids


def examples_of(rows: list[str], length: int, seed: int = 0) -> Examples:
    """A block of rows written as tokens; where B begins is nothing to masking."""
    tokens = [row.split() for row in rows]
    matrix = np.zeros((len(rows), length), np.int32)
    for i, row in enumerate(tokens):
        matrix[i, : len(row)] = [IDS[token] for token in row]
    lengths = np.array([len(row) for row in tokens])
    keys = np.random.default_rng(seed).integers(0, 2**64, len(rows), dtype=np.uint64)
    labels = np.zeros(len(rows), np.int8)
    return Examples(keys, matrix, lengths, lengths, labels, VOCABULARY.continuing[matrix])


def masker_of(prob: float, limit: int | None, masking: MaskingUnit = "token") -> Masker:
    return Masker(VOCABULARY, MaskingOptions(masking, prob, limit))


def same_row(row: str, times: int, seed: int = 0) -> Examples:
    return examples_of([row] * times, len(row.split()), seed)


def row_of(words: int, pieces_every: int = 0) -> str:
    """[CLS] and [SEP]s around ``words`` different tokens, every n-th one continuing a word."""
    tokens = [WORDS[i % len(WORDS)] for i in range(words)]
    if pieces_every:
        tokens[pieces_every - 1 :: pieces_every] = PIECES[: words // pieces_every]
    middle = words // 2
    return " ".join(["[CLS]", *tokens[:middle], "[SEP]", *tokens[middle:], "[SEP]"])


def positions_of(masks: Masks, row: int) -> list[int]:
    return [int(p) for p in masks.positions[row, : masks.counts[row]]]


any_row = st.lists(
    st.sampled_from([*WORDS[:4], *PIECES[:3], "[UNK]", "[SEP]", "##"]), min_size=1, max_size=40
).map(lambda tokens: " ".join(["[CLS]", *tokens, "[SEP]"]))
