"""The options that decide the documents as tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bertprep.settings.defaults import DEFAULT_SEED
from bertprep.settings.require import require

_WORD_SEGMENTER = re.compile(r"none|jieba(?::.+)?|fugashi|(?!jieba:)\w+(?:\.\w+)*:\w+(?:\.\w+)*")


@dataclass(frozen=True)
class PrepareOptions:
    """What, besides how they are read and the vocabulary, decides the documents as tokens.

    Attributes:
        word_segmenter: what tells which Chinese or Japanese characters make a word: ``jieba``,
            ``jieba:PATH`` with a dictionary of one's own, ``fugashi``, or ``module:function``, a
            function of one's own from a text to its words.
        seed: of everything random; the documents' keys derive from it, and all else from them.
    """

    word_segmenter: str = "none"
    seed: int = DEFAULT_SEED

    def __post_init__(self) -> None:
        require(
            _WORD_SEGMENTER.fullmatch(self.word_segmenter) is not None,
            "--word-segmenter must be none, jieba, jieba:PATH (with a dictionary), fugashi or "
            f"module:function; got {self.word_segmenter!r}",
        )
        require(-(2**63) <= self.seed < 2**63, f"--seed must fit a 64-bit integer; got {self.seed}")
