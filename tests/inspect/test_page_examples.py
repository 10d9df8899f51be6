"""Examples to read."""

from __future__ import annotations

import pytest

from bertprep.report.decode import DecodedRow, Token
from pipelines.inspect.page import render_page
from tests.inspect.pages import Page, overview, shown


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("what do pandas eat ?", "what do pandas eat?"),
        ("bam ##boo , ( or so ) .", "bamboo, (or so)."),
        ("don ' t say it ' s ' so '", "don't say it's ' so '"),
        ("## boo", "## boo"),
        ("##boo is cut", "##boo is cut"),
        ("天 地 玄 黄 ， bert 宇", "天地玄黄， bert 宇"),
        ("한국 사람", "한국 사람"),
        ("すし ##や 文", "すしや文"),
    ],
)
def test_where_spaces_stand(tokens: str, text: str) -> None:
    assert shown(*tokens.split()) == text


def test_what_is_to_be_predicted_stands_above() -> None:
    hidden, kept = Token("[MASK]", "##boo"), Token("##boo", "##boo")
    assert shown("bam", hidden, "eat") == "bam[MASK](##boo) eat"
    assert shown("bam", kept, "eat") == "bamboo(##boo) eat"
    assert shown("bam", Token("table", ","), "eat") == "bam table(,) eat"
    assert shown("bam", Token("##s", "and"), ",") == "bam ##s(and),"
    assert shown(Token("[MASK]", "a" * 50)) == f"[MASK]({'a' * 19}…)"
    page = render_page(
        overview([DecodedRow([Token("a", None), Token("b", "c")], [hidden, kept], 1)])
    )
    for kind, seen, answer in (("random", "b", "c"), ("masked", "[MASK]", "##boo")):
        ruby = f"<span>{seen}</span><rp>(</rp><rt>{answer}</rt><rp>)</rp></ruby>"
        assert f'<ruby class="{kind}">{ruby}' in page
    assert 'data-kinds="B is random|with a random token"' in page
    assert "B is random · 7 tokens · 3 to predict" in Page(page).text
