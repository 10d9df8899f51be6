"""The stages of a run: how far it is in them, and when it will be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bertprep.common.units import duration, size

_LEAST_SHARE, _LEAST_SECONDS = 0.02, 1.0  # to tell from how long the rest takes


class Stage(NamedTuple):
    """One stage of a run.

    Attributes:
        doing: what it does, in a word: ``reading``.
        counted: the note that counts it.
        unit: of that count: ``bytes``, or what else is counted.
        total: how many there will be, about; the note of the stage before if 0.
        seconds: how long it takes, about; only their proportions count.
    """

    doing: str
    counted: str
    unit: str
    total: float
    seconds: float


class State(NamedTuple):
    """How far a run is.

    Attributes:
        stage, stages: the number of the stage, from 1, and how many there are.
        doing, unit: as in ``Stage``.
        done, total: counts of the stage; the total is 0 if nobody knows it.
        share: of the whole run.
        rate: counts in a second since the stage began; 0 if that is not known.
        elapsed: seconds since the run began.
        left: seconds to the end of the run; None if it is too early to tell.
    """

    stage: int
    stages: int
    doing: str
    unit: str
    done: float
    total: float
    share: float
    rate: float
    elapsed: float
    left: float | None


def current(stages: Sequence[Stage], notes: Mapping[str, int]) -> int:
    """The number of the last stage that has begun, from 0."""
    begun = [number for number, stage in enumerate(stages) if notes.get(stage.counted)]
    return max(begun, default=0)


def state_of(
    stages: Sequence[Stage], notes: Mapping[str, int], elapsed: float, in_stage: float = 0.0
) -> State:
    """How far a run is.

    Args:
        stages: of the run.
        notes: what its steps noted.
        elapsed: seconds since it began.
        in_stage: seconds since its stage began.
    """
    number = current(stages, notes)
    stage, done = stages[number], notes.get(stages[number].counted, 0)
    total = stage.total or notes.get(stages[max(0, number - 1)].counted, 0)
    within = min(done / total, 1.0) if total else 0.0
    behind = sum(each.seconds for each in stages[:number]) + within * stage.seconds
    share = behind / (sum(each.seconds for each in stages) or 1.0)
    known = share >= _LEAST_SHARE and elapsed >= _LEAST_SECONDS
    left = elapsed * (1 - share) / share if known else None
    rate = done / in_stage if in_stage else 0.0
    counts = min(done, total) if total else done, total
    return State(
        number + 1, len(stages), stage.doing, stage.unit, *counts, share, rate, elapsed, left
    )


def in_counts(notes: Mapping[str, int], text_bytes: int) -> str:
    """The notes of steps in words, where nobody knows when they began.

    >>> in_counts({"bytes_read": 900, "examples": 7, "written": 3}, 900)
    'written 3 of 7 examples'
    """
    read, made, written = (notes.get(name, 0) for name in ("bytes_read", "examples", "written"))
    if written:
        return f"written {written:,} of {made:,} examples"
    if made:
        return f"made {made:,} examples"
    return f"read {size(read)}" + (f" of {size(text_bytes)}" if text_bytes else "")


def describe(state: State, columns: int = 1000) -> str:
    """One line of at most so many characters; what does not fit is left out as a whole."""
    lines = (" ".join(filter(None, line)) for line in _lines(state))
    return next((line for line in lines if len(line) <= columns), "")


def _lines(state: State) -> list[list[str]]:
    """The line in words, from the longest to the shortest."""
    long = f"stage {state.stage} of {state.stages}, {state.doing}:"
    short = f"{state.stage}/{state.stages} {state.doing}"
    if state.stages == 1:
        long, short = f"{state.doing}:", state.doing
    share = f"{min(int(100 * state.share), 99)}%"
    elapsed = duration(state.elapsed)
    left = "" if state.left is None else duration(state.left)
    times = [f"{elapsed} so far{',' if left else ''}", left and f"{left} left"]
    return [
        [long, f"{share},", f"{_counts(state)},", _rate(state), *times],
        [long, f"{share},", f"{_counts(state)},", *times],
        [long, f"{share},", *times],
        [short, f"{share},", *times],
        [short, f"{share}{left and ','}", left and f"{left} left"],
        [short, share],
        [share],
    ]


def _counts(state: State) -> str:
    if state.unit == "bytes":
        return f"{size(state.done)} of {size(state.total)}" if state.total else size(state.done)
    total = f" of {state.total:,.0f}" if state.total else ""
    return f"{state.done:,.0f}{total} {state.unit}"


def _rate(state: State) -> str:
    if not state.rate:
        return ""
    return f"{size(state.rate)}/s," if state.unit == "bytes" else f"{state.rate:,.0f}/s,"
