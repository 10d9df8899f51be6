"""Which tokens get into rows: every one is accounted for, and long sentences are cut to fit."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bertprep.examples.assemble import assemble, example_schema
from bertprep.examples.coverage import LOSSES, count_usage, predictable, use_shares
from bertprep.examples.gather import gathered
from bertprep.examples.mask import Masker
from bertprep.examples.pair import make_pairs
from bertprep.options import ShardOptions
from tests.examples.token_documents import (
    VOCABULARY,
    corpora,
    documents_of,
)


def options(**given: Any) -> ShardOptions:
    return ShardOptions(**{"max_predictions_per_seq": 2, "max_seq_length": 16, **given})


@given(corpora, st.sampled_from(["nsp", "sop", "none"]), st.booleans(), st.integers(1, 3))
def test_every_token_of_every_pass_is_used_or_lost_for_a_reason(
    corpus: list[list[list[int]]], task: Any, pairs: bool, passes: int
) -> None:
    documents, chosen = documents_of(corpus, pairs=pairs), options(task=task)
    made = make_pairs(documents, chosen, range(passes), VOCABULARY.continuing)
    good = predictable(documents, made, VOCABULARY, chosen)
    kept, others = made.take(np.flatnonzero(good)), made.take(np.flatnonzero(~good))
    sums = count_usage(documents, passes, kept, others)
    assert sums["offered_tokens"] == passes * len(documents.ids)
    lost = sum(sums[name] for name in LOSSES)
    assert sums["used_tokens"] + lost == sums["offered_tokens"]
    seen: set[int] = set()
    for start, length in ((kept.a_start, kept.a_length), (kept.b_start, kept.b_length)):
        for first, count in zip(start.tolist(), length.tolist(), strict=True):
            seen.update(range(first, first + count))
    assert sums["unseen_tokens"] == len(documents.ids) - len(seen)


@given(corpora, st.sampled_from(["token", "whole-word"]))
def test_rows_are_left_out_where_the_masker_predicts_nothing(
    corpus: list[list[list[int]]], masking: Any
) -> None:
    documents, chosen = documents_of(corpus), options(masking=masking, max_predictions_per_seq=1)
    made = make_pairs(documents, chosen, range(2), VOCABULARY.continuing)
    good = predictable(documents, made, VOCABULARY, chosen)
    rows = gathered(documents, made, example_schema(len(VOCABULARY)))
    assert chosen.masking_options
    masks = Masker(VOCABULARY, chosen.masking_options)(assemble(rows, VOCABULARY, 16))
    assert good.tolist() == (masks.counts > 0).tolist()


def test_shares_of_a_hand_worked_count() -> None:
    sums = Counter(
        offered_tokens=200, used_tokens=150, truncated_own_tokens=50, tokens=100, unseen_tokens=1
    )
    assert use_shares(sums) == {
        "used_share": 0.75,
        "truncated_own_share": 0.25,
        "unsplittable_share": 0.0,
        "unpaired_share": 0.0,
        "unpredictable_share": 0.0,
        "unseen_share": 0.01,
    }
    assert use_shares(Counter(tokens=100)) == {}
