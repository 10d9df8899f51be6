"""The tokens that a new vocabulary begins with: special ones and [unusedN], in Google's order."""

from __future__ import annotations

from bertprep.vocabulary.reading_settings import CLS, MASK, PAD, SEP, UNK

# In the official uncased vocabulary [unused0] to [unused98] stand before [UNK], the others behind
# [MASK]; that is what puts [UNK], [CLS], [SEP], [MASK] at 100 to 103.
_UNUSED_BEFORE_UNK = 99


def special_and_unused(unused: int) -> list[str]:
    """The head of a vocabulary in Google's order, with ``unused`` ``[unusedN]`` tokens."""
    names = [f"[unused{i}]" for i in range(unused)]
    before, after = names[:_UNUSED_BEFORE_UNK], names[_UNUSED_BEFORE_UNK:]
    return [PAD, *before, UNK, CLS, SEP, MASK, *after]
