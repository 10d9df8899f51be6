"""Records to the columns of a batch: masked if they are stored without masks, and padded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bertprep.checks.rules import Rules
from bertprep.common.draws import Keys
from bertprep.errors import UsageError
from bertprep.examples.mask import Masker
from bertprep.layouts.layout import (
    IDS_NAMES,
    IGNORED_LABEL,
    MASK_NAMES,
    Columns,
    lay_out,
    unmasked_examples,
)
from bertprep.layouts.pack import mask_packed
from bertprep.options import Layout, MaskingOptions
from bertprep.shards.folder import OWN_LOADER, Shards
from bertprep.shards.rows import Records


@dataclass(frozen=True)
class Padding:
    """How wide the rows of a batch are: as its longest, or so many tokens, rounded up.

    Attributes:
        to: tokens of all rows; None for those of the longest row of each batch.
        multiple_of: what the width is rounded up to.
    """

    to: int | None = None
    multiple_of: int = 1

    def __post_init__(self) -> None:
        if self.multiple_of < 1 or (self.to is not None and self.to < 1):
            raise UsageError(
                f"a length and a multiple to pad to must be >= 1; got {self.to} and "
                f"{self.multiple_of}"
            )

    def width(self, longest: int) -> int:
        """Raises UsageError: if the longest row has more tokens than all are to have."""
        if self.to is not None and self.to < longest:
            raise UsageError(
                f"a row has {longest} tokens, and all are to be padded to {self.to}; pad to the "
                f"--max-seq-length of the shards, or to the longest row of each batch"
            )
        return -(-(self.to or longest) // self.multiple_of) * self.multiple_of


class ColumnMaker:
    """Makes the columns a trainer asks for out of the records of shards.

    Masked shards come out in the columns they are stored in.  Unmasked ones are masked as
    ``masking`` says (by default single tokens, 15%) and laid out in ``layout`` (by default the one
    they are stored in).

    Raises:
        UsageError: for options that do not go with the shards.
    """

    def __init__(
        self, shards: Shards, masking: MaskingOptions | None = None, layout: Layout | None = None
    ) -> None:
        stored = shards.options
        self._check(shards, masking, layout)
        self.layout: Layout = layout or stored.column_layout
        self.masking = (masking or MaskingOptions()) if stored.masking == "none" else None
        self._task = stored.task
        self._pad_id = shards.vocabulary.pad_id
        self._masker = Masker(shards.vocabulary, self.masking) if self.masking else None
        self._per_token = {
            name
            for name, values in {**shards.columns, **self._made(shards)}.items()
            if values.ndim == 2 and values.shape[1] == stored.max_seq_length
        }

    def _made(self, shards: Shards) -> Columns:
        """The columns that come out, with no rows."""
        if self.masking is None:
            return shards.columns
        made = replace(
            shards.options,
            masking=self.masking.masking,
            word_segmenter="none",
            layout=self.layout,
        )
        return Rules.of(made, shards.vocabulary).columns()

    def _check(self, shards: Shards, masking: MaskingOptions | None, layout: Layout | None) -> None:
        stored, path = shards.options, shards.folder.path
        if layout in OWN_LOADER:
            raise UsageError(f"no batch has the {layout} layout, which is for its own loader")
        if stored.masking == "none":
            return
        if masking is not None:
            raise UsageError(
                f"the rows of {path} are masked already; leave masking out, or make the shards "
                "with --masking none to mask them whenever they are read"
            )
        if layout not in (None, stored.column_layout):
            raise UsageError(
                f"the rows of {path} are masked and stored in the {stored.column_layout} layout; "
                f"got layout {layout!r}: make the shards in it, or with --masking none"
            )

    def __call__(self, records: Records, keys: Keys) -> Columns:
        """The columns of n records with keys uint64[n], in narrow types, padded somehow."""
        columns: Columns = {name: records[name] for name in records.dtype.names or ()}
        if self._masker is None:
            return columns
        if "sequence_ids" in columns:
            return mask_packed(columns, keys, self._masker, self._pad_id)
        if self.layout == "huggingface":  # elsewhere the number of predictions hangs on the width
            columns = self._resized(columns, self._longest(columns))
        examples = unmasked_examples(columns, keys)
        return lay_out(examples, self._masker(examples), self.layout, self._task)

    def padded(self, columns: Columns, padding: Padding) -> Columns:
        """The same columns, those that have a value for each token as wide as ``padding`` says."""
        return self._resized(columns, padding.width(self._longest(columns)))

    def _longest(self, columns: Columns) -> int:
        mask = next((columns[name] for name in MASK_NAMES if name in columns), None)
        if mask is None:
            mask = next(columns[name] for name in IDS_NAMES if name in columns) != self._pad_id
        return int(np.flatnonzero(mask.any(axis=0))[-1]) + 1

    def _resized(self, columns: Columns, width: int) -> Columns:
        return {
            name: self._wide(name, values, width) if name in self._per_token else values
            for name, values in columns.items()
        }

    def _wide(self, name: str, values: NDArray[Any], width: int) -> NDArray[Any]:
        missing = width - values.shape[1]
        if missing <= 0:
            return values[:, :width]
        fill = self._pad_id if name in IDS_NAMES else IGNORED_LABEL if name == "labels" else 0
        return np.pad(values, ((0, 0), (0, missing)), constant_values=fill)
