"""Shards in PyTorch: datasets for ``torch.utils.data``; unmasked rows are masked as they are read.

    loader = DataLoader(IterableDataset("shards/", batch_size=256), num_workers=2)
    for batch in loader:  # the next epoch, or what is left of this one
        loss = model(**batch).loss

    data = MapDataset("shards/")
    Trainer(model, args, Collator(data), data, callbacks=[EpochCallback(data)])

    model(**keep_apart(batch, model))  # rows of `bertprep shard --pack`
    packed_pair_loss(model, batch).loss  # the same with pairs
    model(**flatten(batch, model))  # without padding, for flash attention

Every tensor of integers is int64, every other float32; the columns are those of
their layout (``bertprep.layouts``).
"""

from typing import TYPE_CHECKING, Any

from bertprep.options import MaskingOptions

try:
    from bertprep.loaders.torch_attention import keep_apart
    from bertprep.loaders.torch_map import CodertimoDataset, Collator, MapDataset
    from bertprep.loaders.torch_pair_loss import PackedLoss, packed_pair_loss
    from bertprep.loaders.torch_resumable_loader import DataLoader
    from bertprep.loaders.torch_stream import IterableDataset
    from bertprep.loaders.torch_unpadded import FlatCollator, flatten
    from bertprep.loaders.word_offsets import with_offset_mapping
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] != "torch":
        raise
    raise ImportError("bertprep.torch needs PyTorch: pip install 'bertprep[torch]'") from None

if TYPE_CHECKING:
    from bertprep.loaders.torch_trainer import EpochCallback

__all__ = [
    "CodertimoDataset",
    "Collator",
    "DataLoader",
    "EpochCallback",
    "FlatCollator",
    "IterableDataset",
    "MapDataset",
    "MaskingOptions",
    "PackedLoss",
    "flatten",
    "keep_apart",
    "packed_pair_loss",
    "with_offset_mapping",
]


def __getattr__(name: str) -> Any:
    """Loads names that need transformers only when they are asked for."""
    if name != "EpochCallback":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from bertprep.loaders.torch_trainer import EpochCallback
    except ModuleNotFoundError as error:
        if error.name != "transformers":
            raise
        raise ImportError("EpochCallback needs transformers: pip install transformers") from None
    return EpochCallback
