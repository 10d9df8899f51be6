"""Prepared documents."""

from __future__ import annotations

from bertprep.text.prepared_columns import (
    prepared_schema,
)
from bertprep.vocabulary.vocabulary import Vocabulary

TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##b", "c", ".", "文", "字")
VOCABULARY = Vocabulary(TOKENS, lowercase=True)
SCHEMA = prepared_schema(len(VOCABULARY))
