"""Memory that is free goes back to the system."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from pipelines.steps.memory import give_back


def resident() -> int:
    """Bytes of memory this process holds."""
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="needs glibc and /proc")
def test_memory_between_pieces_in_use_goes_back() -> None:
    # Small enough to come from the heap, where the last piece keeps the others from going.
    pieces = [np.ones(10_000, np.uint8) for _ in range(5_000)]
    last = pieces[-1]
    before = resident()
    del pieces
    give_back()
    assert last[0] == 1
    assert resident() < before - 20_000_000
