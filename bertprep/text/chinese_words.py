"""Chinese words, for whole-word masking: BERT tokenizes Chinese by character.

The segmenter is jieba's, in its Rust build (the extra ``zh``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bertprep.common.characters import is_ideograph
from bertprep.common.ragged import offsets_of
from bertprep.errors import UsageError


class ChineseWords:
    """Finds where the characters of a Chinese word go on.

    Raises:
        UsageError: if the segmenter is not installed.
    """

    def __init__(self) -> None:
        try:
            import rjieba
        except ImportError:
            raise UsageError(
                "--word-segmenter jieba needs rjieba; install it by: pip install 'bertprep[zh]'"
            ) from None
        self._cut = rjieba.cut

    def __call__(self, text: str) -> NDArray[np.int64]:
        """Offsets of the ideographs that continue a word of the text, int64, ascending.

        >>> ChineseWords()("我爱北京").tolist()
        [3]
        """
        points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        ideograph = is_ideograph(points)
        if not ideograph.any():
            return np.zeros(0, np.int64)
        within = np.ones(len(points), bool)
        within[offsets_of(np.array([len(word) for word in self._cut(text)]))[:-1]] = False
        within[1:] &= ideograph[1:] & ideograph[:-1]
        return np.flatnonzero(within)
