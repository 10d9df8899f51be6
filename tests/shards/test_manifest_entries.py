"""Entries of a manifest: objects, or what was expected and what came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bertprep.options import ShardOptions
from bertprep.shards import manifest_entries
from bertprep.shards.manifest_types import Finding, ListedFile

FILE = {"file": "a", "bytes": 9, "sha256": "f0"}


def test_a_shard_has_rows_and_where_there_are_bins_a_bin() -> None:
    whole = {**FILE, "rows": 4}
    assert manifest_entries.shard(whole, ShardOptions()) == ListedFile("a", 9, "f0", 4)
    options = ShardOptions(bin_size=32)
    assert manifest_entries.shard({**whole, "bin": 64}, options).bin == 64
    with pytest.raises(KeyError, match="bin"):
        manifest_entries.shard(whole, options)


def test_a_name_comes_once() -> None:
    listed = {"files": [FILE, {**FILE, "file": "b"}]}
    found = manifest_entries.listed_files(listed, "files", manifest_entries.listed_file)
    assert [file.name for file in found] == ["a", "b"]
    listed["files"].append(FILE)
    with pytest.raises(ValueError, match="a is listed 2 times"):
        manifest_entries.listed_files(listed, "files", manifest_entries.listed_file)


def test_what_later_versions_tell_may_be_missing() -> None:
    entry = {"name": "a", "bytes": 9, "format": "text", "compression": "none"}
    assert manifest_entries.input_file(entry).input == ""
    assert manifest_entries.ranges({}) == {}
    told = {"format": "jsonl", "files": 2, "evidence": "objects"}
    assert manifest_entries.decision(told) == told
    assert manifest_entries.decision({**told, "rows": "parquet"})["rows"] == "parquet"


def test_a_finding_has_a_finite_figure() -> None:
    entry = {"name": "unseen_tokens", "figure": 0.07, "text": "7% ..."}
    assert manifest_entries.finding(entry) == Finding("unseen_tokens", 0.07, "7% ...")
    with pytest.raises(ValueError, match="expected a finite number as figure, got nan"):
        manifest_entries.finding({**entry, "figure": float("nan")})


@pytest.mark.parametrize(
    "parse",
    [
        manifest_entries.alphabet,
        manifest_entries.copies,
        manifest_entries.listed_file,
        manifest_entries.mixed_input,
        manifest_entries.pools,
        manifest_entries.sample,
        manifest_entries.vocabulary_entry,
    ],
)
@pytest.mark.parametrize("wrong", [None, [], "text", {}])
def test_no_object_is_told(parse: Callable[[Any], Any], wrong: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        parse(wrong)
