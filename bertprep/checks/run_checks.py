"""Checks of a block of rows, and how they are run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.checks.rules import Rules
from bertprep.layouts.columns import Columns
from bertprep.shards.findings import Findings

# Which cells [n, k] or rows [n] are right, and what to say of a wrong one by its row and column.
Check = tuple[NDArray[np.bool_], Callable[[int, int], str]]
Checks = Callable[[Columns, Rules], Iterator[Check]]
Block = tuple[NDArray[np.int64], Columns]


def sift(block: Block, checks: Checks, rules: Rules, findings: Findings) -> Block:
    """Checks rows; of each that is wrong the first problem counts.

    Args:
        block: their numbers, int64[n], and their columns.
        checks: gives the checks of columns, each of which may rely on those before it.
        rules: what the checks go by.
        findings: takes the problems.

    Returns:
        The rows that are right, as a block.
    """
    rows, columns = block
    while len(rows):
        failed = next((check for check in checks(columns, rules) if not check[0].all()), None)
        if failed is None:
            break
        good, explain = failed
        # Later checks rely on the earlier ones: start again without the rows that failed.
        cells = good.reshape(len(rows), -1)
        is_right = cells.all(axis=1)
        for row in np.flatnonzero(~is_right).tolist():
            findings.add(explain(row, int(cells[row].argmin())), int(rows[row]))
        rows = rows[is_right]
        columns = {name: _kept(values, is_right) for name, values in columns.items()}
    return rows, columns


def _kept(values: Any, is_kept: Any) -> Any:
    return values.filter(pa.array(is_kept)) if isinstance(values, pa.Array) else values[is_kept]


def equal(name: str, values: NDArray[Any], expected: NDArray[Any]) -> Check:
    """The check of a column that must have certain values.

    Args:
        name: of the column, for messages.
        values: int[n, k] or bool[n, k], those it has.
        expected: int[n, k] or bool[n, k], those it must have; True counts as 1.
    """
    return (
        values == expected,
        lambda row, column: (
            f"{name}[{column}]: expected {int(expected[row, column])}, got {values[row, column]}"
        ),
    )
