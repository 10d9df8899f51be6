"""Beam metrics of the steps, which any runner shows on its page: names that stay.

The namespace is ``bertprep``; ``bytes_read``, ``examples`` and ``written`` grow within a step,
``documents``, ``sentences``, ``tokens`` and ``drop_<reason>`` with each that is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

NAMESPACE = "bertprep"
_OF_REPORTS = ("documents", "sentences", "tokens")


def count(name: str, amount: int) -> None:
    """Adds to a counter; outside of a worker of Beam's that does nothing."""
    from apache_beam.metrics import Metrics

    Metrics.counter(NAMESPACE, name).inc(amount)


def count_reports(reports: Iterable[Any]) -> None:
    """Adds what finished steps reported."""
    for report in reports:
        for name in _OF_REPORTS:
            if amount := report.sums.get(name):
                count(name, amount)
        for reason, amount in report.drops.items():
            if amount:
                count(f"drop_{reason}", amount)
