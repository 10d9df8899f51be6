"""Batches to be flat."""

from __future__ import annotations

from typing import Any

import pytest

from tests.made_folders import VOCABULARY

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")


ROWS = [30, 21]


def tokenizer() -> Any:
    numbers = {token: number for number, token in enumerate(VOCABULARY.tokens)}
    return transformers.BertTokenizerFast(vocab=numbers)
