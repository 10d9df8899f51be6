"""Shards in PyTorch: datasets for ``torch.utils.data``; unmasked rows are masked as they are read.

    loader = DataLoader(IterableDataset("shards/", batch_size=256), num_workers=2)
    for batch in loader:  # the next epoch, or what is left of this one
        loss = model(**batch).loss

    data = MapDataset("shards/")
    Trainer(model, train_dataset=data, data_collator=Collator(data))

    model(**keep_apart(batch))  # rows of `bertprep shard --pack`

Every tensor of integers is int64, every other float32; the columns are those of
their layout (``bertprep.layouts``).
"""

from bertprep.options import MaskingOptions

try:
    from bertprep.loaders.torch_map import CodertimoDataset, Collator, MapDataset
    from bertprep.loaders.torch_stream import DataLoader, IterableDataset
    from bertprep.loaders.torch_tensors import keep_apart
except ModuleNotFoundError as error:
    if error.name != "torch":
        raise
    raise ImportError("bertprep.torch needs PyTorch: pip install 'bertprep[torch]'") from None

__all__ = [
    "CodertimoDataset",
    "Collator",
    "DataLoader",
    "IterableDataset",
    "MapDataset",
    "MaskingOptions",
    "keep_apart",
]
