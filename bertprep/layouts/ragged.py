"""The ragged layout: rows without padding, for trainers that pad, pack or join them themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.ragged import offsets_of
from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masks
from bertprep.layouts.columns import Columns, padded_lists
from bertprep.layouts.huggingface import IDS, LABELS, MASK, PAIR_LABELS, TYPES, WORD_STARTS
from bertprep.layouts.spec import LayoutSpec, Named, Readout, require
from bertprep.layouts.values import attention_mask
from bertprep.options import Layout, OutputFormat, ShardOptions, Task
from bertprep.vocabulary.vocabulary import Vocabulary


class Ragged(LayoutSpec):
    """As huggingface, each list as long as its row, and so without an attention_mask.

    bertprep's own loaders pad its rows and give batches of the huggingface layout.
    """

    name: Layout = "ragged"
    every = (
        *(replace(column, is_ragged=True) for column in (IDS, TYPES, LABELS, WORD_STARTS)),
        *PAIR_LABELS,
    )
    containers: tuple[OutputFormat, ...] = ("parquet",)
    why_no_other = ", whose lists may have any length"
    batches_as: Layout | None = "huggingface"

    def lay_out(
        self, examples: Examples, masks: Masks | None, task: Task, vocabulary: Vocabulary
    ) -> Columns:
        """The columns by name; see ``LayoutSpec``.

        Those per token are Arrow arrays of lists, the label of pairs is int64[n].
        """
        columns = super().lay_out(examples, masks, task, vocabulary)
        inside = attention_mask(examples)
        offsets = pa.array(offsets_of(examples.lengths).astype(np.int32))
        for column in self.columns(task, masks is not None):
            if column.is_ragged:
                values = pa.array(columns[column.name][inside])
                columns[column.name] = pa.ListArray.from_arrays(offsets, values)
        return columns

    def read_back(self, columns: Columns, options: ShardOptions, vocabulary: Vocabulary) -> Readout:
        """Rows by what their columns are for; see ``LayoutSpec``.

        The lists are padded, and the mask is True for each token of input_ids.
        """
        most, stored = options.max_seq_length, dict(columns)
        counts = _lengths(_lists(columns[IDS.name]))
        require(counts <= most, lambda row, _: f"expected at most {most} tokens, got {counts[row]}")
        for column in self.every:
            if column.is_ragged and column.name in columns:
                lists = _lists(columns[column.name])
                _require_lengths(column.name, lists, counts)
                stored[column.name] = padded_lists(lists, most, column.filling(vocabulary.pad_id))
        inside = np.arange(most) < counts[:, None]
        return {**self.by_role(stored), "mask": Named(IDS.name, inside)}

    def batch(self, records: Columns, pad_id: int) -> Columns:
        """Records are padded; no text has the token that they are padded with."""
        inside = (records[IDS.name] != pad_id).astype(MASK.dtype)
        return {**records, MASK.name: inside}


def _lists(values: Any) -> pa.ListArray:
    """Rows as lists, those that come as a matrix [n, k] too, as rows of one length may."""
    return pa.array(list(values)) if isinstance(values, np.ndarray) else values


def _lengths(lists: pa.ListArray) -> NDArray[np.int64]:
    return np.diff(np.asarray(lists.offsets)).astype(np.int64)


def _require_lengths(name: str, lists: pa.ListArray, counts: NDArray[np.int64]) -> None:
    found = _lengths(lists)
    require(
        found == counts,
        lambda row, _: (
            f"{name}: expected {counts[row]} values, as there are {IDS.name}; got {found[row]}"
        ),
    )


RAGGED = Ragged()
