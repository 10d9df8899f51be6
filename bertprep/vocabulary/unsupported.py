"""Parts of a tokenizer's folder that are not supported, or missing: an error that names each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bertprep.errors import VocabularyError
from bertprep.vocabulary.rebuilt import REBUILT, model_kind
from bertprep.vocabulary.special_tokens import SpecialTokens
from bertprep.vocabulary.tokenizer_folder import (
    TOKENIZER_CONFIG,
    TOKENIZER_JSON,
    VOCAB_TXT,
    TokenizerFolder,
)
from bertprep.vocabulary.tokenizer_kind import BERT

_WORDPIECE = "WordPiece"
BLANKS = " \t\r"


def check_supported(folder: TokenizerFolder) -> None:
    """Raises VocabularyError if tokenizer_config.json asks for what nobody here does."""
    config, wrong = folder.json(TOKENIZER_CONFIG), None
    if config.get("do_basic_tokenize") not in (None, True):
        wrong = "do_basic_tokenize: false"
    elif config.get("never_split"):
        wrong = "never_split (transformers does not heed it either; list added tokens instead)"
    elif config.get("clean_text") not in (None, True):
        wrong = "clean_text: false"
    elif config.get("wordpieces_prefix") not in (None, "##"):
        wrong = f"wordpieces_prefix: {config['wordpieces_prefix']!r}"
    elif config.get("max_input_chars_per_word") not in (None, 100):
        wrong = f"max_input_chars_per_word: {config['max_input_chars_per_word']!r}"
    elif config.get("auto_map"):
        wrong = "auto_map, code of its own"
    if wrong:
        raise folder.error(TOKENIZER_CONFIG, f"says {wrong}, which is not supported")


def is_wordpiece_of_bert(whole: Mapping[str, Any], class_name: str | None) -> bool:
    """Whether a tokenizer is BERT's: by its class in transformers, or by all that it says.

    Args:
        whole: the contents of tokenizer.json.
        class_name: ``class_of`` its folder.
    """
    if class_name is not None:
        return class_name == BERT
    parts = (
        (whole["model"], _WORDPIECE),
        (whole.get("normalizer") or {}, "BertNormalizer"),
        (whole.get("pre_tokenizer") or {}, "BertPreTokenizer"),
    )
    return all(_kind(part) in (kind, "none") for part, kind in parts[:2]) and (
        _kind(parts[2][0]) == parts[2][1]
    )


def check_model(folder: TokenizerFolder, class_name: str | None) -> None:
    """Raises VocabularyError unless tokenizer.json holds a model of the kind that the class has."""
    whole = folder.json(TOKENIZER_JSON)
    model = whole.get("model")
    if not isinstance(model, dict) or not isinstance(model.get("vocab"), dict | list):
        raise folder.error(TOKENIZER_JSON, "has no model with a vocab; expected a tokenizer")
    wanted, vocab = _WORDPIECE if class_name == BERT else None, model["vocab"]
    if class_name in REBUILT:
        wanted = model_kind(str(class_name))
    kind = _kind(model)
    if wanted and (kind != wanted or isinstance(vocab, list) != (wanted == "Unigram")):
        raise folder.error(
            TOKENIZER_JSON,
            f"is of the model kind {kind}, but transformers' {class_name} is a {wanted}: say "
            f"PreTrainedTokenizerFast in {TOKENIZER_CONFIG} if it is to be read as it is",
        )
    if isinstance(vocab, dict) and not all(isinstance(i, int) for i in vocab.values()):
        raise folder.error(TOKENIZER_JSON, "has tokens whose id is no number")
    for part in ("normalizer", "pre_tokenizer"):
        if not isinstance(whole.get(part), dict | None):
            raise folder.error(TOKENIZER_JSON, f"has no {part} but {whole[part]!r}")


def _kind(part: Mapping[str, Any]) -> str:
    if "type" in part or not part:
        return str(part.get("type", "none"))
    return _WORDPIECE if "max_input_chars_per_word" in part else "unnamed"


def check_same(folder: TokenizerFolder, lines: tuple[str, ...]) -> None:
    """Raises VocabularyError if vocab.txt, in lines, and tokenizer.json have other tokens."""
    whole = folder.json(TOKENIZER_JSON)
    vocab = whole["model"]["vocab"]
    added = whole.get("added_tokens") or []
    ids = {**{t["content"]: t["id"] for t in added if isinstance(t, dict)}, **vocab}
    theirs = {number: token.strip(BLANKS) for token, number in ids.items()}
    for number in range(max(len(lines), len(vocab))):
        ours = lines[number] if number < len(lines) else None
        if theirs.get(number) != ours:
            raise VocabularyError(
                f"{folder.path(VOCAB_TXT)} and {TOKENIZER_JSON} beside it differ: for the "
                f"id {number} one has {ours!r} and the other {theirs.get(number)!r}; remove the "
                "one that is out of date"
            )


def check_roles(
    folder: TokenizerFolder, vocab: Mapping[str, int], special: SpecialTokens, unk: str
) -> None:
    """Raises VocabularyError unless the roles' tokens are listed; transformers would add them.

    A model that was trained with the vocabulary would have no room for more.

    Args:
        folder: the files, for messages.
        vocab: ids by token, added ones aside.
        special: the added tokens, and those with roles.
        unk: the token of unknown words.
    """
    roles = {**special.roles, "unk": unk}
    listed = {*vocab, *special.claimed.values()}
    missing = [token for token in roles.values() if token not in listed]
    if unk not in vocab and unk not in missing:
        missing.append(unk)
    if missing:
        raise VocabularyError(
            f"{folder.tokens_path}: the vocabulary has no {', '.join(missing)} among its "
            f"{len(vocab)} lines; BERT needs {' '.join(roles.values())}, one token a line"
        )
