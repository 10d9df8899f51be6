"""What is on target, worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bertprep.report.targets import Target, expected_masked_share, is_masked, targets

LENGTHS = np.bincount([128] * 9 + [40])


def manifest(task: str = "nsp", masking: str = "token", **statistics: float) -> dict[str, Any]:
    found = {
        "unknown_token_share": 0.002,
        "positive_label_share": 0.55,
        "masked_share": 0.149,
        "mask_token_share": 0.8,
        "random_token_share": 0.1,
        "kept_token_share": 0.1,
    }
    config = {
        "task": task,
        "masking": masking,
        "masked_lm_prob": 0.15,
        "mask_replace_prob": 0.8,
        "random_replace_prob": 0.1,
    }
    return {
        "config": {"shard": config},
        "inputs": [{"format": "text"}],
        "max_predictions_per_seq": 20,
        "sums": {"examples": 1_000_000, "predictions": 10_000_000},
        "statistics": {**found, **statistics},
    }


def verdicts(made: dict[str, Any]) -> dict[str, str]:
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
    made["sums"] = {"examples": 200, "predictions": 200}
    assert verdicts(made)["mask_token"] == verdicts(made)["swapped"] == "near target"


def test_a_span_is_one_draw_for_all_its_tokens() -> None:
    made = manifest(mask_token_share=0.77)
    made["sums"]["predictions"] = 10_000
    assert verdicts(made)["mask_token"] == "below target"
    made["config"]["shard"]["masking"] = "span"
    assert verdicts(made)["mask_token"] == "near target"


def test_shares_that_were_asked_for() -> None:
    made = manifest(mask_token_share=1.0, random_token_share=0.0, kept_token_share=0.0)
    made["config"]["shard"] |= {"mask_replace_prob": 1.0, "random_replace_prob": 0.0}
    assert set(verdicts(made).values()) == {"on target"}


def test_shards_without_masks_have_no_targets_for_them() -> None:
    made = manifest(masking="none")
    made["statistics"] = {"unknown_token_share": 0.0, "positive_label_share": 0.55}
    assert not is_masked(made)
    assert set(verdicts(made)) == {"random_next", "unknown"}


def test_text_that_marks_its_unknown_words_has_no_target_for_them() -> None:
    made = manifest()
    made["inputs"].append({"format": "ptb"})
    assert "unknown" not in verdicts(made)


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
    made = manifest(masked_share=0.08)
    made["max_predictions_per_seq"] = 10
    assert verdicts(made)["masked"] == "below target"
    made["statistics"]["masked_share"] = 1 / 3
    (masked, *_) = targets(made, np.bincount([3] * 5))
    assert masked.verdict == "on target"
    assert isinstance(masked, Target)
