"""Runs within one process, twice as quick for the many small ones of tests.

Beam looks once for what never changes; and text that many runs read is judged to be prose once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from bertprep.corpus import not_prose, oddities
from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding
from pipelines.runner.beam_caches import remembered

_LASTING = ExitStack()
_MOST_FINDINGS = 1000

Look = Callable[[Part], Finding | None]


def quicken() -> None:
    """Has this process and its forks remember what they find out a hundred times a run."""
    if not_prose.shape_of.__module__ == __name__:
        return
    _LASTING.enter_context(remembered())
    not_prose.shape_of = oddities.shape_of = _once_for_each_text(not_prose.shape_of)


def _once_for_each_text(look: Look) -> Look:
    """Has each text looked at once: looking is a quarter of a small run's time."""
    known: dict[tuple[bytes, bool, bool], Finding | None] = {}

    def shape_of(part: Part) -> Finding | None:
        key = part.data, part.starts, part.ends
        if key not in known:
            if len(known) == _MOST_FINDINGS:
                known.clear()
            known[key] = look(part)
        return known[key]

    return shape_of
