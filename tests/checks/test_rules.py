"""The rules of a row: how long it may be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bertprep.checks.rules import Rules
from bertprep.checks.verify import check_rows
from bertprep.shards.findings import Findings
from tests.checks.good_rows import (
    PAD,
    SEP,
    VOCABULARY,
    good_rows,
    options,
    problems,
)


def test_a_row_has_a_token_in_each_part() -> None:
    columns = good_rows("huggingface")
    columns["attention_mask"][1] = 0
    columns["attention_mask"][2, 4:] = 0
    expected = [
        (1, "attention_mask: expected 5 to 16 tokens, got 0"),
        (2, "attention_mask: expected 5 to 16 tokens, got 4"),
    ]
    assert problems(columns, options("huggingface")) == expected


@pytest.mark.parametrize(
    ("longest", "wrong"), [(8, (0, "5 to 8 tokens, got 11")), (16, (1, "9 to 16 tokens, got 8"))]
)
def test_a_row_lies_in_the_bin_of_its_shard(longest: int, wrong: tuple[int, str]) -> None:
    columns = good_rows("huggingface", n=2)
    columns["attention_mask"][1, 8:] = columns["token_type_ids"][1, 8:] = 0
    columns["input_ids"][1, 7:] = [SEP] + 8 * [PAD]
    columns["labels"][1, 8:] = -100
    rules = Rules(replace(options("huggingface"), bin_size=8), VOCABULARY)
    findings = Findings()
    check_rows(np.arange(2), columns, replace(rules, longest=longest), findings)
    row, lengths = wrong
    assert findings.problems == [(row, f"attention_mask: expected {lengths}")]
