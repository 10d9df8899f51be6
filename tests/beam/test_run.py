"""Runs that end with an error: a strict one, an unexpected one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beam.wrong_calls import (
    Run,
    manifest,
    shard,
)

pytestmark = pytest.mark.usefixtures("folder")


def test_warnings_are_errors_where_a_run_is_strict(cli_in_process: Run, folder: Path) -> None:
    (folder / "good.txt").write_text("One sentence.\n\nAnother one.\n")
    refused = shard(cli_in_process, "out", "--strict")
    assert refused.returncode == 1
    assert "warning: all pairs are random" in refused.stderr
    assert "with --strict, the warning above is an error; nothing was written" in refused.stderr
    assert not Path("out").exists()
    done = shard(cli_in_process, "out")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("warning: all pairs are random")
    (found,) = manifest()["warnings"]  # type: ignore[misc, attr-defined]
    assert (found["name"], found["figure"]) == ("all_pairs_random", 1.0)
    assert shard(cli_in_process, "none", "--strict", "--task", "none").returncode == 0


def test_an_unexpected_failure_can_be_looked_into(
    cli_in_process: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BERTPREP_DEBUG", "1")
    (folder / "good.txt").write_bytes(b"\xff\n")
    options = ("--output", "out", "--vocab", "vocab.txt", "--workers", 1)
    done = cli_in_process("shard", "good.txt", *options)
    assert "Traceback (most recent call last)" in done.stderr
