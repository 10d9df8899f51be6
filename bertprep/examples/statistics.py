"""Sums over examples, from which the shares a user is told are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masks
from bertprep.examples.mask_positions import num_to_predict
from bertprep.vocabulary.vocabulary import Vocabulary


def count_examples(examples: Examples, masks: Masks | None, vocabulary: Vocabulary) -> Counter[str]:
    """The sums for one block; sums of blocks add up.

    Args:
        examples: those of the block.
        masks: theirs; None for no sums of predictions.
        vocabulary: what the ids mean.
    """
    length = examples.input_ids.shape[1]
    counts = Counter(
        {
            "examples": len(examples),
            "tokens_in_rows": int(examples.lengths.sum()),
            "slots": examples.input_ids.size,
            "full_rows": int(np.count_nonzero(examples.lengths == length)),
            "positive_labels": int(examples.labels.sum()),
        }
    )
    if masks:
        counts.update(_count_predictions(masks, vocabulary))
    return counts


def count_packed(sequence_ids: NDArray[np.integer]) -> Counter[str]:
    """The sums of packed rows for one block; they stand for those of ``count_examples``.

    Args:
        sequence_ids: int[n, L], 0 for padding.
    """
    is_token = sequence_ids > 0
    return Counter(
        {
            "packed_rows": len(is_token),
            "slots": is_token.size,
            "full_rows": int(np.count_nonzero(is_token.all(axis=1))),
        }
    )


def _count_predictions(masks: Masks, vocabulary: Vocabulary) -> Counter[str]:
    is_used = np.arange(masks.positions.shape[1]) < masks.counts[:, None]
    seen = np.take_along_axis(masks.input_ids, masks.positions, axis=1)
    is_masked = is_used & (seen == vocabulary.mask_id)
    is_kept = is_used & ~is_masked & (seen == masks.labels)
    used, masked, kept = (int(np.count_nonzero(each)) for each in (is_used, is_masked, is_kept))
    return Counter(
        {
            "predictions": used,
            "mask_token": masked,
            "kept_token": kept,
            "random_token": used - masked - kept,
            "capped_rows": int(np.count_nonzero(masks.wanted > masks.positions.shape[1])),
        }
    )


def count_per_document(counts: NDArray[np.int64]) -> Counter[str]:
    """How many documents gave 0, 1, 2, 3-4, 5-8, ... examples in a pass, for counts int64[n]."""
    powers = np.where(counts > 0, np.frexp(counts - 1)[1], -1)  # 2**power is the next one up
    found, numbers = np.unique(powers, return_counts=True)
    return Counter(dict(zip(map(_power_range, found.tolist()), numbers.tolist(), strict=True)))


def _power_range(power: int) -> str:
    if power < 2:
        return str(power + 1)
    return f"{2 ** (power - 1) + 1}-{2**power}"


def shares(sums: Mapping[str, int]) -> dict[str, float]:
    """The ratios worth knowing, each from 0 to 1 but ``mean_length`` (tokens a row).

    Those of the predictions are left out where the rows have no masks.
    """

    def share(part: str, whole: str) -> float:
        return round(sums[part] / sums[whole], 6) if sums[whole] else 0.0

    rows = "packed_rows" if "packed_rows" in sums else "examples"
    ratios = {
        "positive_label_share": share("positive_labels", "examples"),
        "mean_length": share("tokens_in_rows", "examples"),
        "full_row_share": share("full_rows", rows),
        "padding_share": round(1 - share("tokens_in_rows", "slots"), 6),
    }
    if "predictions" not in sums:
        return ratios
    return {
        **ratios,
        "masked_share": share("predictions", "tokens_in_rows"),
        "mask_token_share": share("mask_token", "predictions"),
        "random_token_share": share("random_token", "predictions"),
        "kept_token_share": share("kept_token", "predictions"),
        "capped_row_share": share("capped_rows", "examples"),
    }


def predictions_kept(max_seq_length: int, max_predictions: int, masked_lm_prob: float) -> float:
    """The share of a full row's predictions that ``max_predictions`` leaves; 1 where it caps none.

    Google's own pairs (512 tokens, 76 predictions) cap a full row by one; that counts as none.

    Args:
        max_seq_length: tokens of a full row, special ones included.
        max_predictions: the most that a row may have.
        masked_lm_prob: the share of its tokens that are wanted.
    """
    wanted = int(num_to_predict(max_seq_length, masked_lm_prob))
    return 1.0 if wanted <= max_predictions + 1 else max_predictions / wanted
