from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bertprep.common.whole_numbers import checked_seed, whole_number
from bertprep.errors import UsageError


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), np.array(3)])
def test_integers_of_any_library(value: Any) -> None:
    for number in (whole_number("epoch", value, 0), checked_seed(value)):
        assert number == 3
        assert type(number) is int


@pytest.mark.parametrize(
    ("value", "shown"), [("3", "'3'"), (3.0, "3.0"), (True, "True"), (None, "None"), (0, "0")]
)
def test_what_is_none_is_told(value: Any, shown: str) -> None:
    with pytest.raises(UsageError, match=f"rank must be an integer >= 1; got {shown}"):
        whole_number("rank", value, 1)


def test_seeds_have_64_bits() -> None:
    assert checked_seed(-(2**63)) == -(2**63)
    with pytest.raises(UsageError, match="seed must fit a 64-bit integer; got 9223372036854775808"):
        checked_seed(2**63)
    with pytest.raises(UsageError, match=r"seed must be an integer; got 5\.5"):
        checked_seed(5.5)
