"""The page's templates: nothing of a corpus is markup, and nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from bertprep.common.drops import DropSample
from bertprep.corpus.files import InputFile
from bertprep.options import ReadOptions
from bertprep.report.decode import DecodedRow, Token
from bertprep.report.languages import LanguageMix
from bertprep.report.survey import Survey
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.inspect.overview import Overview
from pipelines.inspect.page import render_page
from tests.inspect.pages import TOKENS, VOCABULARY, Page, manifest, overview

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
