"""Batches out of made folders."""

from __future__ import annotations

from functools import partial
from typing import Any

from bertprep.loaders.batches import Batches
from bertprep.loaders.collate import ColumnMaker, Padding
from bertprep.loaders.order import OrderOptions
from bertprep.options import Layout, MaskingOptions
from bertprep.shards.folder import Shards
from tests.made_folders import (
    SMALL,
)

ROWS = [70, 61, 40]
small_shards = partial(Shards, sizes=SMALL)


def batches(
    shards: Shards,
    masking: MaskingOptions | None = None,
    layout: Layout | None = None,
    padding: Padding | None = None,
    **order: Any,
) -> Batches:
    maker = ColumnMaker(shards, masking, layout)
    return Batches(shards, maker, OrderOptions(**{"batch_size": 8, **order}), padding or Padding())
