"""A vocabulary: its tokens and what they are; vocab.txt read, checked and written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.digests import vocabulary_digest
from bertprep.errors import VocabularyError
from bertprep.vocabulary.reading_settings import (
    CLS,
    CONTINUING,
    MASK,
    PAD,
    PLAIN,
    SEP,
    UNK,
    Settings,
)
from bertprep.vocabulary.spelling import goes_on, letters_of
from bertprep.vocabulary.tokenizer_folder import TOKENIZER_JSON, VOCAB_TXT

SPECIAL_TOKENS = (PAD, UNK, CLS, SEP, MASK)
# [CLS], [unused7], <S>: what no text gives, since brackets stand apart in it.
_NAMED = re.compile(r"\[.+\]|<.+>")
_BLANKS = " \t\r"


class Kind(IntEnum):
    """The kind of a token: up to MASK may be predicted, up to UNK may stand where text does."""

    ORDINARY = 0
    MASK = 1
    UNK = 2
    PAD = 3
    CLS = 4
    SEP = 5


KIND_NAMES = ("no special token", MASK, UNK, PAD, CLS, SEP)
# Those of the roles, in the order of ``Settings.roles``.
_ROLE_KINDS = (Kind.PAD, Kind.UNK, Kind.CLS, Kind.SEP, Kind.MASK)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The tokens of a vocabulary in the order of their ids, and how text is read with it.

    Attributes:
        tokens: each with its place as its id.
        lowercase: whether text is lower-cased for it.
        settings: how else text is read.
        tokenizer_json: the whole tokenizer, as ``tokenizers`` writes it, where ``settings.whole``
            says that it decides the tokens; else empty, and it is BERT's WordPiece.

    Raises:
        VocabularyError: if a special token is missing or a token stands there twice.
    """

    tokens: tuple[str, ...]
    lowercase: bool
    settings: Settings = PLAIN
    tokenizer_json: bytes = b""

    def __post_init__(self) -> None:
        if self.settings.strip_accents is self.lowercase:  # one spelling, and so one digest
            object.__setattr__(self, "settings", replace(self.settings, strip_accents=None))
        self._check_roles()
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
        if any(not 0 <= token.id < len(self.tokens) for token in self.settings.added):
            raise VocabularyError("an added token has no place in the vocabulary")

    def _check_roles(self) -> None:
        roles = self.settings.roles
        missing = [token for token in roles if token not in self.ids]
        if missing:
            raise VocabularyError(
                f"the vocabulary has no {', '.join(missing)} among its {len(self.tokens)} lines; "
                f"BERT needs {' '.join(roles)}, one token a line"
            )
        if len(set(roles)) < len(roles):
            raise VocabularyError(
                f"[PAD], [UNK], [CLS], [SEP] and [MASK] have to be five tokens; got {roles}"
            )

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def ids(self) -> dict[str, int]:
        """The id of each token."""
        return {token: i for i, token in enumerate(self.tokens)}

    @property
    def keeps_accents(self) -> bool:
        """Whether letters are lower-cased and yet keep their accents."""
        return self.lowercase and self.settings.strip_accents is False

    @property
    def pad_id(self) -> int:
        """The id of [PAD], whatever its text."""
        return self.ids[self.settings.pad]

    @property
    def unk_id(self) -> int:
        """The id of [UNK], whatever its text."""
        return self.ids[self.settings.unk]

    @property
    def cls_id(self) -> int:
        """The id of [CLS], whatever its text."""
        return self.ids[self.settings.cls]

    @property
    def sep_id(self) -> int:
        """The id of [SEP], whatever its text."""
        return self.ids[self.settings.sep]

    @property
    def mask_id(self) -> int:
        """The id of [MASK], whatever its text."""
        return self.ids[self.settings.mask]

    @cached_property
    def special_ids(self) -> NDArray[np.int64]:
        """int64[n], ascending: ids never predicted nor drawn: of roles and special added tokens."""
        added = [token.id for token in self.settings.added if token.special]
        return np.array(sorted({*(self.ids[role] for role in self.settings.roles), *added}))

    @cached_property
    def kinds(self) -> NDArray[np.uint8]:
        """uint8[V]: the ``Kind`` of each token; special added ones are where text is, as [UNK]."""
        kinds = np.zeros(len(self), np.uint8)
        kinds[self.special_ids] = Kind.UNK
        for role, kind in zip(self.settings.roles, _ROLE_KINDS, strict=True):
            kinds[self.ids[role]] = kind
        return kinds

    def shown(self, token_id: Any) -> str:
        """An id as messages show it: ``102 ([SEP])``; one that there is not as it is."""
        if 0 <= token_id < len(self) and self.kinds[token_id]:
            return f"{token_id} ({self.shown_tokens[token_id]})"
        return str(token_id)

    @cached_property
    def continuing(self) -> NDArray[np.bool_]:
        """bool[V]: whether a token continues the word that the token before it began."""
        found = np.array([goes_on(token, self.settings) for token in self.tokens])
        found[[token.id for token in self.settings.added]] = False
        return found

    @cached_property
    def drawable_ids(self) -> NDArray[np.int32]:
        """int32[n]: ids that a random replacement may have: no special, [unusedN] or blank one's.

        A token with white space in it, as bert-base-chinese's U+2028, is one that no text gives.
        """
        special = set(self.special_ids.tolist())
        texts = self.tokens if not self.settings.whole else self.spellings
        words = (i for i, token in enumerate(texts) if token.split() == [token])
        drawable = [i for i in words if not is_named(self.tokens[i]) and i not in special]
        return np.array(drawable, np.int32)

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """The text of each token, without the mark of a word's begin and blanks around.

        Those of WordPiece keep their ``##``, so that none is taken for a word.
        """
        if not self.settings.whole:
            return self.tokens
        return tuple(letters_of(token, self.settings).strip() for token in self.tokens)

    @cached_property
    def token_array(self) -> pa.StringArray:
        """The tokens as an Arrow array."""
        return pa.array(self.tokens, pa.string())

    @cached_property
    def shown_tokens(self) -> tuple[str, ...]:
        """The tokens as they are shown: roles by BERT's names, ``##`` where a word goes on."""
        settings = self.settings
        names = dict(zip(settings.roles, SPECIAL_TOKENS, strict=True))
        prefix = settings.continuing_prefix
        if settings.whole:
            spelled = zip(self.tokens, self.spellings, self.continuing.tolist(), strict=True)
            return tuple(
                names.get(token, (CONTINUING if inside and text else "") + (text or token))
                for token, text, inside in spelled
            )
        if names.keys() == set(SPECIAL_TOKENS) and prefix == CONTINUING:
            return self.tokens
        return tuple(
            names.get(token, CONTINUING + token.removeprefix(prefix) if inside else token)
            for token, inside in zip(self.tokens, self.continuing.tolist(), strict=True)
        )

    @property
    def file_name(self) -> str:
        """The file that has all of it but what a manifest says: vocab.txt or tokenizer.json."""
        return vocabulary_file(self.settings)

    @property
    def file_bytes(self) -> bytes:
        """The bytes of that file."""
        return self.tokenizer_json if self.settings.whole else vocab_txt(self.tokens)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file, of the casing and of unusual settings, in hexadecimal."""
        return vocabulary_digest(self.file_bytes, self.lowercase, self.settings.canonical())


def vocabulary_file(settings: Settings) -> str:
    """The name of the file of a vocabulary with these settings."""
    return TOKENIZER_JSON if settings.whole else VOCAB_TXT


def continued(token: str) -> str | None:
    """The letters of a token that is shown with ``##``; None for one that begins a word."""
    is_continuing = token.startswith(CONTINUING) and token != CONTINUING
    return token.removeprefix(CONTINUING) if is_continuing else None


def parse_vocab_txt(
    data: bytes, *, lowercase: bool, settings: Settings = PLAIN, path: str = ""
) -> Vocabulary:
    """Reads a vocab.txt: one token a line, its id the line's number from 0.

    Lines end at ``\\n`` alone (bert-base-chinese holds U+2028 as a token); blanks and a ``\\r``
    around a token are taken off, and so are empty lines at the end.

    Args:
        data: the bytes of the file.
        lowercase: whether text is lower-cased for it.
        settings: how else text is read.
        path: of the file, for messages.

    Raises:
        VocabularyError: if it is not UTF-8, a special token is missing or a token stands there
            twice.
    """
    tokens = vocab_lines(data, path)
    try:
        return Vocabulary(tokens, lowercase, settings)
    except VocabularyError as error:
        raise VocabularyError(f"{path}: {error}" if path else str(error)) from None


def vocab_lines(data: bytes, path: str = "") -> tuple[str, ...]:
    """The tokens in the bytes of a vocab.txt, in their order; ``path`` is for messages.

    Raises:
        VocabularyError: if they are not UTF-8.
    """
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").rstrip(_BLANKS + "\n")
    except UnicodeDecodeError as error:
        raise VocabularyError(
            f"{path} is not UTF-8 (byte {error.start}); expected a vocab.txt"
        ) from None
    return tuple(line.strip(_BLANKS) for line in text.split("\n")) if text else ()


def is_named(token: str) -> bool:
    """Whether it is a name in brackets, as ``[CLS]``, ``[unused7]`` or ``<S>``, and no word."""
    return _NAMED.fullmatch(token) is not None


def vocab_txt(tokens: Sequence[str]) -> bytes:
    """The bytes of vocab.txt."""
    return "".join(f"{token}\n" for token in tokens).encode("utf-8")
