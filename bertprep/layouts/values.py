"""The values of a column, whatever a layout calls it: by its role, from examples and masks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masks

IGNORED_LABEL = -100

# What a column is for.  The last three have a meaning to their own layout alone.
Role = Literal[
    "ids",
    "mask",
    "types",
    "labels",
    "positions",
    "answers",
    "weights",
    "starts",
    "pair",
    "position_ids",
    "sequence_ids",
    "cls_positions",
    "text",
    "count",
    "shown",
]


def attention_mask(examples: Examples) -> NDArray[np.bool_]:
    """bool[n, L]: True for tokens, False for padding."""
    columns = np.arange(examples.input_ids.shape[1])
    return columns < examples.lengths[:, None]


def token_type_ids(examples: Examples) -> NDArray[np.bool_]:
    """bool[n, L]: False for [CLS] A [SEP] and padding, True for B [SEP]."""
    columns = np.arange(examples.input_ids.shape[1])
    return (columns >= examples.second_starts[:, None]) & attention_mask(examples)


def word_starts(examples: Examples) -> NDArray[np.bool_]:
    """bool[n, L]: the first token of each word; one that was cut from A or B begins it."""
    is_text: NDArray[np.bool_] = attention_mask(examples)
    row = np.arange(len(examples))
    is_text[:, 0] = is_text[row, examples.second_starts - 1] = False
    is_text[row, examples.lengths - 1] = False
    starts: NDArray[np.bool_] = is_text.copy()
    starts[:, 1:] &= ~(examples.joined[:, 1:] & is_text[:, :-1])
    return starts


def is_used(masks: Masks) -> NDArray[np.bool_]:
    """bool[n, P]: the slots that hold a prediction."""
    return np.arange(masks.positions.shape[1]) < masks.counts[:, None]


def labels(masks: Masks) -> NDArray[np.int64]:
    """int64[n, L]: the token to predict at each position, -100 where nothing is predicted."""
    rows, length = masks.input_ids.shape
    found = np.full((rows, length), IGNORED_LABEL, np.int64)
    first_places = np.arange(0, rows * length, length)[:, None]
    which = np.flatnonzero(is_used(masks))
    places = (masks.positions + first_places).ravel().take(which)
    found.ravel()[places] = masks.labels.ravel().take(which)
    return found


OF_EXAMPLES: dict[Role, Callable[[Examples], NDArray[Any]]] = {
    "ids": lambda examples: examples.input_ids,
    "mask": attention_mask,
    "types": token_type_ids,
    "starts": word_starts,
    "pair": lambda examples: examples.labels,
}
# Of rows with masks these come first: what the model sees is theirs to say.
OF_MASKS: dict[Role, Callable[[Masks], NDArray[Any]]] = {
    "ids": lambda masks: masks.input_ids,
    "labels": labels,
    "positions": lambda masks: masks.positions,
    "answers": lambda masks: masks.labels,
    "weights": is_used,
}


def values_of(role: Role, examples: Examples, masks: Masks | None) -> NDArray[Any]:
    """The values of a column.

    Args:
        role: what the column is for.
        examples: those that the rows hold, one each.
        masks: theirs; None if they are stored without.

    Returns:
        [n], [n, L] or [n, P], as the role has it.

    Raises:
        KeyError: for a role that only its own layout knows.
    """
    if masks is not None and role in OF_MASKS:
        return OF_MASKS[role](masks)
    return OF_EXAMPLES[role](examples)
