"""Rows through files and rows through Beam's shuffle end in the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bertprep.corpus.sizes import ReadSizes
from bertprep.shards.names import RUN_NAME
from pipelines.jobs import prepare as prepare_job
from pipelines.jobs import shard as shard_job
from pipelines.jobs import vocab as vocab_job
from pipelines.steps.exchange import ShuffleExchange
from pipelines.steps.sizes import RunSizes
from tests.lanes import usual_of

Run = Callable[..., Any]

SHARDS = {
    "whole words, more shards than pools": ("--masking", "whole-word", "--num-shards", 9),
    "spans, bins": ("--masking", "span", "--bin-size", 32),
    "packed, order of sentences": ("--pack", "--task", "sop", "--max-seq-length", 256),
    "no masks, no pairs": ("--masking", "none", "--task", "none"),
    "lddl": ("--layout", "lddl", "--num-shards", 4),
}


# Many splits, spills, buckets, pools, parts, shards and packets.
SMALL = RunSizes(
    read=ReadSizes(least_split=20_000, batch=4_000),
    spilled_tokens=2_000,
    bucket_tokens=500,
    pool_tokens=1_500,
    pool_documents=4,
    bucket_rows=20,
    shard_rows=60,
    packet_bytes=3_000,
    merged_files=3,
    partition_splits=4,
)


@pytest.fixture(scope="module")
def text(prose: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("text") / "text.jsonl"
    documents = [*prose[:14], *prose[:3]]
    path.write_text("\n".join(json.dumps({"text": text}) for text in documents))
    return path


@pytest.fixture
def both(cli_in_process: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command with files, and then with the shuffle; what each left in its folder."""

    def run(*args: object) -> list[dict[str, bytes]]:
        found = []
        for shuffles in (False, True):
            for job in (vocab_job, prepare_job, shard_job):
                monkeypatch.setattr(job, "shuffles", lambda _, way=shuffles: way)
            output = tmp_path / f"out-{shuffles}"
            done = cli_in_process(*args, "--output", output, "--workers", 1, sizes=SMALL)
            assert done.returncode == 0, done.stderr
            left = [path for path in output.rglob("*") if path.is_file() and path.name != RUN_NAME]
            found.append({path.name: path.read_bytes() for path in left})
        return found

    return run


# The exchange knows nothing of masks and columns: all options that change the rows between steps.
USUAL = ("whole words, more shards than pools", "packed, order of sentences")


@pytest.mark.parametrize("name", usual_of(SHARDS, USUAL))
def test_shards(
    both: Run, text: Path, vocab_dir: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    send = ShuffleExchange.send
    monkeypatch.setattr(ShuffleExchange, "send", lambda *a: sent.append(a[1]) or send(*a))
    in_files, sent_ones = both("shard", text, "--vocab", vocab_dir, *SHARDS[name])
    assert sent.count("documents") > 4 and sent.count("examples") > 4
    assert sent_ones == in_files


def test_prepared_documents(both: Run, text: Path, vocab_dir: Path) -> None:
    in_files, sent = both("prepare", text, "--vocab", vocab_dir)
    assert len(in_files) > 5  # of several pools
    assert sent == in_files


def test_a_vocabulary(both: Run, text: Path) -> None:
    """With several partitions, and files that are merged as a tree."""
    in_files, sent = both("vocab", text, "--vocab-size", 3000)
    assert sent == in_files
