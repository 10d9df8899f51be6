"""The order in which a trainer's ranks read the rows of an epoch: numbers only, no data.

The rows of a shard already stand in random order.  So an epoch permutes chunks (stretches of a
shard that are read at once), and within windows of about one chunk it permutes rows; nothing is as
long as the dataset.  All of it derives from (seed, epoch), whoever computes it:

    chunks, permuted      each length bin by itself; one after the other they are a bin's rows
    -> ranks              each has a range of every bin's rows, and reads no others
    -> lanes              a rank's range again in a few parts; blocks of steps take turns
    -> windows            the chunks of a lane's range, one or two at a time, their rows permuted
    -> steps              a batch from one lane of one bin, the same bin on all ranks

Lanes are what lets a trainer's worker processes, which make every W-th block each, read apart from
each other, while the steps are the same for every number W of workers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.common.draws import permutation, stream_key
from bertprep.common.ragged import gather_index, offsets_of
from bertprep.common.whole_numbers import checked_seed, whole_number
from bertprep.errors import UsageError
from bertprep.options import DEFAULT_SEED

Ints = NDArray[np.int64]

# To be raised when the same options give another order: a stream cannot be resumed in that.
ORDER_VERSION = 2

# The most lanes of a rank, over all bins, as each takes a window's memory.  All can be dealt evenly
# to the usual numbers of workers.
_LANES = (12, 6, 4, 3, 2, 1)
# A lane shorter than this would cut too many chunks in two, to be read once for each part.
_LEAST_WINDOWS = 2


@dataclass(frozen=True)
class OrderOptions:
    """How the rows of an epoch become steps.

    Attributes:
        batch_size: rows of a step on one rank.
        world_size: ranks that share the rows.
        rank: which of them this is, from 0.
        seed: of the order.
        shuffle: a new order each epoch; else the stored one, a range of it for each rank.
        drop_last: leave out what fills no step on all ranks; else it is spread over them.
    """

    batch_size: int
    world_size: int = 1
    rank: int = 0
    seed: int = DEFAULT_SEED
    shuffle: bool = True
    drop_last: bool = False

    def __post_init__(self) -> None:
        numbers = {"batch_size": 1, "world_size": 1, "rank": 0}
        given = {
            name: whole_number(name, getattr(self, name), least) for name, least in numbers.items()
        }
        for name, number in {**given, "seed": checked_seed(self.seed)}.items():
            object.__setattr__(self, name, number)
        if self.rank >= self.world_size:
            raise UsageError(
                f"rank must be from 0 to world_size - 1; got rank {self.rank} of {self.world_size}"
            )


class Window(NamedTuple):
    """Rows that are read together and come out permuted.

    Attributes:
        lane, number: identify it within the epoch and the rank.
        pieces: int64[k, 3]: (chunk, start, stop), rows of a chunk, to be put one after the other.
        order: int64[n], which of these rows comes first, second, ...
        rows: int64[n], the rows in that order, counted over all chunks as they are stored.
    """

    lane: int
    number: int
    pieces: Ints
    order: Ints
    rows: Ints


class _Lane(NamedTuple):
    """A range of a bin's rows: the pieces of each window, and where in the lane it starts."""

    pieces: list[Ints]
    edges: Ints


class Order:
    """The steps of one rank in one epoch.

    Args:
        rows: int64[chunks], rows of each chunk.
        bins: int64[chunks], the length bin of each; a bin with too few rows for all ranks joins the
            next longer one.
        window_rows: about how many rows to permute together.
        block: how many steps in a row draw from one lane.

    Raises:
        UsageError: if there is no row for each rank or, with drop_last, no full step.
    """

    def __init__(
        self,
        rows: Ints,
        bins: Ints,
        options: OrderOptions,
        epoch: int,
        window_rows: int,
        block: int = 1,
    ) -> None:
        self._rows, self._options, self._epoch = rows, options, epoch
        self._first_rows = offsets_of(rows)
        self._window_rows, self._block = window_rows, block
        self._groups = self._permuted(_groups(rows, bins, options))
        self._lanes_each = self._lane_count() if options.shuffle else 1
        self._deal()
        self._lanes: dict[int, _Lane] = {}
        self._windows: dict[int, Window] = {}

    def __len__(self) -> int:
        return len(self._lane_of)

    def step(self, number: int) -> Iterator[tuple[Window, int, int]]:
        """Where a step's rows stand: rows ``start`` to ``stop`` of one or a few windows."""
        lane, start = int(self._lane_of[number]), int(self._starts[number])
        stop = start + int(self._sizes[number])
        edges = self._lane(lane).edges
        first, last = np.searchsorted(edges, (start, stop - 1), side="right").tolist()
        for window in range(first - 1, last):
            edge, end = edges[window : window + 2].tolist()
            yield self._window(lane, window), max(start, edge) - edge, min(stop, end) - edge

    def rows(self, number: int) -> Ints:
        """int64[n]: a step's rows, counted over all chunks as they are stored."""
        return np.concatenate([w.rows[start:stop] for w, start, stop in self.step(number)])

    def _lane_count(self) -> int:
        """Lanes of each bin."""
        windows = int(self._rows.sum()) // (self._window_rows * self._options.world_size)
        most = min(_LANES[0], windows // _LEAST_WINDOWS) // len(self._groups)
        return next(count for count in _LANES if count <= max(1, most))

    def _permuted(self, groups: list[Ints]) -> list[Ints]:
        if not self._options.shuffle:
            return groups
        keys = [self._key("chunks", number) for number in range(len(groups))]
        return [g[permutation(key, len(g))] for key, g in zip(keys, groups, strict=True)]

    def _key(self, name: str, *numbers: int) -> int:
        return stream_key(self._options.seed, name, self._epoch, *numbers)

    def _deal(self) -> None:
        """Says of each step its lane, its size and where in the lane it starts."""
        rank = self._options.rank
        spread = [_step_sizes(int(self._rows[g].sum()), self._options) for g in self._groups]
        steps = np.array([full + len(tail) for full, tail in spread])
        group = np.repeat(np.arange(len(steps)), steps)
        if self._options.shuffle and len(steps) > 1:
            group = group[permutation(self._key("bins"), len(group))]
        sizes = np.full(len(group), self._options.batch_size, np.int64)
        by_group = np.argsort(group, kind="stable")
        for end, (_, tail) in zip(np.cumsum(steps).tolist(), spread, strict=True):
            sizes[by_group[end - len(tail) : end]] = tail[:, rank]
        lane = np.arange(len(group)) // self._block % self._lanes_each + group * self._lanes_each
        by_lane = np.argsort(lane, kind="stable")
        before = offsets_of(sizes[by_lane])
        edges = before[np.searchsorted(lane[by_lane], np.arange(len(steps) * self._lanes_each + 1))]
        starts = np.empty(len(group), np.int64)
        starts[by_lane] = before[:-1] - edges[lane[by_lane]]
        self._lane_of, self._sizes, self._starts = lane, sizes, starts
        # The rank's rows of a group follow those of the ranks before it, and the groups each other.
        first = [_rows_before(rank, self._options.batch_size, *s) for s in spread]
        shift = np.repeat(np.array(first) - edges[:: self._lanes_each][:-1], self._lanes_each)
        self._lane_edges = edges[:-1] + shift, edges[1:] + shift

    def _lane(self, number: int) -> _Lane:
        if number not in self._lanes:
            chunks = self._groups[number // self._lanes_each]
            start, stop = (int(edges[number]) for edges in self._lane_edges)
            pieces = _pieces(chunks, offsets_of(self._rows[chunks]), start, stop)
            starts = offsets_of(pieces[:, 2] - pieces[:, 1])
            opens = np.flatnonzero(np.diff(starts[:-1] // self._window_rows, prepend=-1))
            edges = starts[np.append(opens, len(pieces))]
            self._lanes[number] = _Lane(np.split(pieces, opens[1:]), edges)
        return self._lanes[number]

    def _window(self, lane: int, number: int) -> Window:
        """A lane's windows are asked for in turn: the last one is kept."""
        window = self._windows.get(lane)
        if window is None or window.number != number:
            pieces = self._lane(lane).pieces[number]
            chunk, start, stop = pieces.T
            rows = gather_index(self._first_rows[chunk] + start, stop - start)
            order = np.arange(len(rows))
            if self._options.shuffle:
                order = permutation(self._key("rows", self._options.rank, lane, number), len(rows))
            window = self._windows[lane] = Window(lane, number, pieces, order, rows[order])
        return window


def _groups(rows: Ints, bins: Ints, options: OrderOptions) -> list[Ints]:
    """The chunks of each bin, the shortest rows first; bins with too few rows joined."""
    least = options.world_size * (options.batch_size if options.drop_last else 1)
    if rows.sum() < least:
        if options.drop_last:
            what = f"a step of {options.world_size} x {options.batch_size}; drop_last leaves none"
        else:
            what = f"{options.world_size} ranks, each of which needs one or more"
        raise UsageError(f"expected rows for {what}; got {rows.sum():,} rows")
    groups: list[Ints] = []
    waiting = np.empty(0, np.int64)
    for bin_length in np.unique(bins):
        waiting = np.append(waiting, np.flatnonzero(bins == bin_length))
        if rows[waiting].sum() >= least:
            groups.append(waiting)
            waiting = waiting[:0]
    groups[-1] = np.append(groups[-1], waiting)
    return groups


def _step_sizes(rows: int, options: OrderOptions) -> tuple[int, Ints]:
    """How many steps are full on all ranks, and int64[k, ranks]: the sizes of the last k others.

    What fills no step is spread evenly over one more.  If it is less than a row for each rank, the
    last full step and it are halved instead (or, full with one row, given a second one).
    """
    ranks, batch_size = options.world_size, options.batch_size
    full, rest = divmod(rows, ranks * batch_size)
    share = np.diff(np.arange(ranks + 1) * rest // ranks)
    if rest == 0 or options.drop_last:
        return full, np.empty((0, ranks), np.int64)
    if rest >= ranks:
        return full, share[None]
    share += batch_size
    if batch_size == 1:
        return full - 1, share[None]
    return full - 1, np.stack((share - share // 2, share // 2))


def _rows_before(rank: int, batch_size: int, full: int, tail: Ints) -> int:
    """How many rows the ranks before this one have."""
    return rank * full * batch_size + int(tail[:, :rank].sum())


def _pieces(chunks: Ints, edges: Ints, start: int, stop: int) -> Ints:
    """int64[n, 3]: (chunk, start, stop) for rows ``start`` to ``stop`` of chunks in a row."""
    first = int(np.searchsorted(edges, start, side="right")) - 1
    last = int(np.searchsorted(edges, stop, side="left"))
    within = slice(first, last)
    return np.column_stack(
        (
            chunks[within],
            np.maximum(start - edges[within], 0),
            np.minimum(stop, edges[first + 1 : last + 1]) - edges[within],
        )
    )
