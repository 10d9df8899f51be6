"""Composes the rows of a shard: examples are masked, laid out, and packed if that was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa

from bertprep.common.ragged import Ints
from bertprep.examples.assemble import assemble, row_lengths
from bertprep.examples.mask import Masker
from bertprep.examples.statistics import count_examples, count_packed
from bertprep.layouts.columns import Columns
from bertprep.layouts.pack import Places, like_lengths, pack, repack
from bertprep.layouts.registry import layout_of
from bertprep.options import ShardOptions
from bertprep.shards.sizes import SIZES, Sizes
from bertprep.text.prepared_columns import keys_of
from bertprep.vocabulary.vocabulary import Vocabulary

Note = Callable[[pa.RecordBatch, Ints], None]


class Composer:
    """Makes the columns of a shard block by block; build one for each shard.

    Args:
        vocabulary: what the ids of the examples mean.
        masker: masks them; None to leave them unmasked.
        options: the layout, and whether to pack.
        sizes: of blocks, and of the windows in which rows are packed.
        note: is told the examples in the order of the shard, and the number of each one's row.

    Attributes:
        options, sizes: as given.
        statistics: the sums over all blocks so far; those of packed rows at the end only.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        masker: Masker | None,
        options: ShardOptions,
        sizes: Sizes = SIZES,
        note: Note | None = None,
    ) -> None:
        self._vocabulary = vocabulary
        self._masker = masker
        self.options = options
        self.sizes = sizes
        self._layout = layout_of(options.column_layout)
        self._note = note
        self._rows = 0
        self.statistics: Counter[str] = Counter()

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[Columns]:
        """The columns of rows of ``example_schema``, in blocks of one size but for the last."""
        rows = self.sizes.block_rows(self.options.max_seq_length)
        blocks = equal_blocks(batches, rows)
        if self.options.pack:
            return self._packed(blocks, rows)
        return map(self._plain, blocks)

    def _plain(self, block: pa.RecordBatch) -> Columns:
        self._tell(block, np.arange(block.num_rows), block.num_rows)
        return self._columns(block, self.options.max_seq_length)

    def _packed(self, blocks: Iterable[pa.RecordBatch], rows: int) -> Iterator[Columns]:
        counts: Counter[str] = Counter()
        windows = _windows(blocks, self.sizes.window_tokens)
        for block in _equal_columns(map(self._pack, windows), rows):
            counts.update(count_packed(block["sequence_ids"]))
            yield block
        self.statistics = Counter({**self.statistics, **counts})

    def _pack(self, window: pa.RecordBatch) -> Columns:
        places = pack(row_lengths(window), keys_of(window), self.options.max_seq_length)
        shape = int(places.rows.max()) + 1, self.options.max_seq_length
        order = np.lexsort((places.numbers, places.rows)) if self._note else places.rows[:0]
        self._tell(window.take(pa.array(order)), places.rows[order], shape[0])
        return repack(self._placed(window, places), shape, self._vocabulary.pad_id)

    def _tell(self, examples: pa.RecordBatch, rows: Ints, count: int) -> None:
        """Notes examples of the next ``count`` rows, which are numbered from 0 here."""
        if self._note:
            self._note(examples, rows + self._rows)
        self._rows += count

    def _placed(self, window: pa.RecordBatch, places: Places) -> Iterator[tuple[Columns, Places]]:
        for members in like_lengths(places.lengths):
            part = places.take(members)
            yield self._columns(window.take(pa.array(members)), int(part.lengths.max())), part

    def _columns(self, rows: pa.RecordBatch, length: int) -> Columns:
        # Only masks of words, and rows without masks, say where words begin.
        examples = assemble(
            rows, self._vocabulary, length, with_words=self.options.masking != "token"
        )
        masks = self._masker(examples) if self._masker else None
        self.statistics.update(count_examples(examples, masks, self._vocabulary))
        return self._layout.lay_out(examples, masks, self.options.task, self._vocabulary)


def equal_blocks(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of ``rows`` (the last one of what is left)."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        if count >= rows:
            merged = _merged(waiting)
            whole = count - count % rows
            yield from (merged.slice(start, rows) for start in range(0, whole, rows))
            waiting, count = [merged.slice(whole)], count - whole
    if count:
        yield _merged(waiting)


def _windows(blocks: Iterable[pa.RecordBatch], least: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of ``least`` tokens or more, each packed by itself."""
    waiting: list[pa.RecordBatch] = []
    tokens = 0
    for block in blocks:
        waiting.append(block)
        tokens += len(block.column("ids").flatten())
        if tokens >= least:
            yield _merged(waiting)
            waiting, tokens = [], 0
    if waiting:
        yield _merged(waiting)


def _merged(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def _equal_columns(parts: Iterable[Columns], rows: int) -> Iterator[Columns]:
    """As ``equal_blocks``, for rows that are laid out."""
    rest: Columns = {}
    for part in parts:
        columns = {name: np.concatenate((rest.get(name, v[:0]), v)) for name, v in part.items()}
        count = len(columns["input_ids"])
        edges = [*range(0, count - rows + 1, rows), count - count % rows]
        for start, stop in pairwise(edges):
            yield {name: values[start:stop] for name, values in columns.items()}
        rest = {name: values[edges[-1] :] for name, values in columns.items()}
    if rest and len(rest["input_ids"]):
        yield rest
