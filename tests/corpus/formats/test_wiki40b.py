"""The marks of wiki40b's articles are undone."""

from __future__ import annotations

import pytest

from bertprep.corpus.formats.wiki40b import is_marked, plain

ARTICLE = (
    "\n_START_ARTICLE_\nPanda\n_START_PARAGRAPH_\nIt eats._NEWLINE_It sleeps."
    "\n_START_SECTION_\nLife\n_START_PARAGRAPH_\nIt lives."
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ARTICLE, True),
        (ARTICLE[1:], True),
        ("A mark _START_ARTICLE_.", False),
        ("", False),
    ],
)
def test_an_article_is_told_by_its_beginning(text: str, found: bool) -> None:
    assert is_marked(text) is found


def test_paragraphs_are_lines_and_headings_go() -> None:
    assert plain(ARTICLE, keep_title=False) == "It eats.\nIt sleeps.\nIt lives."
    assert plain(ARTICLE, keep_title=True) == "Panda\nIt eats.\nIt sleeps.\nIt lives."
