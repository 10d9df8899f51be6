from __future__ import annotations

import numpy as np
import pytest

from bertprep.text.language import DocumentLanguages
from bertprep.text.punctuation import Kind, kinds_of
from bertprep.text.sentence_ends import sentence_ends
from bertprep.text.stretches import Stretches


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("He left. She stayed. ", [8]),  # what a line break ends is left out
        ("Is it so (?) The book", []),
        ("See N\u00b0. 7", []),
        ("So! \u2022 \u2022", []),
        ("It is so [...]. Then", [15]),
        ("走了。他", [3]),
    ],
)
def test_ends_are_just_behind_the_last_character(text: str, ends: list[int]) -> None:
    kinds = kinds_of(text.rstrip())
    white = Stretches(kinds <= Kind.BREAK)
    languages = DocumentLanguages(text, np.zeros(1, np.int64), "en")
    found = sentence_ends(text.rstrip(), kinds, white, np.array([len(text.rstrip())]), languages)
    assert [at for at in sorted(found.tolist()) if at < len(text.rstrip())] == ends
