"""What was left out, and the command that wrote it."""

from __future__ import annotations

from dataclasses import replace

from pipelines.inspect.page import render_page
from tests.inspect.pages import Page, overview


def test_nothing_left_out_and_nothing_to_show() -> None:
    page = Page(render_page(overview([], drops={}, drop_samples={}, examples_per_document={})))
    assert "Nothing was left out of the input." in page.text
    assert "None were asked for." in page.text
    assert not [a for a in page.named("ol") if a.get("class") == "examples"]


def test_the_command_the_date_and_a_title_are_on_the_page() -> None:
    shown = replace(
        overview(),
        command="bertprep shard <a> -o b",
        started="2026-01-02T03:04:05+00:00",
        title="T",
    )
    page = render_page(shown)
    assert "<code>bertprep shard &lt;a&gt; -o b</code>" in page
    assert "Started on 2026-01-02 at 03:04:05 UTC" in page
    assert "<title>T: bertprep report</title>" in page and "<h1>T</h1>" in page
