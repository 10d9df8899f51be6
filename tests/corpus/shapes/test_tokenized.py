"""Marks of tokenizers, taggers and parsers."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.corpus.shapes.tokenized import pieces, tagged_words, trees
from tests.corpus.shapes.parts import kind_of


@pytest.mark.parametrize(
    ("shape", "line", "is_found"),
    [
        (tagged_words, "The_DT panda_NN eats_VBZ bamboo_NN {}_CD ._.", True),
        (tagged_words, "<>.", False),
        (trees, "(S (NP (DT The) (NN panda)) (VP (VBZ eats) (CD {})))", True),
        (trees, "(The panda eats {} of them.)", False),
        (pieces, "The pan@@ da eats bam@@ boo num@@ ber {} .", True),
        (pieces, "<>.", False),
    ],
)
def test_lines(shape: Any, line: str, is_found: bool) -> None:
    assert (kind_of(shape, line) is not None) is is_found
