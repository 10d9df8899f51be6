"""The tokenizers of a vocabulary: Hugging Face's objects, and the files of a tokenizer folder."""

from __future__ import annotations

import json

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from bertprep.vocabulary.vocabulary import (
    CLS,
    CONTINUING,
    MASK,
    MAX_INPUT_CHARS_PER_WORD,
    PAD,
    SEP,
    SPECIAL_TOKENS,
    UNK,
    Vocabulary,
    vocab_txt,
)

_OFFICIAL_POSITIONS = 512


def bert_normalizer(lowercase: bool) -> normalizers.Normalizer:
    """The clean-up of BERT's BasicTokenizer; accents go where letters are lower-cased."""
    return normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=lowercase
    )


def word_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The reference tokenizer of the vocabulary, without special tokens: text in, ids out."""
    tokenizer = Tokenizer(
        models.WordPiece(
            vocabulary.ids,
            unk_token=UNK,
            continuing_subword_prefix=CONTINUING,
            max_input_chars_per_word=MAX_INPUT_CHARS_PER_WORD,
        )
    )
    tokenizer.normalizer = bert_normalizer(vocabulary.lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def tokenizer_json(vocabulary: Vocabulary) -> bytes:
    """The bytes of tokenizer.json, as ``tokenizers.Tokenizer.from_file`` reads it."""
    tokenizer = word_tokenizer(vocabulary)
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{CLS}:0 $A:0 {SEP}:0",
        pair=f"{CLS}:0 $A:0 {SEP}:0 $B:1 {SEP}:1",
        special_tokens=[(CLS, vocabulary.cls_id), (SEP, vocabulary.sep_id)],
    )
    tokenizer.decoder = decoders.WordPiece(prefix=CONTINUING)
    return (str(tokenizer.to_str(pretty=True)) + "\n").encode("utf-8")


def tokenizer_config_json(vocabulary: Vocabulary) -> bytes:
    """The bytes of tokenizer_config.json, as transformers' ``from_pretrained`` reads it."""
    config = {
        "tokenizer_class": "BertTokenizer",
        "do_lower_case": vocabulary.lowercase,
        "strip_accents": None,
        "tokenize_chinese_chars": True,
        "model_max_length": _OFFICIAL_POSITIONS,
        "pad_token": PAD,
        "unk_token": UNK,
        "cls_token": CLS,
        "sep_token": SEP,
        "mask_token": MASK,
    }
    return (json.dumps(config, indent=2) + "\n").encode("utf-8")


def tokenizer_files(vocabulary: Vocabulary) -> dict[str, bytes]:
    """The files that make a folder a tokenizer, for Google's readers and Hugging Face's."""
    return {
        "vocab.txt": vocab_txt(vocabulary.tokens),
        "tokenizer.json": tokenizer_json(vocabulary),
        "tokenizer_config.json": tokenizer_config_json(vocabulary),
    }
