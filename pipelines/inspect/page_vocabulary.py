"""The page's look at the vocabulary: which tokens the text uses, and how often."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from bertprep.common.units import percent, plural
from pipelines.inspect.charts import rank_chart, share_bar
from pipelines.inspect.overview import Overview

_TOP_TOKENS = 30
_NEVER_SHOWN = 200
_POWERS = 5


def vocabulary_view(overview: Overview) -> dict[str, Any]:
    """How often tokens occur; without a chart if none does."""
    counts = overview.token_counts
    note = (
        f"Tokens in {overview.surveyed}, special ones left aside, what is to be predicted counted "
        "in its place. In natural text frequency falls in proportion to rank (Zipf's law)."
    )
    if not counts.any():
        return {"note": note, "chart": None}
    never, said = _never(overview)
    return {
        "note": note,
        "chart": rank_chart(counts, _in_words(overview)),
        "top": [(t, percent(n / counts.sum(), 2)) for t, n in overview.top_tokens(_TOP_TOKENS)],
        "classes": _classes(overview),
        "never": never,
        "never_said": said,
    }


def _in_words(overview: Overview) -> str:
    ((token, count),) = overview.top_tokens(1)
    return (
        f"Token counts by rank, both axes logarithmic: from {count:,} of {token} down to the "
        f"{overview.used_tokens:,} tokens that occur at all"
    )


def _classes(overview: Overview) -> list[tuple[object, ...]]:
    """Rows of a table: how often, how many tokens, their share as text and as a bar."""
    counts = overview.token_counts
    edges = [0, 1, *(10**power for power in range(1, _POWERS))]
    found = np.bincount(np.searchsorted(edges, counts, side="right") - 1, minlength=len(edges))
    names = ["never", *(f"{a:,} to {b - 1:,}" for a, b in pairwise(edges[1:]))]
    names.append(f"{edges[-1]:,} and more")
    return [
        (name, f"{n:,}", percent(n / len(counts)), share_bar(n / len(counts)))
        for name, n in zip(names, found.tolist(), strict=True)
    ]


def _never(overview: Overview) -> tuple[list[str], str]:
    """Some of the tokens that never occur, from all over the vocabulary; and how many there are."""
    ids = overview.ordinary_ids[overview.token_counts == 0]
    if not len(ids):
        return [], ""
    chosen = ids[np.unique(np.linspace(0, len(ids) - 1, _NEVER_SHOWN).astype(int))]
    tokens = [overview.vocabulary.shown_tokens[i] for i in chosen.tolist()]
    said = f"{plural(len(ids), 'token')} that never occur{'s' if len(ids) == 1 else ''}"
    shown = f", {len(tokens)} of them here" if len(tokens) < len(ids) else ""
    return tokens, said + shown
