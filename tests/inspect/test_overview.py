"""What a terminal and a page show: lengths in bins."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.inspect.overview import Bin, length_bins


@pytest.mark.parametrize(
    ("longest", "most", "width", "bins"),
    [(128, 16, 8, 16), (512, 8, 64, 8), (16, 16, 1, 16), (100, 16, 10, 10), (101, 16, 7, 15)],
)
def test_bins_of_lengths(longest: int, most: int, width: int, bins: int) -> None:
    lengths = np.arange(longest + 1)
    found = length_bins(lengths, most)
    assert (found[0].first, found[0].last, len(found)) == (1, width, bins)
    assert found[-1].last == longest
    assert all(b.examples == sum(range(b.first, b.last + 1)) for b in found)
    assert isinstance(found[0], Bin)
