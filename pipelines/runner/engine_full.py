"""Whether an engine only has no room for a job yet, so that no worker can have begun."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import urlopen

_ANSWER_SECONDS = 3
# Of a job of Flink's: those of its tasks that have a slot, or had one.
_PLACED = ("deploying", "initializing", "running", "finished", "canceling", "canceled", "failed")


def waits_for_room(page: str) -> bool:
    """Whether a job waits for slots on a cluster of Flink; False wherever nobody tells.

    Args:
        page: the address of the cluster.
    """
    if not page.startswith("http"):
        return False
    try:
        with urlopen(f"{page.rstrip('/')}/jobs/overview", timeout=_ANSWER_SECONDS) as answer:
            jobs = json.load(answer)["jobs"]
        return any(_waits(job["tasks"]) for job in jobs if job["state"] in ("CREATED", "RUNNING"))
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _waits(tasks: dict[str, Any]) -> bool:
    return tasks.get("scheduled", 0) > 0 and not any(tasks.get(state, 0) for state in _PLACED)
