"""Tokenizer folders."""

import json

import numpy as np
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors

from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.configuration import read_tokenizer
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, vocab_txt

LETTERS = "abcdefghijklmnopqrstuvwxyzABEHOTUXéüßийкか가"
TOKENS = tuple(
    dict.fromkeys(
        [
            *SPECIAL_TOKENS,
            *("[EOT]", "hello", "Hello", "##llo", "new", "york", "foo", "##foo", "eot", "EOT"),
            *LETTERS,
            *(f"##{letter}" for letter in LETTERS),
            *"[].,!<>|_-世界漢",
            "##界",
        ]
    )
)


def added(content, options, **more):
    return {"content": content, "lstrip": False, "rstrip": False, "single_word": False} | {
        "normalized": False,
        "special": True,
        **options,
        **more,
    }


def read(files, **options):
    contents = {name: content.encode() for name, content in files.items()}
    return read_tokenizer(contents, "tok", **options)


BERT = {"tokenizer_class": "BertTokenizer", "do_lower_case": True}


def folder(config=None, tokens=TOKENS, **more):
    files = {"vocab.txt": vocab_txt(tokens).decode()} if tokens else {}
    if config is not None:
        files["tokenizer_config.json"] = json.dumps(config)
    return files | {name.replace("_json", ".json"): json.dumps(more[name]) for name in more}


def ids_of(vocabulary, sentences, **options):
    data, starts, ends = b"", [], []
    for sentence in sentences:
        starts.append(len(data))
        data += sentence.encode()
        ends.append(len(data))
    tokens = BatchTokenizer(vocabulary, **options)(data, np.array(starts), np.array(ends))
    return [part.tolist() for part in np.split(tokens.ids, tokens.sentence_offsets[1:-1])]


flags = st.fixed_dictionaries(
    {},
    optional={n: st.booleans() for n in ("lstrip", "rstrip", "single_word", "normalized")},
)


def decoder(draw, chosen):
    entries = {i: added(token, {}) for i, token in enumerate(SPECIAL_TOKENS)}
    new = len(TOKENS)
    for content in chosen:
        options = draw(flags) | {"special": draw(st.booleans())}
        if content in TOKENS:
            entries[TOKENS.index(content)] = added(content, options)
        else:
            entries[new] = added(content, options)
            new += 1
    return entries


def whole(draw, chosen):
    tokenizer = Tokenizer(models.WordPiece({t: i for i, t in enumerate(TOKENS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(
        lowercase=draw(st.booleans()),
        strip_accents=draw(st.sampled_from([None, True, False])),
        clean_text=draw(st.booleans()),
        handle_chinese_chars=draw(st.booleans()),
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    for content in chosen:
        tokenizer.add_tokens([AddedToken(content, **draw(flags), special=draw(st.booleans()))])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer.to_str()


def json_of(**parts):
    vocab = {token: i for i, token in enumerate(TOKENS)}
    model = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##"}
    model |= {"max_input_chars_per_word": 100, "vocab": vocab}
    normalizer = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True}
    normalizer |= {"strip_accents": None, "lowercase": False}
    whole = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": []}
    whole |= {"normalizer": normalizer, "pre_tokenizer": {"type": "BertPreTokenizer"}}
    whole |= {"post_processor": None, "decoder": None, "model": model}
    for name, part in parts.items():
        whole[name] = {**whole[name], **part} if isinstance(part, dict) else part
    return whole
