"""How text is read with a vocabulary, besides its tokens: what a tokenizer's configuration says."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, get_type_hints

PAD, UNK, CLS, SEP, MASK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"
CONTINUING = "##"
MAX_INPUT_CHARS_PER_WORD = 100


@dataclass(frozen=True)
class AddedToken:
    """A token that text is searched for before it is normalized and split into words.

    Attributes:
        id: its place in the vocabulary, which has its text.
        special: not text but a mark: never predicted, never drawn as a random replacement.
        single_word: found only where no letter, digit or underscore is next to it.
        normalized: searched for in the normalized text rather than in the text as it is.
        lstrip, rstrip: it takes the white space before it, or behind it, with it.
    """

    id: int
    special: bool = False
    single_word: bool = False
    normalized: bool = False
    lstrip: bool = False
    rstrip: bool = False


@dataclass(frozen=True)
class Settings:
    """All that decides the tokens of a text besides the vocabulary's tokens and its casing.

    Attributes:
        strip_accents: whether accents are taken off; None for as letters are lower-cased.
        tokenize_chinese_chars: whether each CJK ideograph is a word.
        clean_text: whether control characters are taken out.
        max_input_chars_per_word: longer words are unknown.
        continuing_prefix: what tokens that go on with a word begin with; empty for nothing.
        whole: all of a tokenizer.json decides the tokens, of whatever kind it is; what is said
            here of casing, ideographs and the like does not count then.
        word_mark: what tokens that begin a word begin with, ``\u0120`` or ``\u2581``, where it is
            these that are marked.
        pad, unk, cls, sep, mask: the tokens with these roles.
        added: tokens to search text for, by id; those with a role are not among them, since what
            stands in a text is text.
        split_special: special ones are not searched for.
        spelled: how many tokens, from the first one, words may be spelled with; None for all.
    """

    strip_accents: bool | None = None
    tokenize_chinese_chars: bool = True
    clean_text: bool = True
    max_input_chars_per_word: int = MAX_INPUT_CHARS_PER_WORD
    continuing_prefix: str = CONTINUING
    whole: bool = False
    word_mark: str = ""
    pad: str = PAD
    unk: str = UNK
    cls: str = CLS
    sep: str = SEP
    mask: str = MASK
    added: tuple[AddedToken, ...] = ()
    split_special: bool = False
    spelled: int | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        """The tokens with roles: padding, unknown, first, separating, masking."""
        return self.pad, self.unk, self.cls, self.sep, self.mask

    @property
    def marks_words(self) -> bool:
        """Whether a token shows if it begins a word or goes on with one."""
        return bool(self.word_mark or self.continuing_prefix)

    @property
    def searched(self) -> tuple[AddedToken, ...]:
        """The added tokens that text is searched for."""
        return tuple(t for t in self.added if not (t.special and self.split_special))

    def as_json(self) -> dict[str, Any]:
        """The settings that are not the usual ones, for a manifest."""
        found = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != field.default
        }
        if self.added:
            found["added"] = [asdict(token) for token in self.added]
        return found

    def canonical(self) -> bytes:
        """Bytes that are the same for the same settings; none for the usual ones."""
        found = self.as_json()
        return json.dumps(found, sort_keys=True).encode("utf-8") if found else b""


PLAIN = Settings()


def settings_from_json(found: Any) -> Settings:
    """The settings in a manifest; ValueError if they are no such."""
    if not isinstance(found, Mapping):
        raise ValueError(f"expected a vocabulary's settings, got {reprlib.repr(found)}")
    added = found.get("added", [])
    if not isinstance(added, list):
        raise ValueError(f"expected a list of added tokens, got {reprlib.repr(added)}")
    tokens = tuple(_checked(AddedToken, entry) for entry in added)
    settings: Settings = _checked(Settings, {**found, "added": tokens})
    return settings


def _checked(kind: Any, values: Any) -> Any:
    """An object of a dataclass; ValueError where a field is unknown or of another type."""
    hints = get_type_hints(kind)
    if not isinstance(values, Mapping) or not values.keys() <= hints.keys():
        odd = values.keys() - hints.keys() if isinstance(values, Mapping) else values
        raise ValueError(f"expected a vocabulary's settings, got {reprlib.repr(odd)}")
    for name, value in values.items():
        wanted = tuple if name == "added" else hints[name]
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise ValueError(f"{name} of a vocabulary's settings is {reprlib.repr(value)}")
    if "id" in hints and "id" not in values:
        raise ValueError("an added token of a vocabulary's settings has no id")
    return kind(**values)
