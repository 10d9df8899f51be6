"""Where a tokenizer.json lets text be cut so that the parts give the tokens of the whole.

Most tokenizers never look beyond a blank: what stands before one that follows a visible character,
and what begins with it, can be read apart.  What is not known to be so is not cut.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from bertprep.vocabulary.spelling import SPACE_MARK

Part = Mapping[str, Any]

# Normalizers that change each character by itself, or with its combining marks.
_LOCAL_NORMALIZERS = {"NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt"} | {
    "Precompiled",
    "BertNormalizer",
}
# Those that may take a character away, or make it a blank.
_TAKING_AWAY = {"StripAccents", "BertNormalizer", "Replace"}
_BLANKS_TOGETHER = {r"\s{2,}|[\n\r\t]", r" {2,}", r"\s+"}
# Pre-tokenizers that split at every blank and drop it, and those that split each part by itself.
_DROPPING = {"Whitespace", "WhitespaceSplit", "BertPreTokenizer"}
_SPLITTING_PARTS = {"Punctuation", "Digits", "Split", "ByteLevel", "Metaspace", *_DROPPING}

# Pre-tokenizers that mark what a blank stands before, once.
_MARKING_ONCE = [
    [*split, mark] for mark in ("ByteLevel", "Metaspace") for split in ([], ["WhitespaceSplit"])
]


class Locality(NamedTuple):
    """Where text may be cut.

    Attributes:
        why_not: what keeps it from being cut at blanks, in words; empty if nothing does.
        after_ascii: it may be cut only behind visible ASCII, as other characters can become a
            blank, or nothing.
        at_marks: it may be cut between ASCII letters and marks, too, as byte-level BPE does it.
        one_mark: a word is marked where a blank stands before it, and nowhere else.
    """

    why_not: str
    after_ascii: bool = False
    at_marks: bool = False
    one_mark: bool = False


def locality_of(whole: Part, roles: Collection[str] = ()) -> Locality:
    """Where a tokenizer lets text be cut.

    Args:
        whole: the contents of tokenizer.json.
        roles: added tokens that are not searched for.
    """
    splits = list(_steps(whole.get("pre_tokenizer"), "pretokenizers"))
    before = next((i for i, split in enumerate(splits) if not _is_by_character(split)), None)
    if before is None:
        return Locality("lack of a pre-tokenizer that splits at blanks")
    splitter = splits[before]
    if not _splits_at_spaces(splitter):
        return Locality(f"pre-tokenizer {splitter['type']}")
    for split in splits[before + 1 :]:
        if split["type"] not in _SPLITTING_PARTS:
            return Locality(f"pre-tokenizer {split['type']}")
    steps = list(_steps(whole.get("normalizer"), "normalizers"))
    for step in steps:
        if not _is_local(step, splitter["type"]):
            return Locality(f"normalizer {step['type']}")
    if any(step["type"] != "NFC" for step in steps):
        for token in whole.get("added_tokens") or []:
            if token.get("normalized") and token["content"] not in roles:
                return Locality("search for added tokens in normalized text")
    takes_away = any(step["type"] in _TAKING_AWAY for step in steps)
    at_marks = len(splits) == 1 and splitter["type"] == "ByteLevel"
    at_marks &= not splitter.get("add_prefix_space", True)
    at_marks &= all(step["type"] in ("NFC", "NFD", "Lowercase") for step in steps)
    one_mark = [split["type"] for split in splits] in _MARKING_ONCE
    return Locality("", takes_away and splitter["type"] not in _DROPPING, at_marks, one_mark)


def _steps(part: Part | None, name: str) -> Iterator[Part]:
    """The steps of a part, those of sequences in it one by one."""
    if part is None:
        return
    if part["type"] == "Sequence":
        for step in part[name]:
            yield from _steps(step, name)
    else:
        yield part


def _is_by_character(split: Part) -> bool:
    """Whether it splits by what each character is, so that it may come before the blanks."""
    if split["type"] == "Punctuation":
        return bool(split.get("behavior") == "Isolated")
    return bool(split["type"] == "Digits")


def _splits_at_spaces(split: Part) -> bool:
    if split["type"] == "ByteLevel":
        return bool(split.get("use_regex", True))
    if split["type"] == "Metaspace":
        return bool(split.get("split", True))
    return split["type"] in _DROPPING


def _is_local(step: Part, splitter: str) -> bool:
    kind = step["type"]
    if kind == "Strip":
        return splitter in _DROPPING or not step.get("strip_left", True)
    if kind == "Replace":
        return _replaces_within(step, splitter)
    return kind in _LOCAL_NORMALIZERS


def _replaces_within(step: Part, splitter: str) -> bool:
    text, pattern = step["pattern"].get("String"), step["pattern"].get("Regex")
    content = step["content"]
    if pattern in _BLANKS_TOGETHER or text == " ":
        return content == " " or (splitter == "Metaspace" and content == SPACE_MARK)
    return text is not None and not _has_blank(text) and bool(content) and not _has_blank(content)


def _has_blank(text: str) -> bool:
    return any(character.isspace() or character == SPACE_MARK for character in text)
