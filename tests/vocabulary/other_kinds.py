"""Tokenizers of other kinds than BERT."""

import json

import numpy as np
from hypothesis import strategies as st

from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.configuration import read_tokenizer
from tests.made_tokenizers import byte_level

WORDS = ["the", "cat", "The", " ", "  ", "\t", "\n", "don't", "'s", "café", "cafe\u0301", "été"]
sentence = st.lists(
    st.sampled_from(WORDS) | st.just(" ") | st.text("ab 'T1.,é\u0301世[<|", max_size=4), max_size=9
).map("".join)
sentences = st.lists(sentence, min_size=1, max_size=5)


def files_of(whole, config=None, **more):
    files = {"tokenizer.json": json.dumps(whole), **more}
    if config is not None:
        files["tokenizer_config.json"] = json.dumps(config)
    return files


def read(files, **options):
    contents = {name: content.encode() for name, content in files.items()}
    return read_tokenizer(contents, "tok", **options)


def tokens_of(vocabulary, texts, **options):
    data, starts, ends = b"", [], []
    for text in texts:
        data += b"\n"
        starts.append(len(data))
        data += text.encode()
        ends.append(len(data))
    return BatchTokenizer(vocabulary)(data, np.array(starts), np.array(ends), **options)


def ids_of(vocabulary, texts, **options):
    tokens = tokens_of(vocabulary, texts, **options)
    return [part.tolist() for part in np.split(tokens.ids, tokens.sentence_offsets[1:-1])]


ROBERTA = files_of(byte_level(), {"tokenizer_class": "RobertaTokenizer"})
