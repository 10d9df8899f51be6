"""Integers in a range, of every width, signed and not."""

from __future__ import annotations

import numpy as np
import pytest

from bertprep.common.bounds import is_below


@pytest.mark.parametrize("kind", ["i1", "u1", "i2", "i4", "u4", "i8", "u8"])
def test_from_0_to_below_the_limit(kind: str) -> None:
    edges = np.iinfo(kind)
    values = np.array([0, 1, 9, 10, 11, edges.max, edges.min], kind)
    expected = [0 <= value < 10 for value in values.tolist()]
    assert is_below(values, 10).tolist() == expected
