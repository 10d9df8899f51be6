"""How long a row is: [CLS] A [SEP], or [CLS] A [SEP] B [SEP]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:  # a command that shows its options loads no numpy
    import numpy as np
    from numpy.typing import NDArray


@overload
def special_tokens(has_b: bool) -> int: ...
@overload
def special_tokens(has_b: NDArray[np.bool_]) -> NDArray[np.int64]: ...
def special_tokens(has_b: Any) -> Any:
    """How many tokens of a row, or of each of n rows, are none of A and B.

    >>> special_tokens(False), special_tokens(True)
    (2, 3)

    Args:
        has_b: whether the row has a B, or bool[n] for n rows.

    Returns:
        A number, or int64[n].
    """
    return 2 + has_b


def shortest_row(has_b: bool) -> int:
    """Tokens of a row with one in A, and one in B if it has a B."""
    return special_tokens(has_b) + 1 + has_b
