"""A tokenizer that gives the ids that bertprep stores."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import overload

import numpy as np

from bertprep.calls.texts import text_bytes
from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.vocabulary import Vocabulary


class TextTokenizer:
    """Text in, token ids out, without [CLS] and [SEP].

    Attributes:
        vocabulary: the tokens, and how text is read with them.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._tokenizer = BatchTokenizer(vocabulary)

    def __repr__(self) -> str:
        """How many tokens there are, as results show themselves."""
        return f"{type(self).__name__}({len(self):,} tokens)"

    def __len__(self) -> int:
        return len(self.vocabulary)

    @overload
    def __call__(self, text: str) -> list[int]: ...
    @overload
    def __call__(self, text: list[str] | tuple[str, ...]) -> list[list[int]]: ...
    def __call__(self, text: str | list[str] | tuple[str, ...]) -> list[int] | list[list[int]]:
        """The ids of a text, or of each of several.

        Raises:
            UsageError: if one is no str.
            InputError: if one holds half of a surrogate pair.
        """
        if isinstance(text, Iterable) and not isinstance(text, (str, bytes)):
            return self._ids(list(text))
        return self._ids([text])[0]

    def tokens(self, text: str) -> list[str]:
        """The tokens of a text as they are spelled."""
        return [self.vocabulary.tokens[i] for i in self(text)]

    def _ids(self, texts: list[str]) -> list[list[int]]:
        encoded = [text_bytes(text, number) for number, text in enumerate(texts)]
        lengths = np.array([len(text) for text in encoded], np.int64)
        ends = np.cumsum(lengths + 1) - 1
        tokens = self._tokenizer(b"\n".join(encoded), ends - lengths, ends)
        edges = tokens.sentence_offsets.tolist()
        ids = tokens.ids.tolist()
        return [ids[a:b] for a, b in pairwise(edges)]
