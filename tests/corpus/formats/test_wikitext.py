"""WikiText: articles begin at headings."""

from __future__ import annotations

from typing import Any

from bertprep.options import ReadOptions
from tests.corpus.reading import (
    look_at,
    read,
)

WIKITEXT = (
    " \n = Robert Smith = \n \n Robert is an <unk> actor , of 1 @,@ 000 @-@ odd plays . \n"
    " = = Career = = \n He played . \n = = = Early = = = \n So it was . \n"
    " = Du Fu = \n \n A poet . \n"
)


def test_wikitext(write: Any) -> None:
    path = write(WIKITEXT)
    assert look_at(path, ReadOptions()).format == "wikitext"
    first, second = read(path).texts
    assert first.split("\n") == [
        "Robert is an <unk> actor , of 1,000-odd plays . ",
        "Career",
        " He played . ",
        "Early",
        " So it was .",
    ]
    assert second == "A poet ."
    assert read(path).counts == {"title_line": 2}
    kept = read(path, keep_titles=True)
    assert [text.split("\n")[0] for text in kept.texts] == ["Robert Smith", "Du Fu"]
    assert kept.counts == {}
