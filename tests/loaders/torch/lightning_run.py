"""A script of Lightning's that its ddp strategy starts once more for each rank.

    python lightning_run.py SHARDS OUT WHEN

makes the loader before ``fit`` (WHEN ``before``) or in the module (``hook``), trains two epochs on
two processes, and writes the batches' rows and digests of each rank to OUT.RANK.json.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

import lightning
import torch

from bertprep.torch import DataLoader
from tests.loaders.torch.small import IterableDataset
from tests.made_folders import digest_of, numbers_of

SHARDS, OUT, WHEN = sys.argv[1:]


def loader() -> DataLoader:
    return DataLoader(IterableDataset(SHARDS, 8))


class Model(lightning.LightningModule):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.seen: list[list[Any]] = [[], []]
        self.train_dataloader = loader if WHEN == "hook" else super().train_dataloader

    def training_step(self, batch: Any, number: int) -> Any:
        self.seen[self.current_epoch].append((numbers_of(batch), digest_of([batch])))
        return (self.weight * 1.0).sum()

    def configure_optimizers(self) -> Any:
        return torch.optim.SGD(self.parameters(), 0.1)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    made = loader() if WHEN == "before" else None
    model = Model()
    trainer = lightning.Trainer(
        accelerator="cpu",
        devices=2,
        strategy="ddp",
        max_epochs=2,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(model, made)
    with open(f"{OUT}.{trainer.global_rank}.json", "w") as file:
        json.dump(model.seen, file)
