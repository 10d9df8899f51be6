"""A tokenizer's folder of any kind but BERT's WordPiece, read as transformers reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from tokenizers import Tokenizer

from bertprep.errors import VocabularyError
from bertprep.vocabulary.reading_settings import AddedToken, Settings
from bertprep.vocabulary.rebuilt import rebuilt
from bertprep.vocabulary.safe_cuts import locality_of
from bertprep.vocabulary.special_tokens import SpecialTokens
from bertprep.vocabulary.spelling import BYTE_MARK, SPACE_MARK
from bertprep.vocabulary.tokenizer_folder import (
    TOKENIZER_CONFIG,
    TOKENIZER_JSON,
    TokenizerFolder,
)
from bertprep.vocabulary.vocabulary import Vocabulary
from bertprep.vocabulary.whole_tokenizer import contents, parse_tokenizer_json, stored_json

# The tokens that have a role where no file says so, the likeliest first.
_USUAL = {
    "pad": ("[PAD]", "<pad>"),
    "unk": ("[UNK]", "<unk>"),
    "cls": ("[CLS]", "<s>", "<cls>"),
    "sep": ("[SEP]", "</s>", "<sep>"),
    "mask": ("[MASK]", "<mask>"),
}
_KINDS = {"BPE": "BPE", "Unigram": "Unigram", "WordPiece": "WordPiece", "WordLevel": "word list"}


class Whole(NamedTuple):
    """A vocabulary that is not BERT's WordPiece.

    Attributes:
        vocabulary: as it is used.
        kind: of which kind it is, in words.
        manner: how text is read with it, where that is slow, in words; else empty.
    """

    vocabulary: Vocabulary
    kind: str
    manner: str


def read_whole(folder: TokenizerFolder, special: SpecialTokens, class_name: str | None) -> Whole:
    """The vocabulary of a folder's tokenizer.json.

    Args:
        folder: the files.
        special: the special and added tokens that they name.
        class_name: the tokenizer's class in transformers, where it takes no more than tokens from
            tokenizer.json; None for where it takes all.

    Raises:
        VocabularyError: if it is no tokenizer, one that draws lots, or lacks a token that BERT
            needs.
    """
    whole = folder.json(TOKENIZER_JSON)
    if whole["model"].get("dropout"):
        raise folder.error(
            TOKENIZER_JSON,
            f"has a BPE dropout of {whole['model']['dropout']}, so that the same text has other "
            "tokens each time; set it to null",
        )
    if class_name is None:
        tokenizer = _tokenizer(folder, folder.files[TOKENIZER_JSON].decode("utf-8"))
        tokenizer.add_tokens(special.to_add(list(tokenizer.get_added_tokens_decoder().values())))
    else:
        config = folder.json(TOKENIZER_CONFIG)
        parts = rebuilt(class_name, whole, config, special.named.get("unk_token"))
        tokenizer = _tokenizer(folder, json.dumps({**whole, **parts, "added_tokens": []}))
        tokenizer.add_tokens(special.to_add([]))
    vocabulary = _vocabulary(folder, tokenizer, special)
    why = locality_of(contents(vocabulary), vocabulary.settings.roles).why_not
    manner = f"; slowly, sentence by sentence, as its {why} looks beyond a word" if why else ""
    return Whole(vocabulary, _kind(tokenizer), manner)


def _tokenizer(folder: TokenizerFolder, text: str) -> Tokenizer:
    try:
        return Tokenizer.from_str(text)
    except Exception as error:  # tokenizers raises nothing narrower
        raise folder.error(TOKENIZER_JSON, f"is no tokenizer: {error}") from None


def _kind(tokenizer: Tokenizer) -> str:
    kind = type(tokenizer.model).__name__
    return f"byte-level {kind}" if _mark(tokenizer) == BYTE_MARK else _KINDS.get(kind, kind)


def _vocabulary(
    folder: TokenizerFolder, tokenizer: Tokenizer, special: SpecialTokens
) -> Vocabulary:
    data = stored_json(tokenizer)
    ids = tokenizer.get_vocab(with_added_tokens=True)
    for number, content in special.claimed.items():
        if ids.get(content, number) != number:
            raise VocabularyError(
                f"{folder.shown} gives the added token {content!r} the id {number}, but with the "
                f"tokens there are it would be {ids[content]}; mend the list of tokens"
            )
    roles: dict[str, Any] = _roles(folder, tokenizer, special)
    settings = Settings(
        **roles,
        whole=True,
        word_mark=_mark(tokenizer),
        continuing_prefix=str(json.loads(data)["model"].get("continuing_subword_prefix") or ""),
        added=tuple(_searched(tokenizer, roles.values())),
        split_special=bool(folder.json(TOKENIZER_CONFIG).get("split_special_tokens", False)),
    )
    return parse_tokenizer_json(data, settings=settings, path=folder.path(TOKENIZER_JSON))


def _searched(tokenizer: Tokenizer, roles: Iterable[str]) -> Iterator[AddedToken]:
    of_roles = set(roles)
    for number, t in sorted(tokenizer.get_added_tokens_decoder().items()):
        if t.content not in of_roles:
            yield AddedToken(number, t.special, t.single_word, t.normalized, t.lstrip, t.rstrip)


def _roles(folder: TokenizerFolder, tokenizer: Tokenizer, special: SpecialTokens) -> dict[str, str]:
    """The token of each role: the one that is named, else the first usual one that is there."""
    named: Mapping[str, str] = special.named
    found = {}
    for role, usual in _USUAL.items():
        said = [named.get(f"{role}_token")]
        if role in ("cls", "sep"):
            said.append(named.get("bos_token" if role == "cls" else "eos_token"))
        if role == "unk":
            said.append(getattr(tokenizer.model, "unk_token", None))
        there = (t for t in (*said, *usual) if t and tokenizer.token_to_id(t) is not None)
        if (token := next(there, None)) is None:
            raise VocabularyError(
                f"{folder.tokens_path}: nothing says which token is {usual[0]}, and there is no "
                f"{' or '.join(usual)}; name it in {TOKENIZER_CONFIG}, as "
                f'"{role}_token": "{usual[-1]}", and list it in {TOKENIZER_JSON}'
            )
        found[role] = token
    return found


def _mark(tokenizer: Tokenizer) -> str:
    """The prefix of a word's first token, seen in how two words are split."""
    text = "aa bb"
    if tokenizer.normalizer is not None:
        text = tokenizer.normalizer.normalize_str(text)
    pieces = [text]
    if tokenizer.pre_tokenizer is not None:
        pieces = [piece for piece, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text)]
    second = pieces[-1] if len(pieces) > 1 else text[text.find("a") + 2 :]
    return next((mark for mark in (BYTE_MARK, SPACE_MARK) if second.startswith(mark)), "")
