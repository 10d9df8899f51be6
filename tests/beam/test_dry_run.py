"""A run that is only told of."""

from __future__ import annotations

import json
from pathlib import Path

from tests.beam.recorded import Run


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    cli_in_process: Run, shards: Path, letters_vocab: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    for command in ("vocab", "prepare", "shard"):
        more = [] if command == "vocab" else ["--vocab", letters_vocab]
        done = cli_in_process(command, "text.txt", "-o", "c", "--dry-run", "--json", *more)
        assert done.returncode == 0, done.stderr
        plan = json.loads(done.stdout)
        assert plan["dry_run"] and plan["inputs"][0]["name"] == "text.txt"
        assert 20 <= plan["expected"]["documents"] <= 1000
        assert plan["expected"]["seconds"] > 0
    assert plan["expected"]["rows"] > 100 and plan["expected"]["output_bytes"] > 10_000
    done = cli_in_process("shard", "text.txt", "-o", "c", "--dry-run", "--vocab", letters_vocab)
    assert "text.txt: text, " in done.stdout and "nothing was written" in done.stdout
    assert sorted(tmp_path.rglob("*")) == before
