"""A run of Lightning's that keeps what it was given."""

from __future__ import annotations

from typing import Any

import lightning
import torch

from tests.made_folders import digest_of, numbers_of


class Model(lightning.LightningModule):  # type: ignore[misc]
    """Keeps the rows and the digest of each batch, as JSON gives them back."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.seen: list[Any] = []

    def training_step(self, batch: Any, number: int) -> Any:
        self.seen.append([numbers_of(batch), digest_of([batch])])
        return (self.weight * 1.0).sum()

    def validation_step(self, batch: Any, number: int) -> None:
        pass

    def configure_optimizers(self) -> Any:
        return torch.optim.SGD(self.parameters(), 0.1)


def fit(data: Any, resume: str | None = None, held_out: Any = None, **options: Any) -> list[Any]:
    """The batches that this rank trains on, of a loader or a module that makes one."""
    trainer = lightning.Trainer(
        accelerator="cpu",
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        **options,
    )
    model = Model()
    more = {"weights_only": False} if resume else {}
    trainer.fit(model, data, held_out, ckpt_path=resume, **more)
    return model.seen
