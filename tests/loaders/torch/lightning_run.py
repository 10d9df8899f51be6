"""A script of Lightning's that its ddp strategy starts once more for each rank.

    python lightning_run.py SHARDS OUT

trains two epochs on two processes, with a loader made before ``fit``, and two more with one made in
the module's hook; writes the batches' rows and digests of each rank to OUT.RANK.json.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

import lightning
import torch

from bertprep.torch import DataLoader
from tests.loaders.torch.lightning_model import fit
from tests.loaders.torch.small import IterableDataset

SHARDS, OUT = sys.argv[1:]


def loader() -> DataLoader:
    return DataLoader(IterableDataset(SHARDS, 8))


class Hooked(lightning.LightningDataModule):  # type: ignore[misc]
    def train_dataloader(self) -> Any:
        return loader()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    more = {"devices": 2, "strategy": "ddp", "max_epochs": 2, "enable_checkpointing": False}
    found = [fit(loader(), **more), fit(Hooked(), **more)]
    with open(f"{OUT}.{torch.distributed.get_rank()}.json", "w") as file:
        json.dump(found, file)
