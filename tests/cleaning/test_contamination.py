"""Texts that hold an n-gram of others."""

from __future__ import annotations

import pytest

from bertprep.cleaning.contamination import Contamination


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("It says: a b c D e, f g. So.", True),
        ("a b c d e f", False),
        ("a b c d x f g", False),
        ("", False),
    ],
)
def test_contamination(text: str, holds: bool) -> None:
    found = Contamination(["A b c d e f g.", "x y"], 7).holds([b"x y", text.encode(), b"b c d"])
    assert found.tolist() == [False, holds, False]
    assert not Contamination([], 7).holds([text.encode()]).any()
