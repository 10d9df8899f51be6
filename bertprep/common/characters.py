"""The characters BERT sets apart as words of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# google-research/bert's _is_chinese_char (no kana, no hangul), but for 2B820-2B91F: there
# ``tokenizers`` begins its range at 2B920, and its ids are the ones to equal.
_IDEOGRAPHS = np.array(
    [
        (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF),
        (0xF900, 0xFAFF),
        (0x20000, 0x2A6DF),
        (0x2A700, 0x2B73F),
        (0x2B740, 0x2B81F),
        (0x2B920, 0x2CEAF),
        (0x2F800, 0x2FA1F),
    ]
)


def is_ideograph(points: NDArray[Any]) -> NDArray[np.bool_]:
    """bool[n]: which code points, integers [n], are CJK ideographs."""
    block = np.searchsorted(_IDEOGRAPHS[:, 0], points, side="right") - 1
    found: NDArray[np.bool_] = (block >= 0) & (points <= _IDEOGRAPHS[block, 1])
    return found
