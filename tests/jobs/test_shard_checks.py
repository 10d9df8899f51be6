"""A shard is checked against its entry in the manifest, here or in processes."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.jobs.shard_checks import Shard, check_all, check_shard
from pipelines.steps.sizes import RUN_SIZES

DATA = b"whatever is in a shard"


def shard_at(path: Path) -> Shard:
    path.write_bytes(DATA)
    return Shard(path.name, str(path), None, len(DATA), hashlib.sha256(DATA).hexdigest())


def test_a_file_is_as_it_was_written_or_what_differs_is_told(tmp_path: Path) -> None:
    shard = shard_at(tmp_path / "a")
    assert check_shard(shard, None).problems == []
    longer = shard._replace(size=len(DATA) + 1)
    ((_, told),) = check_shard(longer, None).problems
    assert told == f"expected {len(DATA) + 1} bytes, got {len(DATA)}"
    ((_, told),) = check_shard(shard._replace(sha256="f0"), None).problems
    assert told == f"expected the SHA-256 f0, got {shard.sha256}"
    (tmp_path / "a").unlink()
    ((_, told),) = check_shard(shard, None).problems
    assert told == "cannot be read: No such file or directory"


@pytest.mark.slow
def test_findings_come_in_the_order_of_the_shards_from_processes_too(tmp_path: Path) -> None:
    shards = [shard_at(tmp_path / name) for name in "abc"]
    (tmp_path / "b").write_bytes(DATA.upper())
    here = list(check_all(shards, None, RUN_SIZES))
    apart = list(check_all(shards, None, replace(RUN_SIZES, checked_bytes=1)))
    for found in (here, apart):
        assert [shard.name for shard, _ in found] == ["a", "b", "c"]
        assert [findings.count for _, findings in found] == [0, 1, 0]
