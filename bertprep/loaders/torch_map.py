"""Single examples by number in PyTorch, for samplers and trainers that choose their own order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils import data

from bertprep.common.draws import row_keys
from bertprep.common.whole_numbers import checked_seed, whole_number
from bertprep.errors import UsageError
from bertprep.layouts.columns import Columns
from bertprep.layouts.values import IGNORED_LABEL
from bertprep.loaders.cache import CachedRows
from bertprep.loaders.collate import Padding
from bertprep.loaders.mixed import Folders, Sources
from bertprep.loaders.mixed_rows import MixedRows
from bertprep.loaders.ranks import RankFinder
from bertprep.loaders.torch_mask_passes import Reading, Readings
from bertprep.loaders.torch_tensors import (
    Batch,
    Path,
    masking_options,
    shared_zeros,
    tensors,
)
from bertprep.loaders.torch_wrappers import check_collator
from bertprep.options import DEFAULT_SEED, Layout, MaskingOptions, MaskingUnit
from bertprep.shards.sizes import SIZES, Sizes


class MapDataset(data.Dataset[Batch]):
    """Single examples of shards by number, for samplers and for transformers' ``Trainer``.

    Rows can be asked for in any order as fast as in turn: the first use decodes all of them into a
    file that ranks, workers and later runs share (see ``cache_dir``).

    Unmasked rows have masks of their own in each epoch.  Which it is, after resuming too, says
    ``set_epoch`` (``bertprep.torch.EpochCallback`` calls it in transformers' Trainer), or the
    sampler that is told of epochs; without either, each pass of a loader has masks of its own.  In
    a pass, a row that comes again has the same ones (as those with which ranks fill their last
    batch), unless its sampler draws with replacement; outside of torch's loaders, each read of a
    row has others.

    Several folders are read in proportions: ``{"wiki/": 2, "books/": 1}``.  Of the numbers of an
    epoch so many are rows of each as the weights say, and as few as read every folder at least
    once; the others begin again, and go on in the next epoch where they stopped.

    Args:
        folder, masking, layout, seed: as for ``IterableDataset``.
        padded: examples of --max-seq-length tokens; False for as many as each has, without
            attention_mask, for collators that join rows (``FlatCollator``, transformers'
            ``DataCollatorWithFlattening``), which would take padding for text.
        remask: mask unmasked rows anew whenever they are read; False for the same masks at every
            read, as an evaluation wants them.
        rank, world_size: as for ``IterableDataset``; without them, ranks that are told of no epoch
            could not mask a row anew for each other.
        cache_dir: where that file is; None for $XDG_CACHE_HOME/bertprep or ~/.cache/bertprep.
        sizes: how many rows are read, masked and sent at once; tests choose small ones.

    Raises:
        UsageError, InputError, OutputError: for options that do not go together, damaged folders,
            and a ``cache_dir`` without room.
    """

    def __init__(
        self,
        folder: Folders,
        *,
        masking: MaskingUnit | MaskingOptions | None = None,
        layout: Layout | None = None,
        padded: bool = True,
        seed: int = DEFAULT_SEED,
        remask: bool = True,
        rank: int | None = None,
        world_size: int | None = None,
        cache_dir: Path | None = None,
        sizes: Sizes = SIZES,
    ) -> None:
        self._sources = Sources.open(folder, masking_options(masking), layout, sizes)
        self.shards, self.maker = self._sources.shards[0], self._sources.makers[0]
        self._is_padded = padded
        if not padded and (self.maker.layout != "huggingface" or self.shards.options.pack):
            packed = " of packed ones" if self.shards.options.pack else ""
            raise UsageError(
                "padded=False is for rows of one example in the huggingface layout; got the "
                f"{self.maker.layout} layout{packed}: leave it out"
            )
        self._rows = [CachedRows(shards, cache_dir) for shards in self._sources.shards]
        self._mixed = MixedRows(list(map(len, self._rows)), self._sources.weights)
        self._seed = checked_seed(seed)
        self._width = Padding(self.shards.options.max_seq_length)
        self._readings = Readings()
        counted = len(self) if self.maker.masking and remask else 0
        self._reads = shared_zeros(counted, torch.int16)
        self._ranks = RankFinder(rank, world_size)

    def __len__(self) -> int:
        return len(self._mixed)

    def set_epoch(self, epoch: int) -> None:
        """Gives all rows the masks of this epoch, from the next pass on."""
        self._readings.set_epoch(whole_number("epoch", epoch, 0))
        self._reads.zero_()

    @property
    def _identity(self) -> dict[str, Any]:
        """The facts that a state and the dataset that goes on from it must share."""
        of_shards = self._sources.identity
        names = [name for name in ("shards", "weights") if name in of_shards]
        return {**{name: of_shards[name] for name in names}, "seed": self._seed}

    def state_dict(self) -> dict[str, Any]:
        """The epoch, and which pass in it the last one was."""
        epoch, number = self._readings.state()
        return {**self._identity, "epoch": epoch, "pass": number}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on in that epoch.

        A loader that restores itself (torchdata's) gives the rest of its pass the masks it would
        have had.  Else the next pass has masks that no row had before, unless ``set_epoch`` or a
        sampler says the epoch: then those of a run that never ended.

        Raises:
            UsageError: if it was taken of other shards, or with another seed.
        """
        for name, own in self._identity.items():
            if state.get(name) != own:
                raise UsageError(
                    f"the state is of another dataset: its {name} is {state.get(name)}, and here "
                    f"it is {own}; load it with the shards and options it was saved with"
                )
        self._readings.load(int(state["epoch"]), int(state["pass"]))

    @overload
    def __getitem__(self, index: int) -> Batch: ...
    @overload
    def __getitem__(self, index: slice) -> list[Batch]: ...
    def __getitem__(self, index: int | slice) -> Batch | list[Batch]:
        """The example of a number, or a list of those of a slice."""
        chosen = range(len(self))[index]
        return (
            self.__getitems__([chosen])[0] if isinstance(chosen, int) else self.__getitems__(chosen)
        )

    def __getitems__(self, indices: Sequence[int]) -> list[Batch]:
        """The examples of these numbers; torch's fetcher asks for a batch at once."""
        check_collator(self._is_padded)
        rows = np.asarray(indices, np.int64)
        rows = np.where(rows < 0, rows + len(self), rows)
        batch = tensors(self._columns(rows))
        values = zip(*(tensor.unbind() for tensor in batch.values()), strict=True)
        examples = [dict(zip(batch, row, strict=True)) for row in values]
        if self._is_padded:
            return examples
        lengths = batch["attention_mask"].sum(dim=1).tolist()
        return [_unpadded(*found) for found in zip(examples, lengths, strict=True)]

    def _columns(self, rows: NDArray[np.int64]) -> Columns:
        """The rows of these numbers, padded."""
        depends = len(self._reads) or len(self._rows) > 1  # on the epoch
        reading = self._readings.current() if depends else None
        keys = self._keys(rows, reading)
        epoch = self._readings.epoch if reading is None else reading.epoch
        parts, places = self._mixed.places(rows, epoch)
        order, found = [], []
        for part, (maker, cached) in enumerate(zip(self._sources.makers, self._rows, strict=True)):
            at = np.flatnonzero(parts == part)
            if len(at):
                columns = maker(cached.take(places[at]), keys[at])
                found.append(maker.padded(columns, self._width))
                order.append(at)
        if len(found) == 1:
            return found[0]
        back = np.argsort(np.concatenate(order))
        return {n: np.concatenate([each[n] for each in found])[back] for n in found[0]}

    def _keys(self, rows: NDArray[np.int64], reading: Reading | None) -> NDArray[np.uint64]:
        """Keys that tell epochs, passes and ranks apart.

        Ranks that are told of no epoch read in one what others read in another, each with a count
        of its own.
        """
        if not len(self._reads):
            return row_keys(self._seed, 0, rows)
        rank, world_size = self._ranks.check(data.get_worker_info() is not None)
        if reading is None:
            epoch, times = self._readings.epoch, self._counted(rows)
        else:
            again = self._counted(rows) if reading.draws_again else np.zeros(len(rows), np.int64)
            epoch, times = reading.epoch, reading.number + (again << 16)
        return row_keys(self._seed, epoch, rows, times * world_size + rank)

    def _counted(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """int64[n]: how often each was read before, of what is counted; modulo 65,536."""
        counts = self._reads.numpy().view(np.uint16)
        before = counts[rows].astype(np.int64)
        counts[rows] += 1
        return before


def _unpadded(example: Batch, length: int) -> Batch:
    del example["attention_mask"]
    return {name: values[:length] if values.dim() else values for name, values in example.items()}


class Collator:
    """Makes a batch of the examples of a ``MapDataset``, as wide as its longest row.

    Args:
        dataset: where the examples come from.
        pad_to, pad_to_multiple_of: as for ``IterableDataset``.
    """

    def __init__(
        self, dataset: MapDataset, *, pad_to: int | None = None, pad_to_multiple_of: int = 1
    ) -> None:
        self._maker = dataset.maker
        self._padding = Padding(pad_to, pad_to_multiple_of)

    def __call__(self, examples: Sequence[Mapping[str, Tensor]]) -> Batch:
        """The batch of these examples.

        Raises:
            UsageError: if they are not padded.
        """
        names = examples[0].keys()
        if "labels" in names and "attention_mask" not in names:
            raise UsageError(
                "Collator pads a batch, and these examples are of MapDataset(padded=False): leave "
                "that out, or join them by FlatCollator"
            )
        columns = {name: torch.stack([e[name] for e in examples]).numpy() for name in names}
        return tensors(self._maker.padded(columns, self._padding))


class CodertimoDataset(data.Dataset[Batch]):
    """The examples of a ``MapDataset`` as codertimo/BERT-pytorch's ``BERTDataset`` gives them.

    bert_input, bert_label (0: not predicted) and segment_label (1 for A, 2 for B, 0 for padding)
    int64[L], and is_next, a scalar: 1 where B follows A.

    Raises:
        UsageError: for examples that are no pairs, are packed or not in the huggingface layout, or
            whose vocabulary has another token than [PAD] at 0, which that trainer pads with.
    """

    def __init__(self, dataset: MapDataset) -> None:
        options = dataset.shards.options
        pair_label = dataset.maker.schema.of_role("pair")
        is_known = dataset.maker.layout == "huggingface" and not options.pack
        if not is_known or pair_label is None:
            raise UsageError(
                "codertimo's trainer needs a pair in each row, in the huggingface layout; got "
                f"--task {options.task}{' --pack' if options.pack else ''} and the "
                f"{dataset.maker.layout} layout"
            )
        if dataset.shards.vocabulary.pad_id:
            raise UsageError(
                "codertimo's trainer takes the id 0 for padding; in the vocabulary of the shards "
                f"[PAD] is {dataset.shards.vocabulary.pad_id}"
            )
        self._dataset, self._pair_label = dataset, pair_label.name

    def __len__(self) -> int:
        return len(self._dataset)

    def set_epoch(self, epoch: int) -> None:
        """As for the ``MapDataset``."""
        self._dataset.set_epoch(epoch)

    def __getitem__(self, index: int) -> Batch:
        return _as_codertimo(self._dataset[index], self._pair_label)

    def __getitems__(self, indices: Sequence[int]) -> list[Batch]:
        examples = self._dataset.__getitems__(indices)
        return [_as_codertimo(example, self._pair_label) for example in examples]


def _as_codertimo(example: Batch, pair_label: str) -> Batch:
    labels, mask = example["labels"], example["attention_mask"]
    return {
        "bert_input": example["input_ids"],
        "bert_label": labels.masked_fill(labels == IGNORED_LABEL, 0),
        "segment_label": example["token_type_ids"] + mask,
        "is_next": 1 - example[pair_label],
    }
