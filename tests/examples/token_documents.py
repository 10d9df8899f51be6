"""Documents made of a few tokens."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from bertprep.examples.documents import Documents
from bertprep.vocabulary.vocabulary import Vocabulary

TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##b", ",", ".", "7")
VOCABULARY = Vocabulary(TOKENS, lowercase=True)
UNK, A, B, BB, COMMA, SEVEN = 1, 5, 6, 7, 8, 10
sentences = st.lists(st.sampled_from([UNK, A, B, BB, COMMA, 9, SEVEN]), min_size=1, max_size=60)
corpora = st.lists(st.lists(sentences, min_size=1, max_size=5), min_size=2, max_size=5)


def documents_of(corpus: list[list[list[int]]], *, pairs: bool = False) -> Documents:
    flat = [sentence for document in corpus for sentence in document]
    return Documents(
        np.arange(len(corpus), dtype=np.uint64) << np.uint64(40),
        np.cumsum([0, *map(len, corpus)]),
        np.cumsum([0, *map(len, flat)]),
        np.array([token for sentence in flat for token in sentence], np.uint16),
        np.array([pairs and len(document) == 2 for document in corpus]),
    )
