"""A page is a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.web.archives import PAGE, TEXT, page, read, written


@pytest.mark.parametrize(
    "content",
    [
        page("Zoë"),
        PAGE.format(name="Zoë").replace("<head>", '<head><meta charset="latin1">').encode("cp1252"),
        PAGE.format(name="Zoë").encode("utf-16"),
    ],
    ids=["UTF-8", "a charset of its own", "UTF-16"],
)  # fmt: skip
def test_a_page_alone(tmp_path: Path, content: bytes) -> None:
    texts, drops = read(written(tmp_path, content))
    assert [TEXT in text and text.endswith("Its name is Zoë.") for text in texts] == [True]
    assert not drops.counts
