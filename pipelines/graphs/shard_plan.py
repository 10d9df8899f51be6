"""Shards: equal shares of all examples in the order of their keys, planned from counts alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bertprep.common.draws import bucket_of
from bertprep.errors import InputError
from bertprep.examples.assemble import row_lengths
from bertprep.examples.bins import bin_count, bin_of
from bertprep.layouts.registry import layout_of
from bertprep.options import ShardOptions
from bertprep.settings.row_length import special_tokens
from bertprep.shards.write import row_edges
from bertprep.text.prepared_columns import keys_of, sorted_by_key
from pipelines.graphs.pools import shared_evenly
from pipelines.steps.packets import Packet, unpacked
from pipelines.steps.sizes import RunSizes
from pipelines.steps.stage import Stage

# All rows may be of one bin, whose buckets then hold that many times the rows.
_MAX_BUCKET_GROWTH = 4
_SHARD_BYTES = 64 << 20
_ID_BYTES = 4


@dataclass(frozen=True)
class Shard:
    """One shard, among all examples in the order of their bins and keys.

    Attributes:
        number: of the shard.
        count: how many shards there are.
        bin: the number of its bin of lengths.
        filled: the number of the bin among those with rows.
        first, last: its rows, by their numbers among all.
    """

    number: int
    count: int
    bin: int
    filled: int = 0
    first: int = 0
    last: int = 0

    def name(self, options: ShardOptions) -> str:
        layout = layout_of(options.column_layout)
        return layout.shard_name(self.number, self.count, options, self.bin, self.filled)


@dataclass(frozen=True)
class ShardPlan:
    """All shards, and where their examples are.

    Attributes:
        bins: int64[n], the bin of each shard.
        filled: int64[n], its number among those with rows.
        edges: int64[n + 1]: shard k has the rows ``edges[k]`` to ``edges[k + 1]``.
        buckets: int64[b + 1], of each bucket the number of its first row; those of a bin are
            neighbours.
        stage: the examples, without what was counted.
        options: how they are binned.
    """

    bins: NDArray[np.int64]
    filled: NDArray[np.int64]
    edges: NDArray[np.int64]
    buckets: NDArray[np.int64]
    stage: Stage
    options: ShardOptions

    @property
    def count(self) -> int:
        """How many shards there are."""
        return len(self.bins)

    def shard(self, number: int) -> Shard:
        first, last = self.edges[number : number + 2].tolist()
        of_bin, filled = int(self.bins[number]), int(self.filled[number])
        return Shard(number, self.count, of_bin, filled, first, last)

    def _spans(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """int64[n] each: of each shard the first bucket that has rows of it, and the one after."""
        first = np.searchsorted(self.buckets, self.edges[:-1], side="right") - 1
        last: NDArray[np.int64] = np.searchsorted(self.buckets, self.edges[1:], side="left")
        return first, last

    def shares(self, rows: pa.RecordBatch) -> Iterator[tuple[int, pa.RecordBatch]]:
        """The number of each shard that may have any of these examples, and which of them."""
        each = (len(self.buckets) - 1) // bin_count(self.options)
        bins = bin_of(row_lengths(rows), self.options)
        buckets = bins * each + bucket_of(keys_of(rows), each)
        firsts, lasts = self._spans()
        begin = int(np.searchsorted(lasts, buckets[0], side="right"))
        end = int(np.searchsorted(firsts, buckets[-1], side="right"))
        starts, stops = (np.searchsorted(buckets, a[begin:end]).tolist() for a in (firsts, lasts))
        for number, start, stop in zip(range(begin, end), starts, stops, strict=True):
            if stop > start:
                yield number, rows.slice(start, stop - start)

    def rows(
        self, shard: Shard, packets: Sequence[Packet], schema: pa.Schema, at_once: int
    ) -> Iterator[pa.RecordBatch]:
        """The examples of a shard in the order of their keys.

        Args:
            shard: one of these.
            packets: examples of it that came through Beam; none if they are in files.
            schema: of the examples.
            at_once: about how many are read, and are in a batch.
        """
        spans = self._spans()
        begin, end = int(spans[0][shard.number]), int(spans[1][shard.number])
        while begin < end:
            most = self.buckets[begin] + at_once
            stop = int(np.searchsorted(self.buckets, most, side="right")) - 1
            # What was sent is in memory already.
            stop = end if packets else min(end, max(begin + 1, stop))
            found = chain(self.stage.files.batches(begin, stop, schema), unpacked(packets, schema))
            first, last = self.buckets[[begin, stop]].tolist()
            skip = max(0, shard.first - first)
            take = min(last, shard.last) - first - skip
            yield sorted_by_key(found, schema).slice(skip, take)
            begin = stop


def example_buckets(tokens: int, options: ShardOptions, sizes: RunSizes) -> int:
    """How many buckets the examples of a bin of lengths go to.

    Args:
        tokens: of the text, about.
        options: how many rows are made of it.
        sizes: about how many rows a bucket is to have.
    """
    rows = tokens * options.dupe_factor // options.max_seq_length
    return max(1, rows // (sizes.bucket_rows * min(bin_count(options), _MAX_BUCKET_GROWTH)))


def plan_of(options: ShardOptions, stage: Stage) -> ShardPlan:
    """Plans the shards of the examples of a stage, whose counts are rows and tokens of buckets."""
    rows = np.zeros(stage.buckets, np.int64)
    numbers, counted_rows, tokens = stage.counts.astype(np.int64)
    rows[numbers] = counted_rows
    of_bins = rows.reshape(bin_count(options), -1).sum(axis=1).tolist()
    slots = [count * options.max_seq_length for count in of_bins]
    if options.pack:  # rows take about their tokens, and at most so many special ones
        slots = [int(tokens.sum()) + special_tokens(True) * sum(of_bins)]
    counts = planned_counts(of_bins, slots, options)
    ranges = np.array(list(shard_ranges(of_bins, counts)), np.int64)
    filled = np.append(0, np.cumsum(np.array(of_bins) > 0))[ranges[:, 0]]
    return ShardPlan(
        ranges[:, 0],
        filled,
        np.append(ranges[:, 1], ranges[-1, 2]),
        np.append(0, np.cumsum(rows)),
        replace(stage, counts=stage.counts[:, :0]),
        options,
    )


def planned_counts(rows: Sequence[int], slots: Sequence[int], options: ShardOptions) -> list[int]:
    """Shards of each bin: as many as asked for, or enough for at most 64 MiB of token ids in each.

    What the number asked for stands for is the layout's to say.

    Args:
        rows: of each bin.
        slots: tokens, padding included, of each bin; of all in one where rows are packed.
        options: those of the run, with the number asked for.

    Raises:
        InputError, UsageError: if there are no rows, fewer rows than shards, or fewer shards than
            bins with rows.
    """
    if sum(rows) == 0:
        raise InputError(
            "no example could be made of the inputs: every document is too short, or "
            "holds nothing that could be predicted, as where all is [UNK]: learn a vocabulary of "
            "this text with `bertprep vocab` then"
        )
    usual = [shared_evenly(-(-count * _ID_BYTES // _SHARD_BYTES)) for count in slots]
    return layout_of(options.column_layout).shard_counts(rows, usual, options)


def shard_ranges(rows: Sequence[int], counts: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(bin, first row, row behind the last one) of every shard; rows are numbered over all bins."""
    start = 0
    for number, (of_bin, shards) in enumerate(zip(rows, counts, strict=True)):
        for first, last in pairwise(row_edges(of_bin, shards) if shards else []):
            yield number, start + first, start + last
        start += of_bin
