"""A column of a layout, and the columns of a run's rows: what readers and writers have to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.layouts.values import Role
from bertprep.settings.choices import Task

Columns = dict[str, NDArray[Any]]
Records = NDArray[np.void]

Per = Literal["token", "prediction", "example", "row"]


@dataclass(frozen=True)
class Column:
    """A column of a layout.

    Attributes:
        name: what it is called in a file.
        role: what it is for.
        kind: numpy's name for the type of its values; Arrow's type where these are text or bytes.
        per: what has a value in it: each token of a row, each prediction, each example (of which a
            row has one if it is not packed), or the row.
        fill: what stands where there is none; None for the id of [PAD].
        tasks: those that have it.
        is_list: whether the one value of an example is stored as a list of one.
        is_ragged: whether a row has a list of its own length, without padding.
    """

    name: str
    role: Role
    kind: str | pa.DataType
    per: Per = "token"
    fill: int | None = 0
    tasks: tuple[Task, ...] = get_args(Task)
    is_list: bool = False
    is_ragged: bool = False

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of its values in memory."""
        return np.dtype(self.kind)

    def filling(self, pad_id: int) -> int:
        """The value that stands where there is none."""
        return pad_id if self.fill is None else self.fill


@dataclass(frozen=True)
class Schema:
    """The columns of a run's rows, and how wide they are.

    Attributes:
        columns: in their order in a file.
        max_seq_length: L, values of a row in a column per token.
        max_predictions_per_seq: P, those in one per prediction.
        max_examples: those in one per example of packed rows; None where rows are not packed.
    """

    columns: tuple[Column, ...]
    max_seq_length: int
    max_predictions_per_seq: int
    max_examples: int | None = None

    def width(self, column: Column) -> int | None:
        """How many values a row has in a column; None for one that is no list."""
        if column.per == "token":
            return self.max_seq_length
        if column.per == "prediction":
            return self.max_predictions_per_seq
        if column.per == "example" and self.max_examples is not None:
            return self.max_examples
        return 1 if column.is_list else None

    def shape(self, column: Column) -> tuple[int, ...]:
        """The shape of one row's values."""
        width = self.width(column)
        return () if width is None else (width,)

    def of_role(self, role: Role) -> Column | None:
        """The column for something; None if there is none."""
        return next((column for column in self.columns if column.role == role), None)

    def arrow(self) -> pa.Schema:
        """The columns as they are in Parquet."""
        return pa.schema([(column.name, self._arrow_type(column)) for column in self.columns])

    def _arrow_type(self, column: Column) -> pa.DataType:
        width = self.width(column)
        if isinstance(column.kind, pa.DataType):
            return column.kind
        kind = pa.from_numpy_dtype(column.dtype)
        if width is None:
            return kind
        # The values' name has no part in a comparison, but shows.
        element = pa.field("element", kind)
        return pa.list_(element) if column.is_ragged else pa.list_(element, width)


def narrow_dtype(dtype: np.dtype[Any], vocab_size: int) -> np.dtype[Any]:
    """The narrowest type for a column's values: integers of 16 bits if all ids fit, else of 32.

    Nothing else in a row is larger than its ids can be: positions are below 8192.
    """
    widest = np.dtype(np.int16 if vocab_size < 1 << 15 else np.int32)
    return widest if dtype.kind != "f" and dtype.itemsize > widest.itemsize else dtype


def record_dtype(schema: Schema, vocab_size: int) -> np.dtype[np.void]:
    """The record for rows of these columns: an item of a numpy structured array.

    Its fields are the stored columns, in the narrowest types that hold them.  One row's values lie
    side by side, so that taking rows in any order costs one copy of each.
    """
    kinds = [
        (column.name, narrow_dtype(column.dtype, vocab_size), schema.shape(column))
        for column in schema.columns
    ]
    return np.dtype(kinds, align=True)


def padded_lists(lists: pa.ListArray, width: int, fill: int) -> NDArray[Any]:
    """The values of lists as a matrix [n, width], of their dtype.

    Args:
        lists: n of them, none null.
        width: the most values that a list may have.
        fill: stands behind the last value of each.

    Raises:
        ValueError: if a list is longer, or is no list.
    """
    if lists.null_count:
        raise ValueError("expected lists, got a null")
    lengths = np.diff(np.asarray(lists.offsets))
    if (longest := int(lengths.max(initial=0))) > width:
        raise ValueError(f"expected at most {width:,} values in a row, got {longest:,}")
    values: NDArray[Any] = np.from_dlpack(lists.flatten())  # to_numpy would import pandas
    padded = np.full((len(lists), width), fill, values.dtype)
    padded[np.arange(width) < lengths[:, None]] = values
    return padded
