"""What is on target, worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bertprep.options import ShardOptions
from bertprep.report.targets import Target, expected_masked_share, is_masked, targets
from bertprep.shards.manifest_types import ShardManifest
from tests.manifests import parsed, shards_json

LENGTHS = np.bincount([128] * 9 + [40])


def manifest(
    task: str = "nsp",
    masking: str = "token",
    sums: dict[str, int] | None = None,
    inputs: Sequence[str] = ("text",),
    options: Any = (),
    **statistics: float | None,
) -> ShardManifest:
    chosen = ShardOptions(**{"task": task, "masking": masking, **dict(options)})
    named = [
        {"name": f"{i}", "bytes": 1, "compression": "none", "format": kind}
        for i, kind in enumerate(inputs)
    ]
    counted = sums or {"examples": 1_000_000, "predictions": 10_000_000}
    return parsed(shards_json(chosen, sums=counted, statistics=statistics, inputs=named))


def verdicts(made: ShardManifest) -> dict[str, str]:
    return {target.name: target.verdict for target in targets(made, LENGTHS)}


def test_a_run_as_it_should_be() -> None:
    kinds = ("masked", "mask_token", "random_token", "kept_token")
    assert verdicts(manifest()) == dict.fromkeys((*kinds, "random_next", "unknown"), "on target")
    assert [target.aim for target in targets(manifest(), LENGTHS)] == [
        *("15%", "80%", "10%", "10%", "50 to 62%", "under 1%")
    ]
    swapped = manifest("sop", positive_label_share=0.502)
    assert verdicts(swapped) == dict.fromkeys((*kinds, "swapped", "unknown"), "on target")
    assert verdicts(manifest("none")) == dict.fromkeys((*kinds, "unknown"), "on target")


@pytest.mark.parametrize(
    ("name", "statistic", "value", "verdict"),
    [
        ("masked", "masked_share", 0.12, "below target"),
        ("masked", "masked_share", 0.17, "above target"),
        ("mask_token", "mask_token_share", 0.78, "below target"),
        ("random_token", "random_token_share", 0.12, "above target"),
        ("random_next", "positive_label_share", 0.48, "below target"),
        ("random_next", "positive_label_share", 0.621, "near target"),
        ("random_next", "positive_label_share", 0.9, "above target"),
        ("unknown", "unknown_token_share", 0.02, "above target"),
    ],
)
def test_a_figure_that_is_off(name: str, statistic: str, value: float, verdict: str) -> None:
    assert verdicts(manifest(**{statistic: value}))[name] == verdict


def test_few_draws_may_lie_further_off_by_chance() -> None:
    made = manifest("sop", mask_token_share=0.75, positive_label_share=0.4)
    assert verdicts(made)["mask_token"] == verdicts(made)["swapped"] == "below target"
    few = {"examples": 200, "predictions": 200}
    made = manifest("sop", sums=few, mask_token_share=0.75, positive_label_share=0.4)
    assert verdicts(made)["mask_token"] == verdicts(made)["swapped"] == "near target"


def test_a_span_is_one_draw_for_all_its_tokens() -> None:
    sums = {"examples": 1_000_000, "predictions": 10_000}
    of_tokens = manifest(sums=sums, mask_token_share=0.77)
    assert verdicts(of_tokens)["mask_token"] == "below target"
    of_spans = manifest(masking="span", sums=sums, mask_token_share=0.77)
    assert verdicts(of_spans)["mask_token"] == "near target"


def test_shares_that_were_asked_for() -> None:
    asked = {"mask_replace_prob": 1.0, "random_replace_prob": 0.0}
    found = {"mask_token_share": 1.0, "random_token_share": 0.0, "kept_token_share": 0.0}
    made = manifest(options=asked, **found)
    assert set(verdicts(made).values()) == {"on target"}


def test_shards_without_masks_have_no_targets_for_them() -> None:
    kinds = ("masked", "mask_token", "random_token", "kept_token")
    made = manifest(masking="none", **dict.fromkeys(f"{kind}_share" for kind in kinds))
    assert not is_masked(made)
    assert set(verdicts(made)) == {"random_next", "unknown"}


def test_text_that_marks_its_unknown_words_has_no_target_for_them() -> None:
    assert "unknown" not in verdicts(manifest(inputs=("text", "ptb")))


@pytest.mark.parametrize(
    ("lengths", "prob", "limit", "expected"),
    [
        ([128], 0.15, 20, 19 / 128),
        ([128], 0.15, 10, 10 / 128),
        ([5, 5, 128], 0.15, 20, 21 / 138),  # round(0.75) = 1
        ([3], 0.1, 20, 1 / 3),  # at least one
        ([], 0.15, 20, 0.0),
    ],
)
def test_expected_share_worked_by_hand(
    lengths: list[int], prob: float, limit: int, expected: float
) -> None:
    counts = np.bincount(lengths, minlength=129)
    assert expected_masked_share(counts, prob, limit) == pytest.approx(expected)


def test_a_limit_on_predictions_is_no_excuse_and_short_rows_are() -> None:
    few = {"max_predictions_per_seq": 10}
    assert verdicts(manifest(options=few, masked_share=0.08))["masked"] == "below target"
    made = manifest(options=few, masked_share=1 / 3)
    (masked, *_) = targets(made, np.bincount([3] * 5))
    assert masked.verdict == "on target"
    assert isinstance(masked, Target)


def test_many_random_pairs_are_explained_by_the_documents() -> None:
    sums = {"examples": 9_000, "predictions": 9, "single_sentence_documents": 250}
    made = replace(
        manifest(sums=sums, positive_label_share=0.7), documents=1000, sentences=3000, tokens=90_000
    )
    (why,) = [target.why for target in targets(made, LENGTHS) if target.why]
    assert "3.0 sentences of 30 tokens on average, 25% of them one alone" in why
    assert "a row has room for 125" in why and "--documents file" in why
    long = replace(made, tokens=9_000_000)
    (why,) = [target.why for target in targets(long, LENGTHS) if target.why]
    assert why.endswith("use a larger --max-seq-length, or see that sentences end where they do")
    assert all(not target.why for target in targets(manifest(), LENGTHS))
