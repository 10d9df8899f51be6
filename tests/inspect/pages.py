"""Overviews made up, and the tags of their pages."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import numpy as np

from bertprep.options import ShardOptions
from bertprep.report.decode import DecodedRow, Token
from bertprep.report.languages import LanguageMix
from bertprep.report.survey import Survey
from bertprep.shards.manifest_types import ShardManifest
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.inspect.markup import tag
from pipelines.inspect.overview import Overview
from pipelines.inspect.page_examples import parts
from pipelines.inspect.render import template
from tests.manifests import parsed, shards_json


def heights(chart: str) -> list[float]:
    return [
        float(h)
        for h in re.findall(r'<rect x="[^"]*" y="[^"]*" width="[^"]*" height="([\d.]+)"', chart)
    ]


VOID = {"meta", "link", "input"}


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


TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused0]", *"abcde", "i<", "##s")
VOCABULARY = Vocabulary(TOKENS, lowercase=True)


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


def shown(*tokens: Token | str) -> str:
    """The text of a segment, what is to be predicted in brackets."""
    row = [token if isinstance(token, Token) else Token(token, None) for token in tokens]
    text = template("tokens.html").module.text(parts(row))
    return "".join(Page(tag("p", text)).texts)
