"""What a step gave is read back as it was: what was counted for the next one to plan by, too."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines.steps.checkpoint import remembered
from pipelines.steps.report import Report
from pipelines.steps.spill import SpillIndex, write_spill

COUNTS = np.array([[0, 4095], [3, 1], [9, 2], [1 << 63, 2**64 - 1]], np.uint64)
COPIES = {"texts": 5, "repeated": 2, "most_copies": 7}
POOLS = {"pools": 1, "smallest": 5, "largest": 5}


def _made_once(work_dir: Path) -> list[SpillIndex | Report]:
    rows = pa.record_batch({"key": [1, 2]})
    index = write_spill(str(work_dir / "documents"), (1, 2), 2, [(1, rows)])
    report = Report(sums=Counter(documents=9), pools=dict(POOLS), copies=dict(COPIES))
    return [replace(index, counts=COUNTS), report]


def test_a_step_is_made_once_and_then_read_back_whole(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    made = remembered(str(tmp_path), "prepare", 3, lambda: _made_once(tmp_path))
    index, report = remembered(str(tmp_path), "prepare", 3, lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    assert isinstance(index, SpillIndex)
    assert index.counts.dtype == np.uint64
    assert index.counts.tolist() == COUNTS.tolist()
    assert vars(index) | {"counts": None} == vars(made[0]) | {"counts": None}
    assert report == made[1]


def test_reports_of_pools_add_up_but_for_the_least_and_most() -> None:
    whole = Report()
    for texts, most in ((5, 7), (3, 9), (8, 1)):
        pools = {"pools": 1, "smallest": texts, "largest": texts}
        whole.add(Report(pools=pools, copies={"texts": texts, "repeated": 1, "most_copies": most}))
    assert whole.pools == {"pools": 3, "smallest": 3, "largest": 8}
    assert whole.copies == {"texts": 16, "repeated": 3, "most_copies": 9}
