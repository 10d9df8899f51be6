"""The page's look at the vocabulary: which tokens the text uses, and how often."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from bertprep.common.units import plural
from pipelines.inspect.charts import rank_chart, share_bar
from pipelines.inspect.markup import Markup, details, section, table, tag
from pipelines.inspect.overview import Overview

_TOP_TOKENS = 30
_NEVER_SHOWN = 200
_POWERS = 5


def vocabulary_section(overview: Overview) -> Markup:
    counts = overview.token_counts
    note = (
        f"Tokens in {overview.surveyed}, special ones left aside, what is to be predicted counted "
        "in its place. In natural text frequency falls in proportion to rank (Zipf's law)."
    )
    if not counts.any():
        return section("vocabulary", "Vocabulary", note, tag("p", "No token occurs."))
    return section(
        "vocabulary",
        "Vocabulary",
        note,
        tag("figure", tag("figcaption", *_legend()), rank_chart(counts, _in_words(overview))),
        tag("h3", "The most frequent"),
        _top(overview),
        tag("h3", "How often tokens occur"),
        _classes(overview),
        *_never(overview),
    )


def _legend() -> tuple[Markup | str, ...]:
    return (
        "How often a token occurs, by its rank: ",
        tag("span", "—", class_="curve", aria_hidden="true"),
        " this text, ",
        tag("span", "- -", class_="law", aria_hidden="true"),
        " Zipf's law",
    )


def _in_words(overview: Overview) -> str:
    ((token, count),) = overview.top_tokens(1)
    return (
        f"Token counts by rank, both axes logarithmic: from {count:,} of {token} down to the "
        f"{overview.used_tokens:,} tokens that occur at all"
    )


def _top(overview: Overview) -> Markup:
    total = overview.token_counts.sum()
    items = [
        tag(
            "li",
            tag("span", token, class_="token"),
            tag("span", f"{count / total:.2%}", class_="number"),
        )
        for token, count in overview.top_tokens(_TOP_TOKENS)
    ]
    return tag("ol", *items, class_="top-tokens", lang="")


def _classes(overview: Overview) -> Markup:
    counts = overview.token_counts
    edges = [0, 1, *(10**power for power in range(1, _POWERS))]
    found = np.bincount(np.searchsorted(edges, counts, side="right") - 1, minlength=len(edges))
    names = ["never", *(f"{a:,} to {b - 1:,}" for a, b in pairwise(edges[1:]))]
    names.append(f"{edges[-1]:,} and more")
    rows = [
        (name, f"{n:,}", f"{n / len(counts):.1%}", share_bar(n / len(counts)))
        for name, n in zip(names, found.tolist(), strict=True)
    ]
    return table("Tokens by how often they occur", ("Times", "Tokens#", "Share#", ""), rows)


def _never(overview: Overview) -> list[Markup]:
    ids = overview.ordinary_ids[overview.token_counts == 0]
    if not len(ids):
        return []
    chosen = ids[np.unique(np.linspace(0, len(ids) - 1, _NEVER_SHOWN).astype(int))]
    tokens = [overview.vocabulary.tokens[i] for i in chosen.tolist()]
    listed = [tag("li", token, class_="token") for token in tokens]
    said = f"{plural(len(ids), 'token')} that never occur{'s' if len(ids) == 1 else ''}"
    shown = f", {len(tokens)} of them here" if len(tokens) < len(ids) else ""
    return [details(said + shown, tag("ul", *listed, class_="tokens", lang=""))]
