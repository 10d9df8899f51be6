"""The problems of a shard."""

from __future__ import annotations

from bertprep.shards.tfrecord_writing import encode_tfrecord
from tests.checks.good_rows import (
    good_rows,
    options,
    verified,
)


def test_only_the_first_problems_are_kept_and_all_are_counted() -> None:
    columns = good_rows(n=100)
    columns["input_ids"][:, 0] = 9
    findings = verified(encode_tfrecord(columns), options())
    assert (findings.count, len(findings.problems)) == (100, 40)
