"""Tokenizers that transformers builds from the tokens of tokenizer.json alone, by their class.

``from_pretrained`` takes normalizer, pre-tokenizer and the rest of such a class from its own code
and from tokenizer_config.json, whatever tokenizer.json says of them; ids are the same only if that
is followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bertprep.vocabulary.spelling import SPACE_MARK

Parts = dict[str, Any]
Config = Mapping[str, Any]


def rebuilt(class_name: str, whole: Config, config: Config, unk: str | None) -> Parts:
    """The parts of a tokenizer.json as the class has them.

    Args:
        class_name: one of ``REBUILT``.
        whole: the contents of tokenizer.json.
        config: those of tokenizer_config.json.
        unk: the token of unknown words.
    """
    return _CLASSES[class_name](whole, config, unk)


def _byte_level(whole: Config, config: Config, _: str | None) -> Parts:
    """RoBERTa's, and DeBERTa's of 2020."""
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": "",
        "end_of_word_suffix": "",
        "fuse_unk": False,
        "vocab": whole["model"]["vocab"],
        "merges": whole["model"]["merges"],
    }
    space = bool(config.get("add_prefix_space", False))
    split = {"add_prefix_space": space, "trim_offsets": True, "use_regex": True}
    return {"model": model, "normalizer": None, "pre_tokenizer": {"type": "ByteLevel", **split}}


def _xlm_roberta(whole: Config, config: Config, _: str | None) -> Parts:
    return {
        "model": _unigram(whole, 3),
        "normalizer": _charsmap(whole),
        "pre_tokenizer": _words(config),
    }


def _camembert(whole: Config, config: Config, unk: str | None) -> Parts:
    tokens = [token for token, _ in whole["model"]["vocab"]]
    number = tokens.index(unk) if unk in tokens else 0
    return {**_xlm_roberta(whole, config, unk), "model": _unigram(whole, number)}


def _albert(whole: Config, config: Config, _: str | None) -> Parts:
    steps: list[Any] = [_replace({"String": mark}, '"') for mark in ("``", "''")]
    if not config.get("keep_accents", False):
        steps += [{"type": "NFKD"}, {"type": "StripAccents"}]
    if config.get("do_lower_case", True):
        steps.append({"type": "Lowercase"})
    steps += [step for step in [_charsmap(whole)] if step]
    return {
        "model": _unigram(whole, 1),
        "normalizer": {"type": "Sequence", "normalizers": steps},
        "pre_tokenizer": _words(config),
    }


def _deberta_v2(whole: Config, config: Config, unk: str | None) -> Parts:
    steps: list[Any] = [{"type": "Lowercase"}] if config.get("do_lower_case", False) else []
    steps += [
        _replace({"Regex": r"\s{2,}|[\n\r\t]"}, " "),
        {"type": "NFC"},
        {"type": "Strip", "strip_left": False, "strip_right": True},
    ]
    splits: list[Any] = []
    if config.get("split_by_punct", False):
        splits.append({"type": "Punctuation", "behavior": "Isolated"})
    splits.append(_metaspace("always" if config.get("add_prefix_space", True) else "first"))
    pieces = [tuple(piece) for piece in whole["model"]["vocab"]]
    usual = int(config.get("unk_id", 1))
    number = pieces.index((unk, 0.0)) if (unk, 0.0) in pieces else usual
    return {
        "model": _unigram(whole, number),
        "normalizer": {"type": "Sequence", "normalizers": steps},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": splits},
    }


def _unigram(whole: Config, unk_id: int) -> Parts:
    vocab = whole["model"]["vocab"]
    return {"type": "Unigram", "unk_id": unk_id, "vocab": vocab, "byte_fallback": False}


def _charsmap(whole: Config) -> Parts | None:
    """The table of SentencePiece's normalization, wherever the normalizer has it."""
    normalizer = whole.get("normalizer") or {}
    for step in normalizer.get("normalizers", [normalizer]):
        if step.get("type") == "Precompiled" and step.get("precompiled_charsmap"):
            return {"type": "Precompiled", "precompiled_charsmap": step["precompiled_charsmap"]}
    return None


def _words(config: Config) -> Parts:
    scheme = "always" if config.get("add_prefix_space", True) else "never"
    splits = [{"type": "WhitespaceSplit"}, _metaspace(scheme)]
    return {"type": "Sequence", "pretokenizers": splits}


def _metaspace(scheme: str) -> Parts:
    return {
        "type": "Metaspace",
        "replacement": SPACE_MARK,
        "prepend_scheme": scheme,
        "split": True,
    }


def _replace(pattern: Parts, content: str) -> Parts:
    return {"type": "Replace", "pattern": pattern, "content": content}


_CLASSES: dict[str, Callable[[Config, Config, str | None], Parts]] = {
    "RobertaTokenizer": _byte_level,
    "DebertaTokenizer": _byte_level,
    "XLMRobertaTokenizer": _xlm_roberta,
    "CamembertTokenizer": _camembert,
    "AlbertTokenizer": _albert,
    "DebertaV2Tokenizer": _deberta_v2,
}
_MODEL_KINDS = {
    "RobertaTokenizer": "BPE",
    "DebertaTokenizer": "BPE",
}
REBUILT = frozenset(_CLASSES)
# The class of a model whose folder names none, by config.json's model_type.
CLASS_OF_MODEL = {
    "roberta": "RobertaTokenizer",
    "longformer": "RobertaTokenizer",
    "data2vec-text": "RobertaTokenizer",
    "deberta": "DebertaTokenizer",
    "xlm-roberta": "XLMRobertaTokenizer",
    "xmod": "XLMRobertaTokenizer",
    "camembert": "CamembertTokenizer",
    "albert": "AlbertTokenizer",
    "deberta-v2": "DebertaV2Tokenizer",
}
NAMES = [f"{name}_token" for name in ("bos", "eos", "unk", "sep", "pad", "cls", "mask")]
_FAIRSEQ = ("<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>")
_DEBERTA = ("[CLS]", "[SEP]", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]")
_ALBERT = ("[CLS]", "[SEP]", "<unk>", "[SEP]", "<pad>", "[CLS]", "[MASK]")
# What each class calls its tokens where no file does.
NAMED = {
    class_name: dict(zip(NAMES, tokens, strict=True))
    for class_name, tokens in (
        ("RobertaTokenizer", _FAIRSEQ),
        ("XLMRobertaTokenizer", _FAIRSEQ),
        ("CamembertTokenizer", _FAIRSEQ),
        ("DebertaTokenizer", _DEBERTA),
        ("DebertaV2Tokenizer", _DEBERTA),
        ("AlbertTokenizer", _ALBERT),
    )
}
# Special tokens that a class has besides.
MORE = {"CamembertTokenizer": ["<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"]}


def model_kind(class_name: str) -> str:
    """The kind of model that a class of ``REBUILT`` needs in tokenizer.json."""
    return _MODEL_KINDS.get(class_name, "Unigram")
