"""Articles as they were before WikiExtractor escaped them."""

from __future__ import annotations

import pytest

from bertprep.corpus.formats.article_escapes import unescaped


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (b"AT&amp;T is &lt;big&gt;", "AT&T is <big>"),
        (b"five&amp;nbsp;km", "five\u00a0km"),  # an entity of the article, escaped once more
        (b"no escapes at all", "no escapes at all"),
        (b"AT&T and &amp;", "AT&T and &amp;"),  # told not to escape: one stands bare
        (b"a < b &amp; c", "a < b &amp; c"),
        ("Ü &amp; é".encode(), "Ü & é"),
    ],
)
def test_escapes_are_undone_where_all_are_escaped(written: bytes, text: str) -> None:
    assert unescaped(written) == text.encode()
