"""The options of masking: which tokens, and how many."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import get_args

from bertprep.settings.choices import MaskingUnit
from bertprep.settings.require import require, require_choice


def usual_predictions(max_seq_length: int, masked_lm_prob: float) -> int:
    """How many tokens of a row are predicted at most, if nothing else is said.

    >>> usual_predictions(128, 0.15), usual_predictions(512, 0.15)
    (20, 77)
    """
    return max(1, min(max_seq_length - 1, math.ceil(max_seq_length * masked_lm_prob - 1e-9)))


@dataclass(frozen=True)
class MaskingOptions:
    """The options of masking: which tokens, how many, and the share shown as [MASK] or at random.

    Attributes:
        masking: the unit that is masked: a token, all pieces of a word, or a span of words.
        masked_lm_prob: share of a row's tokens to predict.
        max_predictions_per_seq: P, the most tokens of a row to predict; None for no limit.
        mask_replace_prob: share of the predicted tokens that are shown as [MASK].
        random_replace_prob: share that is shown as a random token; the others stay as they are.
    """

    masking: MaskingUnit = "token"
    masked_lm_prob: float = 0.15
    max_predictions_per_seq: int | None = None
    mask_replace_prob: float = 0.8
    random_replace_prob: float = 0.1

    def __post_init__(self) -> None:
        require_choice("--masking", self.masking, get_args(MaskingUnit))
        require(
            0 < self.masked_lm_prob < 1,
            f"--masked-lm-prob must be between 0 and 1; got {self.masked_lm_prob}",
        )
        require(
            self.max_predictions_per_seq is None or self.max_predictions_per_seq >= 1,
            f"--max-predictions-per-seq must be >= 1; got {self.max_predictions_per_seq}",
        )
        shares = self.mask_replace_prob, self.random_replace_prob
        require(
            min(shares) >= 0 and sum(shares) <= 1 + 1e-9,
            "--mask-replace-prob and --random-replace-prob must be >= 0 and together at most 1; "
            f"got {shares[0]} and {shares[1]}",
        )
