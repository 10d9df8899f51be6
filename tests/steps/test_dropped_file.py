"""What was left out, as JSON lines."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from pipelines.steps.dropped_file import DroppedFile


def written(path: Path, records: list[dict[str, object]], is_wanted: bool = True) -> dict[str, str]:
    with DroppedFile(str(path), is_wanted) as dropped:
        for record in records:
            if dropped.writer:
                dropped.writer(record)
    return dropped.written


def test_records_are_lines_and_nothing_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "dropped" / "0.jsonl"
    assert written(path, []) == {}
    assert not path.exists()
    records: list[dict[str, object]] = [{"reason": "copy", "text": "熊猫"}, {"reason": "copy"}]
    assert written(path, records, is_wanted=False) == {}
    found = written(path, records)
    assert found == {str(path): hashlib.sha256(path.read_bytes()).hexdigest()}
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == records
    assert "熊猫" in path.read_text("utf-8")


def test_a_step_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "0.jsonl"
    with pytest.raises(ZeroDivisionError), DroppedFile(str(path), True) as dropped:
        assert dropped.writer
        dropped.writer({"reason": "copy"})
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []
    assert dropped.written == {}
