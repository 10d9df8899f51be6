"""The head of a new vocabulary."""

from __future__ import annotations

import pytest

from bertprep.vocabulary.reserved_tokens import special_and_unused
from bertprep.vocabulary.vocabulary import Vocabulary


def test_special_tokens_lead_in_googles_order() -> None:
    assert special_and_unused(0) == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    few = ["[PAD]", "[unused0]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert special_and_unused(2) == few


@pytest.mark.parametrize("unused", [99, 100, 994])
def test_with_99_unused_tokens_the_official_ids_line_up(unused: int) -> None:
    head = special_and_unused(unused)
    assert len(head) == len(set(head)) == 5 + unused
    assert head[0] == "[PAD]"
    assert head[1:100] == [f"[unused{i}]" for i in range(99)]
    assert head[100:104] == ["[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert head[104:] == [f"[unused{i}]" for i in range(99, unused)]
    Vocabulary(tuple(head), True)
