"""How checks are run: the first problem of each row counts."""

from __future__ import annotations

from tests.checks.good_rows import (
    good_rows,
    options,
    problems,
)


def test_several_damaged_rows_are_each_named_once_by_what_is_wrong_first() -> None:
    columns = good_rows()
    columns["input_ids"][0] = 500
    columns["segment_ids"][0] = 7
    columns["segment_ids"][1, 2] = 1
    columns["input_mask"][4] = 9
    findings = problems(columns, options())
    assert sorted(findings) == [
        (0, "input_ids[0]: expected an id below 96, got 500"),
        (1, "segment_ids[2]: expected 0, got 1"),
        (4, "input_mask[0]: expected 1, got 9"),
    ]
