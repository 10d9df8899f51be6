"""The ``tf.data.Dataset`` of the steps of one rank, read by their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from threading import Lock
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bertprep.common.whole_numbers import whole_number
from bertprep.errors import BertprepError, UsageError
from bertprep.layouts.columns import Column, Columns
from bertprep.loaders.batches import Batches
from bertprep.loaders.collate import ColumnMaker, Padding
from bertprep.loaders.mixed import Folders, MixedBatches, Sources
from bertprep.loaders.order import OrderOptions
from bertprep.loaders.ranks import RankFinder
from bertprep.options import Layout, MaskingOptions, MaskingUnit
from bertprep.settings.defaults import DEFAULT_SEED
from bertprep.shards.sizes import SIZES, Sizes

# Each holds stretches of the shards; that of a pass that was broken off stays until others come.
_OPEN_STREAMS = 4
# A pass without end begins so many epochs after the one before it.
_EPOCHS_APART = 1 << 20


def dataset(
    folder: Folders,
    batch_size: int,
    *,
    masking: MaskingUnit | MaskingOptions | None = None,
    layout: Layout | None = None,
    pad_to: int | None = None,
    pad_to_multiple_of: int = 1,
    shuffle: bool = True,
    drop_last: bool = False,
    seed: int = DEFAULT_SEED,
    rank: int | None = None,
    world_size: int | None = None,
    epochs: int | None = None,
    epoch: int = 0,
    step: int = 0,
    validation: bool | None = None,
    sizes: Sizes = SIZES,
) -> tf.data.Dataset:
    """Batches of shards as dicts of tensors, in a new order and with new masks each epoch.

    Each row comes exactly once an epoch over all ranks, and every rank has the same number of
    steps.  A step draws from one length bin, the same on all ranks.  Each pass through the dataset
    is of the next epochs (Keras: ``fit(dataset(..., epochs=1), epochs=3)``); one without end begins
    so many epochs after the pass before it that the two never meet.  Go on after n steps with
    ``step=n``, or with an iterator that ``tf.train.Checkpoint`` restores.

    Its ``cardinality()`` is known.  Shapes are static but for the rows of a batch, unless
    ``drop_last``, and for the tokens of a row, unless ``pad_to``; XLA and TPUs want both.

    With several ranks it is not sharded again: give it to ``tf.distribute`` by
    ``distribute_datasets_from_function``, with ``input_pipeline_id`` for the rank and
    ``num_input_pipelines`` for world_size.

    Args:
        folder: the --output of ``bertprep shard``, here or on gs:// or s3://; or several
            as the keys of their weights, as in ``{"wiki/": 2, "books/": 1}``: each step is of one
            folder, and an epoch has so few steps as read each at least once.
        batch_size: rows of a step on this rank; the last steps of an epoch may have fewer.
        masking: how to mask unmasked rows: a unit, or all options; None for single tokens, 15%.
        layout: columns for unmasked rows; None for those they are stored in.
        pad_to: tokens to pad all rows to; None for as many as the longest of the batch.
        pad_to_multiple_of: what that is rounded up to.
        shuffle: a new order each epoch; else the stored one.
        drop_last: leave out the rows that do not fill a step on all ranks.
        seed: of the order and the masks.
        rank: of this process; None for RANK, as torchrun and its like set it.
        world_size: how many ranks there are; None for WORLD_SIZE.
        epochs: how many a pass has; None for no end.
        epoch: the first of them.
        step: how many steps to leave out of the first pass, of one epoch or more.
        validation: each pass is the same, with the same masks; None for yes where ``shuffle`` is
            False.
        sizes: how many rows are read, masked and sent at once; tests choose small ones.

    Raises:
        UsageError, InputError: for options that do not go together, for damaged folders, and where
            the rank is not known.
    """
    _check_start(epochs, epoch, step)
    options = MaskingOptions(masking) if isinstance(masking, str) else masking
    sources = Sources.open(folder, options, layout, sizes)
    padding = Padding(pad_to, pad_to_multiple_of)
    ranks = RankFinder(rank, world_size).find()
    order = OrderOptions(batch_size, ranks.world_size, ranks.rank, seed, shuffle, drop_last)
    batches = sources.batches(order, padding)
    signature = _signature(sources.makers[0], padding, batch_size if drop_last else None)
    step_reader = _StepReader(batches, epochs, epoch)

    def read(number: Any) -> dict[str, Any]:
        kinds = [spec.dtype for spec in signature.values()]
        values = tf.numpy_function(step_reader, [number], kinds, stateful=False)
        columns = zip(signature.items(), values, strict=True)
        return {name: tf.ensure_shape(value, spec.shape) for (name, spec), value in columns}

    # from_generator would have malloc return large blocks at once, in all of the process: twice as
    # slow.  Left to itself, tf.data would read many steps at a time, and out of turn.
    is_same = not shuffle if validation is None else validation
    numbers = _numbers(_PassCounter(len(batches), epochs, step, is_same))
    data = numbers.map(read, num_parallel_calls=1)
    if ranks.world_size > 1:
        own = tf.data.Options()
        own.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
        data = data.with_options(own)
    return data.prefetch(tf.data.AUTOTUNE)


def _check_start(epochs: int | None, epoch: int, step: int) -> None:
    if epochs is not None:
        whole_number("epochs", epochs, 1)
    whole_number("epoch", epoch, 0)
    whole_number("step", step, 0)


class _PassCounter:
    """The numbers of the steps of each pass, counted through all epochs: the first, and the end."""

    def __init__(self, steps: int, epochs: int | None, step: int, is_same: bool) -> None:
        if epochs is not None and step >= epochs * steps:
            raise UsageError(
                f"step must be below {epochs * steps:,}, the steps of epochs={epochs}; got {step:,}"
            )
        self._each = steps * (epochs or _EPOCHS_APART)
        self._step, self._is_same = step, is_same
        self._begun = count()
        self.cardinality = tf.data.INFINITE_CARDINALITY if epochs is None else self._each - step

    def __call__(self, _: np.int64) -> NDArray[np.int64]:
        begun = 0 if self._is_same else next(self._begun)
        first = begun * self._each
        return np.array([first + (self._step if begun == 0 else 0), first + self._each], np.int64)


def _numbers(counter: _PassCounter) -> tf.data.Dataset:
    """The numbers of the steps; each iterator asks once which pass it is."""

    def a_pass(number: Any) -> Any:
        # What is said to be stateful cannot be restored from a checkpoint.
        bounds = tf.numpy_function(counter, [number], tf.int64, stateful=False)
        return tf.ensure_shape(bounds, [2])

    passes = tf.data.Dataset.range(1).map(a_pass)
    numbers = passes.flat_map(lambda bounds: tf.data.Dataset.range(bounds[0], bounds[1]))
    return numbers.apply(tf.data.experimental.assert_cardinality(counter.cardinality))


class _StepReader:
    """The columns of a step by its number; in turn they cost no more than in one go.

    The iterators of a dataset share it, and may be at different steps.
    """

    def __init__(self, batches: Batches | MixedBatches, epochs: int | None, epoch: int) -> None:
        self._batches, self._epoch = batches, epoch
        self._each = None if epochs is None else epochs * len(batches)
        self._open: list[tuple[int, Iterator[Columns]]] = []
        self._lock = Lock()

    def __call__(self, number: np.int64) -> list[NDArray[Any]]:
        step = int(number)
        with self._lock:
            waiting = [own for own, _ in self._open]
            stream = self._open.pop(waiting.index(step))[1] if step in waiting else self._from(step)
        try:
            columns = next(stream)
        except BertprepError as error:  # TensorFlow shows the stack it came by, too
            raise error.with_traceback(None) from None
        if self._each is None or (step + 1) % self._each:  # not the last of its pass
            with self._lock:
                self._open = [*self._open, (step + 1, stream)][-_OPEN_STREAMS:]
        return [values.astype(_dtype(values.dtype), "C", copy=False) for values in columns.values()]

    def _from(self, step: int) -> Iterator[Columns]:
        """All steps from one on, epoch after epoch."""
        passed, first = divmod(step, len(self._batches))
        for epoch in count(self._epoch + passed):
            yield from self._batches.read(epoch, first)
            first = 0


def _signature(maker: ColumnMaker, padding: Padding, rows: int | None) -> dict[str, Any]:
    """The shape and type of each column of a batch."""
    width = None if padding.to is None else padding.width(padding.to)
    schema = maker.schema

    def spec(column: Column) -> Any:
        shape = (width,) if column.per == "token" else schema.shape(column)
        return tf.TensorSpec((rows, *shape), _dtype(column.dtype))

    return {column.name: spec(column) for column in schema.columns}


def _dtype(kind: np.dtype[Any]) -> type[np.generic]:
    return np.float32 if kind.kind == "f" else np.int32
