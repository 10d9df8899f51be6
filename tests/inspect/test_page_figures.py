"""Figures of rows with and without masks, packed, sampled."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.inspect.console import describe_overview
from pipelines.inspect.page import render_page
from tests.inspect.pages import Page, overview


def test_shards_without_masks() -> None:
    kinds = ("masked", "mask_token", "random_token", "kept_token", "capped_row")
    without = {
        "statistics": dict.fromkeys(f"{kind}_share" for kind in kinds),
        "sums": {"predictions": None},
    }
    page = Page(render_page(overview(options={"masking": "none"}, **without)))
    assert "Masked when read no masks are stored" in page.text
    assert "a loader draws new masks each time" in page.text
    assert "[MASK]" not in page.text
    ptb = {"name": "a", "bytes": 1, "format": "ptb", "compression": "none"}
    plain = overview(options={"masking": "none", "task": "none"}, inputs=[ptb], **without)
    assert "Shares and their targets" not in render_page(plain)
    assert "target" not in describe_overview(plain, "out", True)


def test_rows_that_several_examples_are_packed_in() -> None:
    pack = {"rows": 250, "examples": 1000, "fill_share": 0.75}
    found = {"padding_share_in_bins": 0.125}
    packed = overview(options={"pack": True}, pack=pack, rows=250, statistics=found)
    page = Page(render_page(packed))
    assert "1,000 examples of up to 16 tokens" in page.text
    assert "Filled 75.0% 4.0 examples in a row of 16 tokens" in page.text
    assert "places are padding. Within its length bin it is 12.5%." in page.text


def test_a_sample_says_so() -> None:
    sampled = replace(overview(), survey=replace(overview().survey, rows=400))
    assert (
        "Tokens in a sample of 400 of the 1,000 rows, spread over"
        in Page(render_page(sampled)).text
    )


def test_full_examples_have_a_bar_of_their_own() -> None:
    shown = overview()
    shown.survey.lengths[[5, 6, 16]] = 3, 1, 996
    page = render_page(shown)
    assert "16, which is full" in page
    chart = page[page.index('class="columns"') :].partition("</g>")[0]
    heights = [float(height) for height in re.findall(r'height="([^"]*)"', chart)]
    assert max(heights) > 100  # of 190: the others fill their chart
