"""Unknown words and lines that repeat."""

from __future__ import annotations

from pipelines.inspect.page import render_page
from tests.inspect.pages import overview


def test_that_no_word_is_unknown_is_said() -> None:
    page = render_page(overview(statistics={"unknown_token_share": 0.0}))
    assert "No word of the text is [UNK]" in page


def test_unknown_words_and_repeated_lines_are_listed() -> None:
    page = render_page(overview(repeated_lines={"See also": 7}))
    assert "GREEK SMALL LETTER XI" in page and "ξένος" in page
    assert "See also" in page
