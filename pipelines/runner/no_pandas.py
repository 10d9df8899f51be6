"""Keeps pandas out of a run: pyarrow and Beam import it where it is there, and we use none of it.

That takes a quarter of the time and of the memory of a start.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class _NotFound:
    """A finder of modules, which says of pandas that it is not installed."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@contextmanager
def without_pandas() -> Iterator[None]:
    """Hides pandas from what is imported in here, unless it is imported already."""
    finder = _NotFound()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def settle_pyarrow() -> None:
    """Makes pyarrow look for pandas in vain, as it does once until it is asked for a frame."""
    with without_pandas():
        import pyarrow as pa

        pa.array([])
