"""A vocabulary that all of a tokenizer.json decides: of byte-level BPE, Unigram or another kind."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bertprep.errors import VocabularyError
from bertprep.vocabulary.reading_settings import Settings
from bertprep.vocabulary.vocabulary import Vocabulary, parse_vocab_txt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# What tokenizer.json may hold that takes no part in reading text.
_UNREAD = {"truncation": None, "padding": None}


def parse_tokenizer_json(data: bytes, *, settings: Settings, path: str = "") -> Vocabulary:
    """The vocabulary of a tokenizer.json; ``tokenizers`` is not asked.

    Args:
        data: the bytes of the file.
        settings: whose tokens have which role, and which are searched for.
        path: of the file, for messages.

    Raises:
        VocabularyError: if it is none, or lacks a token that the settings name.
    """
    try:
        tokens = tokens_of(json.loads(data))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise VocabularyError(f"{path} is no tokenizer.json: {error}") from None
    return Vocabulary(tokens, False, settings, data)


def parse_stored(data: bytes, *, lowercase: bool, settings: Settings, path: str) -> Vocabulary:
    """The vocabulary of the bytes of its file: ``Vocabulary.file_bytes``.

    Args:
        data: the bytes.
        lowercase: whether text is lower-cased for it.
        settings: how else text is read, which tell of what kind the file is.
        path: of the file, for messages.

    Raises:
        VocabularyError: if they are none of that kind, or lack a token that the settings name.
    """
    if settings.whole:
        return parse_tokenizer_json(data, settings=settings, path=path)
    return parse_vocab_txt(data, lowercase=lowercase, settings=settings, path=path)


def tokens_of(whole: dict[str, Any]) -> tuple[str, ...]:
    """The tokens of the contents of a tokenizer.json by their ids.

    Raises:
        ValueError: if there are gaps between these.
    """
    vocab = whole["model"]["vocab"]
    ids = {t[0]: i for i, t in enumerate(vocab)} if isinstance(vocab, list) else dict(vocab)
    ids.update({token["content"]: token["id"] for token in whole.get("added_tokens") or []})
    tokens = tuple(sorted(ids, key=ids.__getitem__))
    if [ids[token] for token in tokens] != list(range(len(tokens))):
        raise ValueError(
            f"there are gaps between the ids, 0 to {max(ids.values(), default=0)} for "
            f"{len(tokens)} tokens"
        )
    return tokens


def stored_json(tokenizer: Tokenizer) -> bytes:
    """The bytes of a tokenizer.json, the same for the same tokenizer, that reads whole texts."""
    whole = json.loads(tokenizer.to_str())
    return (json.dumps({**whole, **_UNREAD}, ensure_ascii=False) + "\n").encode("utf-8")


@lru_cache(maxsize=1)
def contents(vocabulary: Vocabulary) -> dict[str, Any]:
    """The content of a vocabulary's tokenizer.json."""
    found: dict[str, Any] = json.loads(vocabulary.tokenizer_json)
    return found


@lru_cache(maxsize=1)
def whole_tokenizer(vocabulary: Vocabulary) -> tuple[Tokenizer, NDArray[np.int32]]:
    """The reference tokenizer of text, and the vocabulary's id of each of its ids, int32[ids].

    Tokens with a role are not searched for, nor can any text spell them: what stands in a text is
    text.
    """
    from tokenizers import Tokenizer

    settings, whole = vocabulary.settings, contents(vocabulary)
    searched = {vocabulary.tokens[token.id]: token.id for token in settings.searched}
    added = [token for token in whole.get("added_tokens") or [] if token["content"] in searched]
    model = _without_roles(whole["model"], settings)
    tokenizer = Tokenizer.from_str(
        json.dumps({**whole, **_UNREAD, "post_processor": None, "model": model, "added_tokens": []})
    )
    tokenizer.add_tokens([_as_added(token) for token in added])
    ids = np.arange(max(len(vocabulary), tokenizer.get_vocab_size() + 1), dtype=np.int32)
    for token, number in searched.items():
        ids[tokenizer.token_to_id(token)] = number
    return tokenizer, ids


def _as_added(entry: dict[str, Any]) -> Any:
    from tokenizers import AddedToken

    flags = ("single_word", "lstrip", "rstrip", "normalized")
    return AddedToken(entry["content"], **{flag: bool(entry.get(flag)) for flag in flags})


def _without_roles(model: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """A model whose tokens with a role have names that no text has.

    Else a text in which ``</s>`` stands would get that token from a Unigram vocabulary.
    """
    names = {role: f"\n\0{role}" for role in settings.roles}
    vocab = model["vocab"]
    if isinstance(vocab, list):
        renamed: Any = [[names.get(token, token), score] for token, score in vocab]
    else:
        renamed = {names.get(token, token): number for token, number in vocab.items()}
    unk = model.get("unk_token")
    return {**model, "vocab": renamed, **({"unk_token": names.get(unk, unk)} if unk else {})}
