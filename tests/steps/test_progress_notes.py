"""What workers note of how far they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.steps import progress_notes
from pipelines.steps.progress_notes import ProgressNotes, read_notes


def test_the_sums_of_all_workers_add_up(tmp_path: Path) -> None:
    for read in (10, 30):
        noted = ProgressNotes(str(tmp_path))
        noted.add("bytes_read", read)
        noted.add("written", 1)
        noted.flush()
    assert read_notes(str(tmp_path)) == {"bytes_read": 40, "written": 2}


def test_notes_are_written_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(progress_notes.time, "monotonic", lambda: now)
    noted = ProgressNotes(str(tmp_path / "made"))
    noted.add("bytes_read", 1)
    noted.add("bytes_read", 1)
    assert read_notes(str(tmp_path / "made")) == {"bytes_read": 1}
    now += 0.31
    noted.add("bytes_read", 1)
    assert read_notes(str(tmp_path / "made")) == {"bytes_read": 3}


def test_a_note_that_is_being_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"bytes_read": 5}')
    (tmp_path / "a.json.new").write_text('{"bytes_read": 6}')
    (tmp_path / "b.json").write_text("")
    assert read_notes(str(tmp_path)) == {"bytes_read": 5}
    assert read_notes(str(tmp_path / "nowhere")) == {}
