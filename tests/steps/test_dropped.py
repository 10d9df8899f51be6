"""What was left out, as JSON lines."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipelines.steps.dropped import write_dropped


def test_records_are_lines_and_nothing_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "dropped" / "0.jsonl"
    assert write_dropped(str(path), []) == {}
    assert not path.exists()
    records: list[dict[str, object]] = [{"reason": "copy", "text": "熊猫"}, {"reason": "copy"}]
    written = write_dropped(str(path), records)
    assert written == {str(path): hashlib.sha256(path.read_bytes()).hexdigest()}
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == records
    assert "熊猫" in path.read_text("utf-8")
