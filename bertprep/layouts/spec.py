"""The interface of a layout: its columns, how rows are laid out and read back, its files.

Each layout says it in a module of its own; whoever writes, reads, packs, checks, counts or shows
rows asks it, and knows no layout by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import Keys
from bertprep.common.part_names import part_name, part_pattern
from bertprep.errors import UsageError
from bertprep.examples.bins import allot_shards, longest_row
from bertprep.examples.examples import Examples
from bertprep.examples.mask import Masks
from bertprep.layouts.columns import Column, Columns
from bertprep.layouts.values import Role, values_of
from bertprep.options import Layout, OutputFormat, ShardOptions, Task
from bertprep.vocabulary.vocabulary import Vocabulary

SHARD_STEM = "shard"
# What shards are called, up to the ending.
SHARD_NAMES = rf"{part_pattern(SHARD_STEM)}(?:-bin-\d+)?"
_WITH_MASKS: tuple[Role, ...] = ("labels", "positions", "answers", "weights", "shown")
_WITHOUT_MASKS: tuple[Role, ...] = ("starts",)


class WrongRowsError(ValueError):
    """Rows are not as the layout lays them out.

    Attributes:
        good: bool[n] or bool[n, k], which rows or cells are right.
        explain: what to say of a wrong one by its row and column.
    """

    def __init__(self, good: NDArray[np.bool_], explain: Callable[[int, int], str]) -> None:
        self.good, self.explain = good, explain

    def __str__(self) -> str:
        row, column = np.argwhere(~self.good.reshape(len(self.good), -1))[0].tolist()
        return self.explain(row, column)


def require(good: NDArray[np.bool_], explain: Callable[[int, int], str]) -> None:
    """Refuses rows of which some, or cells of which, are not good.

    Args:
        good: bool[n] or bool[n, k].
        explain: what to say of a wrong one by its row and column.

    Raises:
        WrongRowsError: unless all are.
    """
    if not good.all():
        raise WrongRowsError(good, explain)


class Named(NamedTuple):
    """The values of a column that were read: [n], [n, L] or [n, P]; and what messages call them."""

    name: str
    values: NDArray[Any]


class Stored(NamedTuple):
    """A shard as it is stored: how many rows it has, and how many bytes."""

    rows: int
    size: int


# Rows that were read back: the values of each role, in which all layouts are alike.
Readout = Mapping[Role, Named]


class LayoutSpec:
    """A layout; what is said here holds for one that is no more than its columns.

    Attributes:
        name: what ``--layout`` calls it.
        every: all columns there can be, in their order in a file.
        containers: those that its rows may be in.
        why_no_other: the reason, as a message tells it; "" where there is nothing to tell.
        usual_container: the one its readers take, where none is asked for.
        may_pack: whether several examples may share a row.
        companions: names of the files beside the shards that its loader asks for.
        reader: who asks for them.
    """

    name: Layout
    every: tuple[Column, ...]
    containers: tuple[OutputFormat, ...] = ("parquet", "tfrecord")
    why_no_other = ""
    usual_container: OutputFormat = "parquet"
    may_pack = False
    companions: tuple[str, ...] = ()
    reader = ""

    @property
    def batches_as(self) -> Layout | None:
        """The layout of the batches that bertprep's loaders make of its rows.

        None if only a loader of its own reads them.
        """
        return self.name

    def check(self, options: ShardOptions) -> None:
        """Raises UsageError: for options that the layout has no rows for."""
        if options.output_format not in self.containers:
            raise UsageError(
                f"--layout {self.name} is for --output-format {' or '.join(self.containers)}"
                f"{self.why_no_other}; got {options.output_format}"
            )

    def check_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Raises UsageError: for one with tokens that the layout cannot hold."""

    def columns(self, task: Task, is_masked: bool) -> tuple[Column, ...]:
        """The columns of rows with or without masks."""
        absent = _WITHOUT_MASKS if is_masked else _WITH_MASKS
        return tuple(c for c in self.every if task in c.tasks and c.role not in absent)

    def lay_out(
        self, examples: Examples, masks: Masks | None, task: Task, vocabulary: Vocabulary
    ) -> Columns:
        """Examples as rows of the layout.

        Args:
            examples: n of them.
            masks: theirs; None if they are stored without.
            task: which labels the pairs have.
            vocabulary: what the ids mean.

        Returns:
            The columns by name: each [n], or [n, k] with k = 1, L tokens or P predictions; an Arrow
            array where values are text, bytes or lists of any length.
        """
        laid_out: Columns = {}
        for column in self.columns(task, masks is not None):
            values = values_of(column.role, examples, masks).astype(column.dtype, copy=False)
            laid_out[column.name] = values[:, None] if column.is_list else values
        return laid_out

    def read_back(self, columns: Columns, options: ShardOptions, vocabulary: Vocabulary) -> Readout:
        """Rows of the layout by what their columns are for.

        Args:
            columns: of n rows, by name.
            options: what the rows were made by.
            vocabulary: what the ids mean.

        Returns:
            The columns by their roles, each [n, L] or [n, P] but ``pair``.

        Raises:
            WrongRowsError: if some are not as the layout lays them out; what all layouts have in
                common is not looked at.
        """
        return self.by_role(columns)

    def by_role(self, columns: Columns) -> Readout:
        """The layout's columns, as far as they are there, by their roles."""
        return {
            column.role: Named(column.name, columns[column.name])
            for column in self.every
            if column.name in columns
        }

    def batch(self, records: Columns, pad_id: int) -> Columns:
        """Records of the layout as columns of ``batches_as``."""
        return records

    def parquet_bytes_per_token(self, is_masked: bool) -> float:
        """About how many bytes of a Parquet shard a token takes: measured on English and Chinese.

        Args:
            is_masked: whether the rows are stored with masks.
        """
        return 1.9

    def shard_name(
        self, number: int, count: int, options: ShardOptions, bin_number: int, filled: int
    ) -> str:
        """The name of a shard's file.

        Args:
            number: of the shard, from 0.
            count: of all shards.
            options: those of the run.
            bin_number: the shard's length bin, from 0.
            filled: how many bins with rows come before that.
        """
        longest, width = longest_row(bin_number, options), len(str(options.max_seq_length))
        of_bin = f"-bin-{longest:0{width}}" if options.bin_size else ""
        return f"{part_name(SHARD_STEM, number, count)}{of_bin}.{options.output_format}"

    @property
    def shard_names(self) -> str:
        """A regular expression for the names of its shards, with whatever options."""
        return rf"{SHARD_NAMES}\.(?:{'|'.join(get_args(OutputFormat))})"

    def shard_counts(
        self, rows: Sequence[int], usual: Sequence[int], options: ShardOptions
    ) -> list[int]:
        """Shards of each length bin: as many in all as asked for, or as usual.

        Args:
            rows: of each bin.
            usual: how many shards of each bin have a good size.
            options: those of the run, with the number asked for.

        Raises:
            UsageError: for more shards than rows, or fewer than bins with rows.
        """
        wanted = options.num_shards
        if wanted is None:
            return list(usual)
        if wanted > sum(rows):
            raise UsageError(
                f"--num-shards {wanted} is more than the {sum(rows)} examples there are; "
                f"use at most {sum(rows)}, or auto"
            )
        filled = np.count_nonzero(rows)
        if wanted < filled:
            raise UsageError(
                f"--num-shards {wanted} is fewer than the {filled} bins with rows that --bin-size "
                f"{options.bin_size} gives; use at least {filled}, or auto"
            )
        return allot_shards(rows, wanted)

    def companion_files(
        self, shards: Mapping[str, Stored], options: ShardOptions
    ) -> dict[str, bytes]:
        """The contents of ``companions`` for shards by their names, and what they were made by."""
        return {}


def unmasked_examples(read: Readout, keys: Keys) -> Examples:
    """Rows that were laid out without masks as examples again, with keys uint64[n]."""
    ids = read["ids"].values
    lengths = np.count_nonzero(read["mask"].values, axis=1)
    second_lengths = np.count_nonzero(read["types"].values, axis=1)
    labels = read["pair"].values if "pair" in read else np.zeros_like(lengths)
    return Examples(
        keys,
        ids.astype(np.int32, copy=False),
        lengths,
        lengths - second_lengths,
        labels.reshape(-1).astype(np.int8),
        read["starts"].values == 0,
    )
