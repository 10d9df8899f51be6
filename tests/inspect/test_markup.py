"""Markup from Python: text is escaped, once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from pipelines.inspect.markup import escape, tag
from tests.inspect.pages import Page


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_escaped_text_is_read_back_as_it_was(text: str) -> None:
    page = Page(tag("p", text, title=text))
    assert "".join(page.texts) == text
    assert page.tags == [("p", {"title": text})]


def test_markup_is_escaped_once() -> None:
    assert escape("a<b") == "a&lt;b"
    assert escape(escape("a<b")) == "a&lt;b"
    assert (
        tag("p", tag("b", "&"), "<", class_="x", data_a=None) == '<p class="x"><b>&amp;</b>&lt;</p>'
    )
    assert escape("\x00\x1b\x7f\ud800\n") == "\u2400\u241b\ufffd\ufffd\n"
    assert isinstance(escape(1), Markup)
