"""The tokenizers of a vocabulary: Hugging Face's objects, and the files of a tokenizer folder."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray
from tokenizers import (
    AddedToken,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

from bertprep.vocabulary.vocabulary import Vocabulary, vocab_txt

_OFFICIAL_POSITIONS = 512


def bert_normalizer(
    lowercase: bool,
    strip_accents: bool | None = None,
    *,
    clean_text: bool = True,
    handle_chinese_chars: bool = True,
) -> normalizers.Normalizer:
    """The clean-up of BERT's BasicTokenizer.

    Args:
        lowercase: whether letters are lower-cased.
        strip_accents: whether accents are taken off; None for where letters are lower-cased.
        clean_text: whether control characters are taken out.
        handle_chinese_chars: whether each CJK ideograph is set apart.
    """
    return normalizers.BertNormalizer(
        clean_text=clean_text,
        handle_chinese_chars=handle_chinese_chars,
        strip_accents=strip_accents,
        lowercase=lowercase,
    )


def word_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The reference tokenizer of the vocabulary, without special tokens: text in, ids out.

    It knows no added tokens: ``added_token_tokenizer`` does.
    """
    settings = vocabulary.settings
    words = vocabulary.tokens[: settings.spelled]
    tokenizer = Tokenizer(
        models.WordPiece(
            {token: i for i, token in enumerate(words)},
            unk_token=settings.unk,
            continuing_subword_prefix=settings.continuing_prefix,
            max_input_chars_per_word=settings.max_input_chars_per_word,
        )
    )
    tokenizer.normalizer = bert_normalizer(
        vocabulary.lowercase,
        settings.strip_accents,
        clean_text=settings.clean_text,
        handle_chinese_chars=settings.tokenize_chinese_chars,
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def plain_word_tokenizer(tokenizer: Tokenizer) -> Tokenizer:
    """One as ``word_tokenizer`` for words of ASCII letters and digits, in its case.

    Of them BERT's clean-up leaves every one as it is; not to look takes half the time.  Blanks
    stand between words.
    """
    plain = Tokenizer(tokenizer.model)
    plain.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return plain


def added_token_tokenizer(vocabulary: Vocabulary) -> tuple[Tokenizer, NDArray[np.int32]]:
    """A reference tokenizer that searches for added tokens too, and our id of each of its ids.

    The latter are int32[ids], in the vocabulary.
    ``tokenizers`` gives ids to added tokens itself, others than the vocabulary's where some of
    them are left out.
    """
    tokenizer = word_tokenizer(vocabulary)
    searched = vocabulary.settings.searched
    tokenizer.add_tokens(
        [
            AddedToken(
                vocabulary.tokens[token.id],
                single_word=token.single_word,
                lstrip=token.lstrip,
                rstrip=token.rstrip,
                normalized=token.normalized,
            )
            for token in searched
        ]
    )
    ids = np.arange(tokenizer.get_vocab_size() + len(searched), dtype=np.int32)
    for token in searched:
        ids[tokenizer.token_to_id(vocabulary.tokens[token.id])] = token.id
    return tokenizer, ids


def tokenizer_json(vocabulary: Vocabulary) -> bytes:
    """The bytes of tokenizer.json, as ``tokenizers.Tokenizer.from_file`` reads it."""
    tokenizer, (cls, sep) = word_tokenizer(vocabulary), vocabulary.settings.roles[2:4]
    tokenizer.add_special_tokens(list(vocabulary.settings.roles))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{cls}:0 $A:0 {sep}:0",
        pair=f"{cls}:0 $A:0 {sep}:0 $B:1 {sep}:1",
        special_tokens=[(cls, vocabulary.cls_id), (sep, vocabulary.sep_id)],
    )
    tokenizer.decoder = decoders.WordPiece(prefix=vocabulary.settings.continuing_prefix)
    return (str(tokenizer.to_str(pretty=True)) + "\n").encode("utf-8")


def tokenizer_config_json(vocabulary: Vocabulary) -> bytes:
    """The bytes of tokenizer_config.json, as transformers' ``from_pretrained`` reads it."""
    pad, unk, cls, sep, mask = vocabulary.settings.roles
    config = {
        "tokenizer_class": "BertTokenizer",
        "do_lower_case": vocabulary.lowercase,
        "strip_accents": vocabulary.settings.strip_accents,
        "tokenize_chinese_chars": True,
        "model_max_length": _OFFICIAL_POSITIONS,
        "pad_token": pad,
        "unk_token": unk,
        "cls_token": cls,
        "sep_token": sep,
        "mask_token": mask,
    }
    return (json.dumps(config, indent=2) + "\n").encode("utf-8")


def tokenizer_files(vocabulary: Vocabulary) -> dict[str, bytes]:
    """The files that make a folder a tokenizer, for Google's readers and Hugging Face's."""
    return {
        "vocab.txt": vocab_txt(vocabulary.tokens),
        "tokenizer.json": tokenizer_json(vocabulary),
        "tokenizer_config.json": tokenizer_config_json(vocabulary),
    }
