"""Keeps out of a run what pyarrow and Beam import where it is there, though we use none of it.

pandas takes a quarter of the time and of the memory of a start; clients of stores and data bases, a
third of the time that Beam takes.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager

PANDAS = frozenset({"pandas"})
# With these come Beam's own ways to S3, MongoDB, HDFS and BigQuery: it does without, and a run on
# this machine without options of Beam's has no use for any.
STORES = frozenset({"boto3", "bson", "hdfs", "apache_beam.io.gcp.bigquery"})


class _NotFound:
    """A finder of modules, which says of some that they are not installed."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in self._names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@contextmanager
def without(names: Collection[str]) -> Iterator[None]:
    """Hides modules from what is imported in here, unless they are imported already."""
    finder = _NotFound(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def settle_pyarrow() -> None:
    """Makes pyarrow look for pandas in vain, as it does once until it is asked for a frame."""
    with without(PANDAS):
        import pyarrow as pa

        pa.array([])
