"""Where words are, in the way that transformers' whole-word collator asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bertprep.errors import UsageError


def with_offset_mapping(rows: Mapping[str, Any]) -> dict[str, Any]:
    """Rows of ``--masking none`` with the places of their tokens, for collators of whole words.

    ``DataCollatorForLanguageModeling(whole_word_mask=True)`` finds a word by tokens whose places in
    the text touch.

        rows = datasets.load_dataset("parquet", data_dir="shards/rows", split="train")
        rows = rows.with_transform(with_offset_mapping)

    Args:
        rows: columns of n rows, as ``datasets`` gives them to a transform, with input_ids and
            word_starts.

    Returns:
        The columns without word_starts, and offset_mapping: for each token a pair of numbers that
        is 1 off from the one before where a word starts, and else touches it.

    Raises:
        UsageError: for rows without word_starts.
    """
    if "word_starts" not in rows:
        raise UsageError(
            f"expected rows with word_starts, as --masking none stores them; got {', '.join(rows)}"
        )
    offsets = [_offsets(starts) for starts in rows["word_starts"]]
    others = {name: values for name, values in rows.items() if name != "word_starts"}
    return {**others, "offset_mapping": offsets}


def _offsets(word_starts: Any) -> list[list[int]]:
    """A pair for each token: [2i + 1, 2i + 2] where a word starts, else [2i, 2i + 2]."""
    first = 2 * np.arange(len(word_starts)) + (np.asarray(word_starts) != 0)
    ends = 2 * np.arange(1, len(word_starts) + 1)
    return [[start, end] for start, end in zip(first.tolist(), ends.tolist(), strict=True)]
