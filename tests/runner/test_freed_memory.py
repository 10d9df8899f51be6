"""Memory is given back sooner, in this process and its forks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import pytest

from pipelines.runner import freed_memory


@pytest.mark.slow
def test_arrow_takes_its_memory_from_the_system() -> None:
    code = (
        "from pipelines.runner.freed_memory import keep_little; import pyarrow as pa\n"
        "keep_little(); print(pa.default_memory_pool().backend_name)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["system"]


def test_what_is_kept_while_others_work_is_less_and_only_for_that_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tuned: list[Mapping[int, int]] = []
    monkeypatch.setattr(freed_memory, "_tune", tuned.append)
    with pytest.raises(KeyError), freed_memory.while_others_work():
        (waiting,) = tuned
        raise KeyError
    _, working = tuned
    assert all(waiting[parameter] < working[parameter] for parameter in waiting)
