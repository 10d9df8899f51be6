"""Jobs on Prism, begun, held up and looked at from outside."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bertprep.corpus.sizes import ReadSizes
from pipelines.steps.sizes import RunSizes
from tests.beam import prism
from tests.commands import SECONDS, begin_bertprep, run_bertprep
from tests.warm import WarmRun

RECORD, WORK = "run.json", ".bertprep-work"

# For little text to be several splits, pools and packets.
SIZES = RunSizes(
    ReadSizes(least_split=30_000),
    bucket_tokens=5_000,
    pool_tokens=20_000,
    pool_documents=4,
    packet_bytes=20_000,
)

local = partial(run_bertprep, sizes=SIZES)
# The worker of such a job stands still behind its second shard.
IN_THE_MIDDLE = ("--job_name", "stop-step-write-after-2")


begun = partial(begin_bertprep, sizes=SIZES)


def eventually(happens: Callable[[], bool], process: WarmRun | None = None) -> None:
    give_up = time.monotonic() + SECONDS
    while not happens():
        assert time.monotonic() < give_up, "it never came to that"
        if process is not None and process.poll() is not None:
            pytest.fail(f"the command ended before that: {process.communicate()}")
        time.sleep(0.02)


def steps(output: Path) -> list[str]:
    """The steps that are done."""
    return [path.name for path in output.glob(f"{WORK}/run-*/done/*") if path.suffix != ".part"]


def thaw(workers: set[int]) -> None:
    prism.send(signal.SIGCONT, workers)
