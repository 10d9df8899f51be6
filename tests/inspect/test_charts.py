"""Charts: in proportion, and from edge to edge."""

from __future__ import annotations

import re

import numpy as np
import pytest

from pipelines.inspect.charts import column_chart, rank_chart, split_bar
from tests.inspect.pages import heights


def test_columns_are_in_proportion() -> None:
    found = heights(column_chart([0.1, 0.3, 0.0, 0.6], [(0.5, "2")], "x"))
    assert found == pytest.approx([found[0], 3 * found[0], 0, 6 * found[0]], abs=0.2)
    assert "80%" in column_chart([0.79, 0.21], [], "x")
    assert heights(column_chart([0.0, 0.0], [], "x")) == [0, 0]


def test_stretches_add_up() -> None:
    bar = split_bar([("masked", 0.8), ("random", 0.15), ("kept", 0.05)], "x")
    places = re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', bar)
    assert places == [("0.00", "80.00"), ("80.00", "15.00"), ("95.00", "5.00")]


@pytest.mark.parametrize("counts", [[1], [7, 7], [10**6, 1, 0], list(range(1, 500))])
def test_ranks_go_from_the_first_to_the_last(counts: list[int]) -> None:
    chart = rank_chart(np.array(counts), "x")
    points = re.findall(
        r"([\d.]+),([\d.]+)", re.findall(r'points="([^"]+)" class="curve"', chart)[0]
    )
    x, y = ([float(p) for p in axis] for axis in zip(*points, strict=True))
    assert x[0] == 0 and x == sorted(x) and y == sorted(y)
    used = sum(count > 0 for count in counts)
    assert x[-1] == pytest.approx(100 * np.log10(used) / max(1, np.log10(used)), abs=0.01)
    assert y[0] >= 0 and y[-1] <= 100
