"""Tokenizer folders whose tokens stand in several files at once, as saved, mended and copied."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, vocab_txt
from tests.vocabulary.folders import LETTERS, TOKENS, added, decoder, flags, whole

CONTENTS = ("[EOT]", "[URL]", "<|x|>", "foo", "New York", "Hello", "ü", "ello", "[EOT]a", "##a")
CONTENTS += ("世界", "a b", "É", "and/or")
PIECES = (*CONTENTS, "new york", "NEW YORK", "HELLO", "xfoox", "Ü", "u\u0308", "é", "e\u0301", "й")
PIECES += (" ", "\n", "\t", "\u3000", "漢", "か\u3099", "가", "\x00", "\u200b", "_", "a", "A", ".")
texts = st.lists(
    st.lists(st.sampled_from(PIECES) | st.text(LETTERS + " [].,!世\u0301", max_size=5), max_size=9)
    .map("".join),
    min_size=1,
    max_size=3,
)  # fmt: skip
PLACES = ("additional", "extra", "map", "map role", "config role", "own role", "added", "json")


def _spelled(draw, content, typed):
    """A token as its text, or as an object with some of its flags."""
    if draw(st.booleans()):
        return content
    entry = {"content": content, **draw(flags)}
    return entry | ({"__type": "AddedToken", "special": True} if typed else {})


@st.composite
def folders(draw):
    """The files of a folder that transformers reads, by their names."""
    config = {"tokenizer_class": draw(st.sampled_from(["BertTokenizer", "BertTokenizerFast"]))}
    config["do_lower_case"] = draw(st.booleans())
    settings = {"strip_accents": st.sampled_from([None, True, False])}
    settings |= {"tokenize_chinese_chars": st.booleans(), "split_special_tokens": st.booleans()}
    config |= draw(st.fixed_dictionaries({}, optional=settings))
    chosen = draw(st.lists(st.sampled_from(CONTENTS), max_size=5, unique=True))
    parts = {}
    for content in chosen:
        parts.setdefault(draw(st.sampled_from(PLACES)), []).append(content)
    files = {"tokenizer_config.json": config, "vocab.txt": vocab_txt(TOKENS).decode()}
    if draw(st.booleans()):
        config["mask_token"] = _spelled(draw, "[MASK]", typed=True)
    _in_config(draw, config, parts)
    _in_map(draw, files, parts)
    new = [content for content in parts.get("added", ()) if content not in TOKENS]
    if new:
        files["added_tokens.json"] = {c: len(TOKENS) + i for i, c in enumerate(new)}
    if parts.get("json"):
        files["tokenizer.json"] = whole(draw, parts["json"])
        if draw(st.booleans()):
            del files["vocab.txt"]
    if draw(st.integers(0, 3)) == 0:
        config["added_tokens_decoder"] = decoder(draw, parts.get("added", []))
    return {n: f if isinstance(f, str) else json.dumps(f) for n, f in files.items()}


def _in_config(draw, config, parts):
    if parts.get("additional"):
        config["additional_special_tokens"] = [
            _spelled(draw, content, typed=True) for content in parts["additional"]
        ]
    if parts.get("extra"):
        config["extra_special_tokens"] = [
            _spelled(draw, content, typed=True) for content in parts["extra"]
        ]
    for role, place in (("bos_token", "config role"), ("image_token", "own role")):
        for content in parts.get(place, ())[:1]:
            config[role] = content if role == "image_token" else _spelled(draw, content, typed=True)


def _in_map(draw, files, parts):
    found = {f"{n.strip('[]').lower()}_token": n for n in SPECIAL_TOKENS if draw(st.booleans())}
    for content in parts.get("map role", ())[:1]:
        found["eos_token"] = added(content, draw(flags)) if draw(st.booleans()) else content
        if isinstance(found["eos_token"], dict):
            del found["eos_token"]["special"]
    if parts.get("map"):
        found["additional_special_tokens"] = parts["map"]
    if found and draw(st.booleans()):
        files["special_tokens_map.json"] = found
