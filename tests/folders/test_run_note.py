"""A run's note is read back, and what is none is taken for nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.folders.checked_json import write_sealed
from pipelines.folders.run_note import RUN_NOTE, read_note

NOTE = {"identity": {"seed": 1}, "output": "/out", "new_folders": ["/out"], "run": ""}


def test_a_note_is_read_back(tmp_path: Path) -> None:
    assert read_note(str(tmp_path)) == {}
    write_sealed(str(tmp_path / RUN_NOTE), NOTE)
    assert read_note(str(tmp_path)) == NOTE


@pytest.mark.parametrize(
    "wrong",
    [
        {"identity": None},
        {"output": 3},
        {"new_folders": "/out"},
        {"new_folders": [1]},
        {"run": "../../elsewhere"},  # no name of a run: it would lead out of the work folder
    ],
    ids=str,
)
def test_another_value_is_no_note(tmp_path: Path, wrong: dict[str, Any]) -> None:
    write_sealed(str(tmp_path / RUN_NOTE), {**NOTE, **wrong})
    assert read_note(str(tmp_path)) == {}


def test_a_note_that_a_power_cut_spoiled_is_none(tmp_path: Path) -> None:
    path = tmp_path / RUN_NOTE
    write_sealed(str(path), NOTE)
    path.write_bytes(path.read_bytes()[:-5])
    assert read_note(str(tmp_path)) == {}
