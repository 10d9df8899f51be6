"""The special and added tokens of a tokenizer's folder, gathered as transformers gathers them."""

from __future__ import annotations

from typing import Any, NamedTuple

from tokenizers import AddedToken as Added

from bertprep.vocabulary.reading_settings import CLS, MASK, PAD, SEP, UNK
from bertprep.vocabulary.rebuilt import MORE, NAMED, NAMES
from bertprep.vocabulary.tokenizer_folder import (
    ADDED_TOKENS,
    SPECIAL_TOKENS_MAP,
    TOKENIZER_CONFIG,
    TOKENIZER_JSON,
    TokenizerFolder,
)
from bertprep.vocabulary.tokenizer_kind import BERT

ROLES = {"pad": PAD, "unk": UNK, "cls": CLS, "sep": SEP, "mask": MASK}


class SpecialTokens(NamedTuple):
    """The special and added tokens.

    Attributes:
        decoder: added tokens by id.
        tokens: those with a name or role, by it, as ``cls_token``.
        more: special ones without.
    """

    decoder: dict[int, Added]
    tokens: dict[str, Added]
    more: list[Added]

    @property
    def named(self) -> dict[str, str]:
        """The texts of the tokens with a name or role, by it."""
        return {key: token.content for key, token in self.tokens.items()}

    @property
    def roles(self) -> dict[str, str]:
        """The tokens of the roles; by BERT's names where none is given."""
        return {role: self.named.get(f"{role}_token", usual) for role, usual in ROLES.items()}

    @property
    def claimed(self) -> dict[int, str]:
        """The texts of the added tokens, by the ids that their files give them."""
        return {number: token.content for number, token in self.decoder.items()}

    def to_add(self, there: list[Added]) -> list[Added]:
        """The tokens that transformers adds to a tokenizer that has ``there``, in its order."""
        adding = [self.decoder[number] for number in sorted(self.decoder)]
        known = {token.content for token in (*there, *adding)}
        for token in (*self.tokens.values(), *self.more):
            if token.content not in known:
                known.add(token.content)
                adding.append(token)
        roles = {token.content for token in self.tokens.values()}
        return [_as_special(token) if token.content in roles else token for token in adding]


def _as_special(token: Added) -> Added:
    if not token.special:
        token.special = True
    return token


def special_tokens(folder: TokenizerFolder, class_name: str | None) -> SpecialTokens:
    """The special and added tokens as transformers' ``from_pretrained`` gathers them.

    Args:
        folder: the tokenizer's files.
        class_name: that transformers builds, and whose roles have names by default, if any.

    Raises:
        VocabularyError: if a file has something else than tokens where they are expected.
    """
    return _Gatherer(folder).gathered(class_name)


class _Gatherer:
    def __init__(self, folder: TokenizerFolder) -> None:
        self._folder = folder
        self._whole = folder.json(TOKENIZER_JSON)

    def gathered(self, class_name: str | None) -> SpecialTokens:
        """The tokens; see ``special_tokens``."""
        config = self._folder.json(TOKENIZER_CONFIG)
        if config.get("additional_special_tokens") and not config.get("extra_special_tokens"):
            config["extra_special_tokens"] = config.pop("additional_special_tokens")
        own = {
            key: config.pop(key)
            for key in list(config)
            if key.endswith("_token") and key not in NAMES and _is_token(config[key])
        }
        if isinstance(config.get("extra_special_tokens"), dict):
            own |= config.pop("extra_special_tokens")
        decoder: dict[int, Added] = {}
        if "added_tokens_decoder" in config:
            for number, entry in self._items(config["added_tokens_decoder"], TOKENIZER_CONFIG):
                decoder[int(number)] = self._token(entry, TOKENIZER_CONFIG)
        else:
            self._take_older_files(config, own, decoder)
        if self._whole and (padding := self._whole.get("padding")):
            config.setdefault("pad_token", padding.get("pad_token"))
        named = {key: config[key] for key in NAMES if config.get(key) is not None}
        usual = _usual_names(class_name)
        named = {**{key: token for key, token in usual.items() if key not in config}, **named}
        known = {token.content: token for token in decoder.values()}
        tokens = {
            key: known.get(_content(value), self._token(value, TOKENIZER_CONFIG, special=True))
            for key, value in named.items()
        }
        ordered = {key: tokens[key] for key in NAMES if key in tokens}
        ordered |= {k: self._token(v, TOKENIZER_CONFIG, special=True) for k, v in own.items()}
        extra = config.get("extra_special_tokens") or config.get("additional_special_tokens")
        extra = MORE.get(class_name or "", []) if extra is None else extra
        if not isinstance(extra, list):
            raise self._folder.error(
                TOKENIZER_CONFIG, f"has no list of special tokens but {extra!r}"
            )
        more = [self._token(value, TOKENIZER_CONFIG, special=True) for value in extra]
        return SpecialTokens(decoder, ordered, more)

    def _take_older_files(
        self, config: dict[str, Any], own: dict[str, Any], decoder: dict[int, Added]
    ) -> None:
        """special_tokens_map.json, added_tokens.json and the added tokens of tokenizer.json."""
        self._take_special(config, own)
        self._take_added(config, decoder)
        if self._whole:
            for entry in self._whole.get("added_tokens") or []:
                token = self._token(entry, TOKENIZER_JSON)
                decoder[int(entry["id"])] = token

    def _take_special(self, config: dict[str, Any], own: dict[str, Any]) -> None:
        for key, value in self._folder.json(SPECIAL_TOKENS_MAP).items():
            if key == "extra_special_tokens" and isinstance(value, list):
                before = config.get(key) or []
                config[key] = [*before, *(token for token in value if token not in before)]
            elif key == "extra_special_tokens" and isinstance(value, dict):
                own |= value
            elif key.endswith("_token") and key not in NAMES and _is_token(value):
                own[key] = value
            else:
                config[key] = {**value, "special": True} if isinstance(value, dict) else value

    def _take_added(self, config: dict[str, Any], decoder: dict[int, Added]) -> None:
        named = {_content(config[key]) for key in NAMES if config.get(key)}
        special = named | {_content(t) for t in config.get("extra_special_tokens") or []}
        for content, number in self._folder.json(ADDED_TOKENS).items():
            if not isinstance(number, int):
                raise self._folder.error(ADDED_TOKENS, f"gives {content!r} no id but {number!r}")
            is_special = content in special
            decoder[number] = Added(content, normalized=not is_special, special=is_special)

    def _items(self, found: Any, name: str) -> list[tuple[str, Any]]:
        if not isinstance(found, dict) or not all(str(key).isdecimal() for key in found):
            raise self._folder.error(
                name, f"has no added tokens by their ids but {str(found)[:60]}"
            )
        return list(found.items())

    def _token(self, value: Any, name: str, *, special: bool = False) -> Added:
        """A token as a configuration spells it: its text, or an object."""
        if isinstance(value, str):
            return Added(value, special=special, normalized=not special)
        flags = ("single_word", "lstrip", "rstrip", "normalized", "special")
        if not isinstance(value, dict) or not isinstance(value.get("content"), str):
            raise self._folder.error(name, f"has a token {value!r}; expected its text")
        given = {flag: value[flag] for flag in flags if flag in value}
        if not all(isinstance(flag, bool) for flag in given.values()):
            raise self._folder.error(name, f"has a token {value!r}; expected true and false")
        return Added(value["content"], **{"special": special, **given})


def _usual_names(class_name: str | None) -> dict[str, str]:
    if class_name == BERT:
        return {f"{role}_token": token for role, token in ROLES.items()}
    return NAMED.get(class_name or "", {})


def _is_token(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and "content" in value)


def _content(value: Any) -> str:
    return value["content"] if isinstance(value, dict) and "content" in value else str(value)
