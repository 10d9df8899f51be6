"""Cores that a process may run on."""

from __future__ import annotations

import os

import pytest

from bertprep.common.cores import usable_cores


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores are not chosen here")
def test_a_process_that_may_run_on_one_core_has_one() -> None:
    before = os.sched_getaffinity(0)
    assert usable_cores() == len(before)
    os.sched_setaffinity(0, [min(before)])
    try:
        assert usable_cores() == 1
    finally:
        os.sched_setaffinity(0, before)
