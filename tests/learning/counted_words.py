"""Counted words, and what is learned of them."""

from collections import Counter

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from bertprep.learning.learn import learn_vocabulary

word_counts = st.dictionaries(
    st.text("abcéｱ가中𠀀😀́", min_size=1, max_size=9), st.integers(1, 20), max_size=30
)


UNK = "[UNK]"


def learn(counted, **options):
    words = pa.array(list(counted), pa.string())
    return learn_vocabulary(words, np.array(list(counted.values()), np.int64), **options).pieces


def word_tokenizer(pieces):
    ids = {piece: index for index, piece in enumerate([UNK, *pieces])}
    return Tokenizer(models.WordPiece(ids, unk_token=UNK))


NORMALIZER = normalizers.BertNormalizer(lowercase=True)
PRE_TOKENIZER = pre_tokenizers.BertPreTokenizer()


def count_words(text):
    counted = Counter()
    for word, count in Counter(text.split()).items():
        for piece, _ in PRE_TOKENIZER.pre_tokenize_str(NORMALIZER.normalize_str(word)):
            counted[piece] += count
    return counted
