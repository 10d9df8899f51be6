"""What a run says of itself beside the manifest, and the same run once more."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.folders.run_json import read_record
from tests.beam.recorded import Run


def test_a_run_notes_its_command_and_date(shards: Path) -> None:
    record = read_record(str(shards))
    assert record is not None
    assert record.command[:2] == ["shard", "text.txt"]
    assert record.directory == str(shards.parent)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(record.started)) < timedelta(minutes=5)
    assert "text.txt" not in (shards / "manifest.json").read_text().replace(
        '"name": "text.txt"', ""
    )


def test_the_result_as_json(cli_in_process: Run, shards: Path, tmp_path: Path) -> None:
    verified = json.loads(cli_in_process("verify", shards, "--json").stdout)
    assert verified["good"] and verified["problems"] == []
    shown = json.loads(cli_in_process("inspect", shards, "--json", "--examples", 2).stdout)
    assert len(shown["examples"]) == 2 and "[MASK](" in shown["examples"][0]["a"]
    assert {target["name"] for target in shown["targets"]} >= {"masked", "random_next"}
    damaged = next((shards / "rows").glob("*.parquet"))
    damaged.write_bytes(damaged.read_bytes()[:-1])
    done = cli_in_process("verify", shards, "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert not found["good"] and damaged.name in found["problems"][0]
