"""A script of Lightning's that its ddp strategy starts once more for each rank.

    python lightning_run.py SHARDS OUT RANKS

trains on RANKS processes what the scenarios below say, one after the other, and writes what each
rank saw, batch by batch (epoch, rows, digest), to OUT.RANK.json.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import lightning
import torch
from lightning.pytorch.callbacks import ModelCheckpoint

from bertprep.torch import DataLoader
from tests.loaders.torch.small import IterableDataset
from tests.made_folders import digest_of, numbers_of

SHARDS, OUT, RANKS = sys.argv[1:]
BATCH, STEPS, EVERY = 4, 50, 10

Make = Callable[[], Any]


def stream(workers: int = 0) -> Any:
    return DataLoader(IterableDataset(SHARDS, BATCH), num_workers=workers)


class Model(lightning.LightningModule):  # type: ignore[misc]
    def __init__(self, hook: Make | None = None) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.seen: list[Any] = []
        self.train_dataloader = hook or super().train_dataloader

    def training_step(self, batch: Any, number: int) -> Any:
        self.seen.append((self.current_epoch, numbers_of(batch), digest_of([batch])))
        return (self.weight * 1.0).sum()

    def configure_optimizers(self) -> Any:
        return torch.optim.SGD(self.parameters(), 0.1)


def fit(
    name: str, loader: Any, steps: int, hook: Make | None = None, resume: str | None = None
) -> Any:
    """What this rank sees in so many steps; a checkpoint is kept behind every tenth."""
    kept = ModelCheckpoint(f"{OUT}.{name}", "{step}", every_n_train_steps=EVERY, save_top_k=-1)
    trainer = lightning.Trainer(
        accelerator="cpu",
        devices=int(RANKS),
        strategy="ddp",
        max_steps=steps,
        logger=False,
        callbacks=[] if resume else [kept],
        enable_checkpointing=not resume,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    model = Model(hook)
    more = {"weights_only": False} if resume else {}
    trainer.fit(model, loader, ckpt_path=resume, **more)
    return model.seen


def resumed() -> Any:
    """What is seen behind each checkpoint, with other numbers of workers."""
    return {
        taken: fit("", stream(taken // EVERY % 3), STEPS, resume=f"{OUT}.before/step={taken}.ckpt")
        for taken in range(EVERY, STEPS, EVERY)
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    found = {
        "before": fit("before", stream(1), STEPS),
        "hook": fit("hook", None, 15, hook=partial(stream, 0)),
        "resumed": resumed(),
    }
    rank = torch.distributed.get_rank()
    with open(f"{OUT}.{rank}.json", "w") as file:
        json.dump(found, file)
