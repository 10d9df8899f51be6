"""The datasets of ``bertprep.torch``, whose chunks and blocks are small."""

from __future__ import annotations

from functools import partial

from bertprep import torch
from bertprep.shards.folder import Shards
from tests.made_folders import SMALL

IterableDataset = partial(torch.IterableDataset, sizes=SMALL)
MapDataset = partial(torch.MapDataset, sizes=SMALL)
small_shards = partial(Shards, sizes=SMALL)
