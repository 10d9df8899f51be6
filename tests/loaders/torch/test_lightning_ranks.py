"""Lightning on several ranks: it starts them, and goes on behind every tenth step."""

from __future__ import annotations

import json
import os
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.loaders.torch.ranks import TWO_OR_THREE, on_ranks, seen

torch = pytest.importorskip("torch")

from bertprep.torch import DataLoader  # noqa: E402
from tests.loaders.torch.small import IterableDataset  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # it has advice on workers

ROWS = [70, 61, 40]
BATCH, STEPS, EVERY = 5, 50, 10


def of_rank(folder: Path, batch_size: int, rank: int, world_size: int, epochs: int) -> list[Any]:
    """What a rank reads that was told which it is."""
    dataset = IterableDataset(folder, batch_size, rank=rank, world_size=world_size)
    loader = DataLoader(dataset)
    return [batch for _ in range(epochs) for batch in seen(loader)]


def as_a_script(folder: Path, rank: int, out: str) -> None:
    """The one that is started: Lightning starts its command once more."""
    root, script = Path(__file__).parents[3], Path(__file__).with_name("lightning_run.py")
    for name in ("MASTER_ADDR", "MASTER_PORT"):
        del os.environ[name]  # it finds a port by itself
    os.environ.update(PYTHONPATH=str(root), PYTHONWARNINGS="ignore")
    sys.argv = [str(script), str(folder), out]
    runpy.run_path(str(script), run_name="__main__")


def test_lightning_starts_the_other_rank(plain: Path, tmp_path: Path) -> None:
    """The loader is made before ``fit``, and then in a hook of it."""
    pytest.importorskip("lightning")
    (none,) = on_ranks(1, as_a_script, plain, tmp_path, str(tmp_path / "out"))
    assert none is None
    for rank in range(2):
        found = json.loads((tmp_path / f"out.{rank}.json").read_text())
        assert found == [of_rank(plain, 8, rank, 2, epochs=2)] * 2


def resumed(folder: Path, rank: int, world_size: int, out: str) -> Any:
    """What a rank sees in all steps, and behind every tenth, each with other workers."""
    from lightning.pytorch.callbacks import ModelCheckpoint

    from tests.loaders.torch.lightning_model import fit

    os.environ.update(LOCAL_RANK=str(rank), WORLD_SIZE=str(world_size), NODE_RANK="0")
    loaders = [DataLoader(IterableDataset(folder, BATCH), num_workers=n) for n in (0, 1, 2)]
    kept = ModelCheckpoint(out, "{step}", every_n_train_steps=EVERY, save_top_k=-1)
    more: dict[str, Any] = {"devices": world_size, "strategy": "ddp", "max_steps": STEPS}
    whole = fit(loaders[1], callbacks=[kept], **more)
    more["enable_checkpointing"] = False  # else it keeps one in the folder it is started in
    rest = {
        taken: fit(loaders[taken // EVERY % 3], f"{out}/step={taken}.ckpt", **more)
        for taken in range(EVERY, STEPS, EVERY)
    }
    return [whole, rest]


@pytest.mark.parametrize("world_size", TWO_OR_THREE)
def test_lightning_resumes_behind_every_tenth_step(
    plain: Path, tmp_path: Path, world_size: int
) -> None:
    pytest.importorskip("lightning")
    out = str(tmp_path / "kept")
    ranks = on_ranks(world_size, resumed, plain, tmp_path, world_size, out)
    assert not any(isinstance(line, str) for line in ranks), ranks
    steps = -(-sum(ROWS) // (BATCH * world_size))
    for rank, (whole, rests) in enumerate(ranks):
        assert whole == of_rank(plain, BATCH, rank, world_size, epochs=5)[:STEPS]
        assert rests.keys() == {"10", "20", "30", "40"}
        for taken, rest in rests.items():
            assert rest == whole[int(taken) :], taken
    rows = [number for whole, _ in ranks for batch, _ in whole[:steps] for number in batch]
    assert sorted(rows) == list(range(sum(ROWS)))
