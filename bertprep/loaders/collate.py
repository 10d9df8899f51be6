"""Records to the columns of a batch: masked if they are stored without masks, and padded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import Keys
from bertprep.errors import UsageError
from bertprep.examples.mask import Masker
from bertprep.layouts.columns import Column, Columns, Records, Schema
from bertprep.layouts.pack import mask_packed
from bertprep.layouts.registry import layout_of, schema_of
from bertprep.layouts.spec import unmasked_examples
from bertprep.layouts.values import Role
from bertprep.options import Layout, MaskingOptions, ShardOptions
from bertprep.shards.folder import Shards
from bertprep.vocabulary.vocabulary import Vocabulary


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


def _check_words(vocabulary: Vocabulary, masking: MaskingOptions | None) -> None:
    """Raises UsageError if words are to be masked whose tokens do not show where they begin."""
    if masking and masking.masking != "token" and not vocabulary.settings.marks_words:
        raise UsageError(
            f"no token of the vocabulary shows where a word begins, so that masking "
            f"{masking.masking!r} is not possible when rows are read: make the shards with "
            f"--masking {masking.masking}, or take masking 'token'"
        )


class ColumnMaker:
    """Makes the columns a trainer asks for out of the records of shards.

    Masked shards come out in the columns they are stored in, or those that their layout has in
    batches.  Unmasked ones are masked as ``masking`` says (by default single tokens, 15%) and laid
    out in ``layout`` (by default as masked ones).

    Attributes:
        layout: that of the batches.
        masking: how rows are masked; None if they are stored with masks.
        schema: the columns of a batch, as wide as they can be.

    Raises:
        UsageError: for options that do not go with the shards.
    """

    def __init__(
        self, shards: Shards, masking: MaskingOptions | None = None, layout: Layout | None = None
    ) -> None:
        stored = shards.options
        self._stored = layout_of(stored.column_layout)
        usual = self._stored.batches_as
        assert usual is not None, "Shards lets no rows pass that only another loader reads"
        self._usual = layout_of(usual)
        self.layout = self._chosen(shards, masking, layout)
        self.masking = (masking or MaskingOptions()) if stored.masking == "none" else None
        self._vocabulary, self._task = shards.vocabulary, stored.task
        self._masker = Masker(shards.vocabulary, self.masking) if self.masking else None
        read = schema_of(replace(stored, layout=usual))
        self.schema = self._made(stored)
        columns = (*shards.schema.columns, *read.columns, *self.schema.columns)
        self._columns = {column.name: column for column in columns}
        self._has_slots = any(column.per == "prediction" for column in self.schema.columns)

    def _made(self, stored: ShardOptions) -> Schema:
        """The columns that come out."""
        if self._masker is None or self.masking is None:
            return schema_of(replace(stored, layout=self.layout))
        unit = self.masking.masking
        made = replace(stored, masking=unit, word_segmenter="none", layout=self.layout)
        most = self._masker.most(stored.max_seq_length)
        return replace(schema_of(made), max_predictions_per_seq=most)

    def _chosen(
        self, shards: Shards, masking: MaskingOptions | None, layout: Layout | None
    ) -> Layout:
        """The layout of the batches, for options that go with the shards."""
        stored, path = shards.options, shards.folder.path
        chosen = self._usual.name if layout is None else layout_of(layout).batches_as
        if chosen is None:
            raise UsageError(f"no batch has the {layout} layout, which is for its own loader")
        if stored.masking == "none":
            _check_words(shards.vocabulary, masking)
            return chosen
        if masking is not None:
            raise UsageError(
                f"the rows of {path} are masked already; leave masking out, or make the shards "
                "with --masking none to mask them whenever they are read"
            )
        if chosen != self._usual.name:
            raise UsageError(
                f"the rows of {path} are masked and stored in the {stored.column_layout} layout; "
                f"got layout {layout!r}: make the shards in it, or with --masking none"
            )
        return chosen

    def __call__(self, records: Records, keys: Keys) -> Columns:
        """The columns of n records with keys uint64[n], in narrow types, in the schema's order.

        Columns per token are as wide as the longest row or wider.
        """
        columns = self._laid_out(records, keys)
        return {column.name: columns[column.name] for column in self.schema.columns}

    def _laid_out(self, records: Records, keys: Keys) -> Columns:
        stored: Columns = {name: records[name] for name in records.dtype.names or ()}
        columns = self._stored.batch(stored, self._vocabulary.pad_id)
        if self._masker is None:
            return columns
        if "sequence_ids" in columns:
            return mask_packed(columns, keys, self._masker, self._vocabulary.pad_id)
        if not self._has_slots:  # else the number of slots is that of the width
            columns = self._resized(columns, self._longest(columns))
        examples = unmasked_examples(self._usual.by_role(columns), keys)
        masks = self._masker(examples)
        return layout_of(self.layout).lay_out(examples, masks, self._task, self._vocabulary)

    def padded(self, columns: Columns, padding: Padding) -> Columns:
        """The same columns, those that have a value for each token as wide as ``padding`` says."""
        return self._resized(columns, padding.width(self._longest(columns)))

    def _longest(self, columns: Columns) -> int:
        mask = self._of_role("mask", columns)
        if mask is None:
            ids = self._of_role("ids", columns)
            assert ids is not None
            mask = ids != self._vocabulary.pad_id
        return int(np.flatnonzero(mask.any(axis=0))[-1]) + 1

    def _of_role(self, role: Role, columns: Columns) -> NDArray[Any] | None:
        found = (values for n, values in columns.items() if self._columns[n].role == role)
        return next(found, None)

    def _resized(self, columns: Columns, width: int) -> Columns:
        return {
            name: self._wide(self._columns[name], values, width) for name, values in columns.items()
        }

    def _wide(self, column: Column, values: NDArray[Any], width: int) -> NDArray[Any]:
        if column.per != "token":
            return values
        missing = width - values.shape[1]
        if missing <= 0:
            return values[:, :width]
        fill = column.filling(self._vocabulary.pad_id)
        return np.pad(values, ((0, 0), (0, missing)), constant_values=fill)
