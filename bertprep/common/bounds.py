"""Whether integers are in a range."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def is_below(values: NDArray[Any], limit: int) -> NDArray[np.bool_]:
    """Which integers, of any shape, are from 0 to below the limit: bool of the shape they have."""
    # As unsigned numbers the negative ones are the highest.
    is_below: NDArray[np.bool_] = values.view(f"u{values.dtype.itemsize}") < limit
    return is_below
