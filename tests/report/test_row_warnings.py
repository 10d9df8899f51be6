"""Figures of rows that are out of bounds, from manifests made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bertprep.options import ShardOptions
from bertprep.report.row_warnings import shard_findings, why_random_next
from bertprep.shards.manifest_types import ShardManifest
from tests.manifests import parsed, shards_json


def manifest_of(options: ShardOptions, sums: dict[str, int], **changes: Any) -> ShardManifest:
    made = replace(parsed(shards_json(options)), sentences=2000, tokens=40_000, documents=100)
    return replace(made, sums={**made.sums, "examples": 2000, **sums}, **changes)


def names(manifest: ShardManifest) -> set[str]:
    return {finding.name for finding in shard_findings(manifest)}


@pytest.mark.parametrize(
    ("length", "truncated", "is_told"),
    [(64, 39, False), (64, 41, True), (128, 26, False), (128, 28, True), (512, 24, False)],
)
def test_the_bound_of_truncation_is_that_of_the_length(
    length: int, truncated: int, is_told: bool
) -> None:
    sums = {"offered_tokens": 10_000, "truncated_own_tokens": truncated * 100}
    manifest = manifest_of(ShardOptions(max_seq_length=length), sums)
    assert ("truncated_tokens" in names(manifest)) is is_told
    few = replace(manifest, sums={**manifest.sums, "examples": 499})
    assert "truncated_tokens" not in names(few)


def test_tokens_in_no_row_are_told_after_some_passes() -> None:
    sums = {"unseen_tokens": 4000}
    assert "unseen_tokens" in names(manifest_of(ShardOptions(dupe_factor=5), sums))
    assert "unseen_tokens" not in names(manifest_of(ShardOptions(dupe_factor=2), sums))
    lines = manifest_of(ShardOptions(dupe_factor=5), sums)
    lines = replace(lines, read=replace(lines.read, sentences="lines"))
    (found,) = (each for each in shard_findings(lines) if each.name == "unseen_tokens")
    assert "use --sentences rules" in found.text


def test_rows_or_documents_are_short_where_most_pairs_are_random() -> None:
    rows = manifest_of(ShardOptions(max_seq_length=16), {})
    assert why_random_next(rows).endswith("or see that sentences end where they do")
    documents = replace(rows, documents=2000, sums={**rows.sums, "single_sentence_documents": 500})
    documents = replace(documents, options=ShardOptions(max_seq_length=128))
    said = why_random_next(documents)
    assert "1.0 sentences of 20 tokens on average, 25% of them one alone" in said
    assert "name what parts texts by --document-separator" in said


def test_random_pairs_are_no_matter_without_pairs() -> None:
    all_random = {"positive_label_share": 1.0}
    for task, expected in (("nsp", True), ("sop", False)):
        manifest = manifest_of(ShardOptions(task=task), {})  # type: ignore[arg-type]
        manifest = replace(manifest, statistics={**manifest.statistics, **all_random})
        assert ("all_pairs_random" in names(manifest)) is expected
