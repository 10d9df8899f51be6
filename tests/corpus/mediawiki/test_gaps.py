"""Text around what was left out."""

from __future__ import annotations

import pytest

from bertprep.corpus.mediawiki.gaps import GAP, mended


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a _ b", "a b"),
        ("a (_) b", "a b"),
        ("a (_, x) b", "a (x) b"),
        ("a (x; _) b", "a (x) b"),
        ("a (_; _, _) b", "a b"),
        ("a _, b", "a, b"),
        ("a _.", "a."),
        ("_ a", "a"),
        ("a\n_\nb", "a\n\nb"),
        ("大熊猫（_）吃竹子_。", "大熊猫吃竹子。"),
        ("a () b", "a () b"),
        ("no gap,  here .", "no gap,  here ."),
    ],
)
def test_mended(text: str, expected: str) -> None:
    assert mended(text.replace("_", GAP)) == expected
