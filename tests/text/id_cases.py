"""Texts and the ids of tokenizers for them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.vocabulary import SPECIAL_TOKENS, parse_vocab_txt, vocab_txt

LETTERS = "abcdefghijklmnopqrstuvwxyzABMSK0123456789éßσςİıñ"
PIECES = [
    *SPECIAL_TOKENS,
    *LETTERS,
    *(f"##{letter}" for letter in LETTERS),
    *"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~。，「」…—¿",
    *"世界漢字㐀豈𠀀",  # of several of the ranges that stand alone
    *("😀", "##😀", "👍", "##🏽", "\u0301", "##\u0301", "か", "##な", "가", "##나", "ก", "##า"),
    *("hello", "wor", "##ld", "##llo", "mask", "##king", "sep", "MASK", "##ASK", "un", "##affable"),
]
SMALL = vocab_txt(dict.fromkeys(PIECES))
CASINGS = pytest.mark.parametrize("lowercase", [True, False], ids=["uncased", "cased"])


def batch_tokenizer(lowercase, tokens=None, **options):
    data = SMALL if tokens is None else vocab_txt(tokens)
    return BatchTokenizer(parse_vocab_txt(data, lowercase=lowercase), **options)


def ids_between(tokenizer, text, bounds, **options):
    """The ids of text[start:end] for each pair of character offsets."""
    byte_of = [0, *np.cumsum([len(character.encode()) for character in text]).tolist()]
    starts = np.array([byte_of[start] for start, _ in bounds], np.int64)
    ends = np.array([byte_of[end] for _, end in bounds], np.int64)
    ids, offsets = tokenizer(text.encode(), starts, ends, **options)[:2]
    assert ids.dtype == np.int32
    assert (offsets[0], offsets[-1], len(offsets)) == (0, len(ids), len(bounds) + 1)
    return [ids[start:end].tolist() for start, end in pairwise(offsets.tolist())]


any_text = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.text(
            "aAbé e\u0301\u0327 ,.世界か가😀🏽\u200d\u00ad\0\t\n\u3000\ufeff#[]İς", max_size=12
        ),
        st.sampled_from([*PIECES, "Hello", "masking", "\r\n", "##"]),
        st.integers(98, 102).map(lambda length: "ab" * (length // 2) + "c" * (length % 2)),
    ),
    max_size=12,
).map("".join)


@st.composite
def bounded_text(draw):
    text = draw(any_text)
    edges = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    return text, list(zip(edges[::2], edges[1::2], strict=False))
