"""The page: its figures, its examples, and that nothing of the corpus gets out of its place."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from pipelines.inspect.charts import rank_chart
from pipelines.inspect.page import render_page
from tests.inspect.pages import Page, overview


def test_figures_are_those_of_manifest_and_survey() -> None:
    page = Page(render_page(overview()))
    for said in (
        "1,000 examples of up to 16 tokens for masked language modelling and next sentence "
        "prediction, from 20 documents: 1 Parquet shard in the huggingface layout, 12.3 kB.",
        "Filled 75.0% 12.0 tokens of 16 on average",
        "To predict 15.1% ✓ target 15%",
        "Random next 55.0% ✓ target 50 to 62%",
        "Vocabulary in use 71.4% 5 of 7 tokens",  # of a to e, i< and ##s
        "[UNK] 3.21% ↑ above target under 1%",
        "2,000 tokens to predict",
        "12.5% of examples have the 3 predictions allowed",
        "Tokens in all 1,000 rows",
        "JSON lines and rows without the field of the text: 7 {} a.txt, byte 4,321",
        "20 documents of 4.5 sentences, 200 tokens and 25.0 examples in each pass",
        "98.77% of the text's tokens are in some row",
        "2 tokens that never occur e ##s",
        "a 88.04% b 10.57% c 1.23% d 0.14% i< 0.02%",
    ):
        assert said in page.text
    for row in (
        ["Tokens to predict", "15.12%", "15%", "✓ on target", ""],
        ["shown as a random token", "11.00%", "10%", "✓ on target", ""],
        ["4", "300", "30.0%"],
        ["5", "0", "0.0%"],
        ["16", "700", "70.0%"],
        ["never", "2", "28.6%", ""],
        ["1 to 9", "2", "28.6%", ""],
        ["10 to 99", "1", "14.3%", ""],
        ["100 to 999", "1", "14.3%", ""],
        ["1,000 to 9,999", "1", "14.3%", ""],
        ["3 to 4", "25.0%", ""],
        ["In rows of their own document", "87.50%", ""],
        ["Truncated", "10.00%", ""],
        ["In second sentences that a random one stands for", "2.50%", ""],
        ["keep_titles", "no"],
        ["a.txt", "text", "none", "999"],
        ["shard-0.parquet", "1,000", "12,345"],
        ["numpy", "2.0"],
    ):
        assert row in page.rows


# Examples


# Safety


def test_the_same_shards_give_the_same_bytes() -> None:
    assert render_page(overview()) == render_page(overview())


def test_the_page_is_accessible() -> None:
    page = Page(render_page(overview()))
    assert page.named("html") == [{"lang": "en"}]
    names = [name for name, _ in page.tags]
    assert names.count("h1") == names.count("main") == 1
    headings = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
    assert all(b <= a + 1 for a, b in pairwise(headings))
    ids = {a["id"] for _, a in page.tags if "id" in a}
    assert {a["aria-labelledby"] for a in page.named("section")} <= ids
    assert names.count("table") == names.count("caption") > 0
    for svg in page.named("svg"):
        inner = svg.get("class") == "plot"  # a part of a chart that has a name
        assert inner or svg.get("aria-hidden") == "true" or svg.get("aria-label")
    named = [a for a in page.named("button") if a.get("aria-label")]
    assert len(named) == len(page.named("button")) == 2
    assert len(page.named("label")) == len(page.named("select")) + len(page.named("input"))


# Parts


def test_counts_of_ranks_are_named_at_one_side_in_order() -> None:
    chart = rank_chart(np.array([10**6, 40_000, 900, 3, 1]), "x")
    labels = re.findall(r'<text x="100%" y="(-?[\d.]+)" text-anchor="end">([\d,]+)</text>', chart)
    assert [text for _, text in labels] == ["10", "100", "1,000", "10,000", "100,000", "1,000,000"]
    places = [float(y) for y, _ in labels]
    assert places == sorted(places, reverse=True)
    assert len(re.findall("<text", chart)) == len(labels) + 2  # and the ranks 1 and 10 below it
