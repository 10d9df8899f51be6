"""Special tokens are counted as they stand in a row."""

from __future__ import annotations

import numpy as np
import pytest

from bertprep.settings.row_length import shortest_row, special_tokens


@pytest.mark.parametrize(
    ("row", "has_b"), [("[CLS] a [SEP]", False), ("[CLS] a [SEP] b [SEP]", True)]
)
def test_of_the_shortest_rows(row: str, has_b: bool) -> None:
    assert special_tokens(has_b) == row.count("[")
    assert shortest_row(has_b) == len(row.split())


def test_of_many_rows() -> None:
    found = special_tokens(np.array([True, False, True]))
    assert found.tolist() == [3, 2, 3]
    assert found.dtype == np.int64
