"""The page: its figures, its examples, and that nothing of the corpus gets out of its place."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bertprep.common.drops import DropSample
from bertprep.corpus.files import InputFile
from bertprep.options import ReadOptions, ShardOptions
from bertprep.report.decode import DecodedRow, Token
from bertprep.report.languages import LanguageMix
from bertprep.report.survey import Survey
from bertprep.shards.manifest_types import ShardManifest
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.inspect.charts import column_chart, rank_chart, split_bar
from pipelines.inspect.console import describe_overview
from pipelines.inspect.markup import escape, tag
from pipelines.inspect.overview import Bin, Overview, length_bins
from pipelines.inspect.page import render_page
from pipelines.inspect.page_examples import example_text
from tests.manifests import parsed, shards_json

TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused0]", *"abcde", "i<", "##s")
VOCABULARY = Vocabulary(TOKENS, lowercase=True)
VOID = {"meta", "link", "input"}


def manifest(options: Any = (), **changes: Any) -> ShardManifest:
    """Of 1,000 rows of up to 16 tokens, from 20 documents in two passes."""
    usual = {"max_seq_length": 16, "max_predictions_per_seq": 3, "dupe_factor": 2}
    found = {
        "unknown_token_share": 0.0321,
        "masked_share": 0.1512,
        "random_token_share": 0.11,
        "kept_token_share": 0.09,
        "capped_row_share": 0.125,
        "used_share": 0.875,
        "truncated_own_share": 0.1,
        "unpaired_share": 0.025,
        "unseen_share": 0.0123,
    }
    content = {
        "versions": {"bertprep": "1.2.3", "numpy": "2.0"},
        "vocabulary": {"size": len(TOKENS), "lowercase": True},
        "drops": {"no_text": 7},
        "drop_samples": {"no_text": [{"file": "a.txt", "offset": 4321, "text": "{}"}]},
        **changes,
        "statistics": found | changes.get("statistics", {}),
    }
    return parsed(shards_json(ShardOptions(**{**usual, **dict(options)}), **content))


def overview(examples: list[DecodedRow] | None = None, **changes: Any) -> Overview:
    lengths, counts = np.zeros(17, np.int64), np.zeros(len(TOKENS), np.int64)
    lengths[[4, 16]] = 300, 700
    counts[[2, 3, 1]] = 1000, 2000, 150
    counts[6:] = 5000, 600, 70, 8, 0, 1, 0  # a, b, c, d, e, i<, ##s
    mix = LanguageMix(VOCABULARY)
    mix.tokens.update({"en": 900, "de": 90, "": 10})
    mix.segments = 20
    shown = (
        [DecodedRow([Token("a", None)], [Token("b", None)], 0)] if examples is None else examples
    )
    return Overview(
        "corpus", manifest(**changes), VOCABULARY, Survey(1000, lengths, counts, mix), shown
    )


class Page(HTMLParser):
    """The tags of a page as (name, attributes), its text, and the text of each table row."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        assert len(dict(attributes)) == len(attributes)
        self.tags.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)
        if name == "tr":
            self.rows.append([])
        if name in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.texts.append(data)
            if "tr" in self.open:
                self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.tags if found == name]


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
        "JSON lines and rows without a text: 7 {} a.txt, byte 4,321",
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


def test_nothing_left_out_and_nothing_to_show() -> None:
    page = Page(render_page(overview([], drops={}, drop_samples={}, examples_per_document={})))
    assert "Nothing was left out of the input." in page.text
    assert "None were asked for." in page.text
    assert not [a for a in page.named("ol") if a.get("class") == "examples"]


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


# Examples


def shown(*tokens: Token | str) -> str:
    """The text of a segment, what is to be predicted in brackets."""
    row = [token if isinstance(token, Token) else Token(token, None) for token in tokens]
    return "".join(Page(tag("p", example_text(row))).texts)


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


# Safety


HOSTILE = "</p></script></style><script>alert(1)</script><img src=x onerror=alert(2)>\"'`&amp;\x00"


def test_nothing_of_the_corpus_is_markup() -> None:
    tokens = (*TOKENS[:10], HOSTILE, "'><b>", TOKENS[-1])
    counts = np.arange(len(tokens)) + 5
    made = replace(
        manifest(),
        read=ReadOptions(text_field=HOSTILE),
        drop_samples={"no_text": [DropSample(HOSTILE, 1, HOSTILE)]},
        inputs=(InputFile(HOSTILE, HOSTILE, 1, HOSTILE, HOSTILE),),
        versions={"bertprep": HOSTILE, HOSTILE: HOSTILE},
        drops={"no_text": 1, HOSTILE: 2},
    )
    row = DecodedRow([Token(HOSTILE, None), Token("[MASK]", HOSTILE)], [Token(HOSTILE, "a")], 1)
    hostile = Overview(
        HOSTILE,
        made,
        Vocabulary(tokens, True),
        Survey(1000, overview().survey.lengths, counts, LanguageMix(VOCABULARY)),
        [row],
    )
    page, plain = (
        Page(render_page(hostile)),
        Page(
            render_page(
                overview(
                    [row._replace(a=[Token("a", None), Token("[MASK]", "b")], b=[Token("c", "a")])]
                )
            )
        ),
    )
    assert len(page.named("script")) == len(page.named("style")) == 1
    assert not page.named("img") and not page.named("b")
    assert {name for name, _ in page.tags} == {name for name, _ in plain.tags}
    handlers = [key for _, attributes in page.tags for key in attributes if key.startswith("on")]
    assert not handlers
    assert page.text.count("alert(1)") >= 9
    assert "\x00" not in render_page(hostile)


def test_the_page_refers_to_nothing_outside() -> None:
    page = render_page(overview())
    assert not re.findall(r"https?:|//[a-z]|@import|srcset", page.replace("// Leafs", ""))
    assert set(re.findall(r"url\(([^)]*)\)", page)) <= {"#masked", "#random", "#kept"}
    linked = [a.get(k) for _, a in Page(page).tags for k in ("src", "href") if k in a]
    own = {f"#{a['id']}" for _, a in Page(page).tags if "id" in a}
    assert linked[0] == "data:,"
    assert len(linked) > 10 and set(linked[1:]) <= own  # what the navigation leads to is there
    (policy,) = (a["content"] for a in Page(page).named("meta") if "http-equiv" in a)
    assert policy is not None
    assert "default-src 'none'; style-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert not [a for _, a in Page(page).tags if "style" in a]


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


@pytest.mark.parametrize(
    ("longest", "most", "width", "bins"),
    [(128, 16, 8, 16), (512, 8, 64, 8), (16, 16, 1, 16), (100, 16, 10, 10), (101, 16, 7, 15)],
)
def test_bins_of_lengths(longest: int, most: int, width: int, bins: int) -> None:
    lengths = np.arange(longest + 1)
    found = length_bins(lengths, most)
    assert (found[0].first, found[0].last, len(found)) == (1, width, bins)
    assert found[-1].last == longest
    assert all(b.examples == sum(range(b.first, b.last + 1)) for b in found)
    assert isinstance(found[0], Bin)


def heights(chart: str) -> list[float]:
    return [
        float(h)
        for h in re.findall(r'<rect x="[^"]*" y="[^"]*" width="[^"]*" height="([\d.]+)"', chart)
    ]


def test_columns_are_in_proportion() -> None:
    found = heights(column_chart([0.1, 0.3, 0.0, 0.6], [(0.5, "2")], "x"))
    assert found == pytest.approx([found[0], 3 * found[0], 0, 6 * found[0]], abs=0.2)
    assert "80%" in column_chart([0.79, 0.21], [], "x")
    assert heights(column_chart([0.0, 0.0], [], "x")) == [0, 0]


def test_stretches_add_up() -> None:
    bar = split_bar([("masked", 0.8), ("random", 0.15), ("kept", 0.05)], "x")
    places = re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', bar)
    assert places == [("0.00", "80.00"), ("80.00", "15.00"), ("95.00", "5.00")]


@pytest.mark.parametrize("counts", [[1], [7, 7], [10**6, 1, 0], list(range(1, 500))])
def test_ranks_go_from_the_first_to_the_last(counts: list[int]) -> None:
    chart = rank_chart(np.array(counts), "x")
    points = re.findall(
        r"([\d.]+),([\d.]+)", re.findall(r'points="([^"]+)" class="curve"', chart)[0]
    )
    x, y = ([float(p) for p in axis] for axis in zip(*points, strict=True))
    assert x[0] == 0 and x == sorted(x) and y == sorted(y)
    used = sum(count > 0 for count in counts)
    assert x[-1] == pytest.approx(100 * np.log10(used) / max(1, np.log10(used)), abs=0.01)
    assert y[0] >= 0 and y[-1] <= 100


def test_counts_of_ranks_are_named_at_one_side_in_order() -> None:
    chart = rank_chart(np.array([10**6, 40_000, 900, 3, 1]), "x")
    labels = re.findall(r'<text x="100%" y="(-?[\d.]+)" text-anchor="end">([\d,]+)</text>', chart)
    assert [text for _, text in labels] == ["10", "100", "1,000", "10,000", "100,000", "1,000,000"]
    places = [float(y) for y, _ in labels]
    assert places == sorted(places, reverse=True)
    assert len(re.findall("<text", chart)) == len(labels) + 2  # and the ranks 1 and 10 below it


def test_that_no_word_is_unknown_is_said() -> None:
    page = render_page(overview(statistics={"unknown_token_share": 0.0}))
    assert "No word of the text is [UNK]" in page


def test_full_examples_have_a_bar_of_their_own() -> None:
    shown = overview()
    shown.survey.lengths[[5, 6, 16]] = 3, 1, 996
    page = render_page(shown)
    assert "16, which is full" in page
    chart = page[page.index('class="columns"') :].partition("</g>")[0]
    heights = [float(height) for height in re.findall(r'height="([^"]*)"', chart)]
    assert max(heights) > 100  # of 190: the others fill their chart


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


def test_unknown_words_and_repeated_lines_are_listed() -> None:
    page = render_page(overview(repeated_lines={"See also": 7}))
    assert "GREEK SMALL LETTER XI" in page and "ξένος" in page
    assert "See also" in page
