"""A WordPiece vocabulary: vocab.txt read, checked and written, and what its tokens are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.digests import vocabulary_digest
from bertprep.errors import VocabularyError

PAD, UNK, CLS, SEP, MASK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"
SPECIAL_TOKENS = (PAD, UNK, CLS, SEP, MASK)
CONTINUING = "##"
MAX_INPUT_CHARS_PER_WORD = 100
# In the official uncased vocabulary [unused0] to [unused98] stand before [UNK], the others behind
# [MASK]; that is what puts [UNK], [CLS], [SEP], [MASK] at 100 to 103.
_UNUSED_BEFORE_UNK = 99
# [CLS], [unused7], <S>: what no text gives, since brackets stand apart in it.
_NAMED = re.compile(r"\[.+\]|<.+>")
_BLANKS = " \t\r"


class Kind(IntEnum):
    """What a token is: up to MASK may be predicted, up to UNK may stand where text does."""

    ORDINARY = 0
    MASK = 1
    UNK = 2
    PAD = 3
    CLS = 4
    SEP = 5


KIND_NAMES = ("no special token", MASK, UNK, PAD, CLS, SEP)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The tokens of a vocab.txt in the order of their ids, and whether text is lower-cased for it.

    Raises:
        VocabularyError: if a special token is missing or a token stands there twice.
    """

    tokens: tuple[str, ...]
    lowercase: bool

    def __post_init__(self) -> None:
        missing = [token for token in SPECIAL_TOKENS if token not in self.ids]
        if missing:
            raise VocabularyError(
                f"the vocabulary has no {', '.join(missing)} among its {len(self.tokens)} lines; "
                f"BERT needs {' '.join(SPECIAL_TOKENS)}, one token a line"
            )
        if len(self.ids) < len(self.tokens):
            first: dict[str, int] = {}
            for line, token in enumerate(self.tokens, 1):
                if token in first:
                    raise VocabularyError(
                        f"the vocabulary holds {token!r} twice, on lines {first[token]} and "
                        f"{line}; every token needs an id of its own: remove one of the lines, "
                        "or rename it if a model was trained with it"
                    )
                first[token] = line

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def ids(self) -> dict[str, int]:
        return {token: i for i, token in enumerate(self.tokens)}

    @property
    def pad_id(self) -> int:
        return self.ids[PAD]

    @property
    def cls_id(self) -> int:
        return self.ids[CLS]

    @property
    def sep_id(self) -> int:
        return self.ids[SEP]

    @property
    def mask_id(self) -> int:
        return self.ids[MASK]

    @cached_property
    def continuing(self) -> NDArray[np.bool_]:
        """bool[V]: whether a token continues the word that the token before it began."""
        return np.array([continued(token) is not None for token in self.tokens])

    @cached_property
    def kinds(self) -> NDArray[np.uint8]:
        """uint8[V]: the ``Kind`` of each token."""
        kinds = np.zeros(len(self), np.uint8)
        for kind in list(Kind)[1:]:
            kinds[self.ids[KIND_NAMES[kind]]] = kind
        return kinds

    def shown(self, token_id: Any) -> str:
        """An id as messages show it: ``102 ([SEP])``; one that there is not as it is."""
        if 0 <= token_id < len(self) and self.kinds[token_id]:
            return f"{token_id} ({KIND_NAMES[self.kinds[token_id]]})"
        return str(token_id)

    @cached_property
    def drawable_ids(self) -> NDArray[np.int32]:
        """int32: what a random replacement may be; no special or [unusedN] token, nor a blank one.

        A token with white space in it, as bert-base-chinese's U+2028, is one that no text gives.
        """
        words = (i for i, token in enumerate(self.tokens) if token.split() == [token])
        drawable = [i for i in words if not _NAMED.fullmatch(self.tokens[i])]
        return np.array(drawable, np.int32)

    @cached_property
    def token_array(self) -> pa.StringArray:
        """The tokens as an Arrow array."""
        return pa.array(self.tokens, pa.string())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of vocab.txt and of the casing, in hexadecimal."""
        return vocabulary_digest(vocab_txt(self.tokens), self.lowercase)


def continued(token: str) -> str | None:
    """The letters of a token that goes on with a word; None for one that begins a word."""
    is_continuing = token.startswith(CONTINUING) and token != CONTINUING
    return token.removeprefix(CONTINUING) if is_continuing else None


def parse_vocab_txt(data: bytes, *, lowercase: bool | None = None, path: str = "") -> Vocabulary:
    """Reads a vocab.txt: one token a line, its id the line's number from 0.

    Lines end at ``\\n`` alone (bert-base-chinese holds U+2028 as a token); blanks and a ``\\r``
    around a token are taken off, and so are empty lines at the end.  ``lowercase`` None means: by
    whether any token has a capital letter.
    """
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").rstrip(_BLANKS + "\n")
    except UnicodeDecodeError as error:
        raise VocabularyError(
            f"{path} is not UTF-8 (byte {error.start}); expected a vocab.txt"
        ) from None
    tokens = tuple(line.strip(_BLANKS) for line in text.split("\n")) if text else ()
    try:
        return Vocabulary(tokens, looks_uncased(tokens) if lowercase is None else lowercase)
    except VocabularyError as error:
        raise VocabularyError(f"{path}: {error}" if path else str(error)) from None


def looks_uncased(tokens: Sequence[str]) -> bool:
    """Whether no token but those in brackets (``[CLS]``, ``<S>``) has an ASCII capital."""
    words = (token for token in tokens if not _NAMED.fullmatch(token))
    return not any(re.search("[A-Z]", word) for word in words)


def special_and_unused(unused: int) -> list[str]:
    """The head of a vocabulary in Google's order, with ``unused`` ``[unusedN]`` tokens."""
    names = [f"[unused{i}]" for i in range(unused)]
    before, after = names[:_UNUSED_BEFORE_UNK], names[_UNUSED_BEFORE_UNK:]
    return [PAD, *before, UNK, CLS, SEP, MASK, *after]


def vocab_txt(tokens: Sequence[str]) -> bytes:
    """The bytes of vocab.txt."""
    return "".join(f"{token}\n" for token in tokens).encode("utf-8")
