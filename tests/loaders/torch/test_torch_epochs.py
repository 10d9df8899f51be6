"""Two and three processes, by every wrapper: each row once, equal steps, resuming to the bit."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.loaders.torch.ranks import TWO_OR_THREE, on_ranks, seen

torch = pytest.importorskip("torch")

from bertprep.torch import Collator, DataLoader, EpochCallback  # noqa: E402
from tests.loaders.torch.recorder import Recorder  # noqa: E402
from tests.loaders.torch.small import IterableDataset, MapDataset  # noqa: E402

ROWS = [70, 61, 40]
BATCH = 4
EPOCH = 1  # that the runs are broken off in


# How each wrapper goes on: the rest of an epoch, of which some steps were taken before


def own(folder: Path, workers: int) -> DataLoader:
    return DataLoader(IterableDataset(folder, BATCH), num_workers=workers)


def with_ours(folder: Path, taken: int, workers: int) -> Iterator[Any]:
    """State of this package's loader, taken with other workers."""
    before = own(folder, 1 - min(workers, 1))
    before.set_epoch(EPOCH)
    list(islice(before, taken))
    after = own(folder, workers)
    after.load_state_dict(before.state_dict())
    yield from after


def with_torchdata(folder: Path, taken: int, workers: int) -> Iterator[Any]:
    from torchdata.stateful_dataloader import StatefulDataLoader

    def made() -> Any:
        return StatefulDataLoader(
            IterableDataset(folder, BATCH), batch_size=None, num_workers=workers
        )

    before = made()
    before.dataset.set_epoch(EPOCH)
    begun = iter(before)
    list(islice(begun, taken))
    after = made()
    after.load_state_dict(before.state_dict())
    yield from after


def with_accelerate(folder: Path, taken: int, workers: int) -> Iterator[Any]:
    import accelerate

    configuration = accelerate.DataLoaderConfiguration(dispatch_batches=False)
    made = accelerate.Accelerator(cpu=True, dataloader_config=configuration)
    prepared = made.prepare(own(folder, workers))
    prepared.set_epoch(EPOCH)
    yield from accelerate.skip_first_batches(prepared, taken)


def with_fabric(folder: Path, taken: int, workers: int) -> Iterator[Any]:
    """The state is that of the loader inside: what Fabric makes of it has no methods of its own."""
    from lightning.fabric import Fabric

    fabric = Fabric(accelerator="cpu", devices=1)
    before, after = own(folder, 0), own(folder, workers)
    before.set_epoch(EPOCH)
    list(islice(fabric.setup_dataloaders(before), taken))
    after.load_state_dict(before.state_dict())
    yield from fabric.setup_dataloaders(after)


def with_deepspeed(folder: Path, taken: int, workers: int) -> Iterator[Any]:
    """Rows by number, as ``deepspeed_io`` loads them; the sampler is told of the epoch."""
    rows = MapDataset(folder)
    ranks = torch.distributed.get_world_size(), torch.distributed.get_rank()
    sampler = torch.utils.data.DistributedSampler(rows, *ranks)
    sampler.set_epoch(EPOCH)
    more = {"sampler": sampler, "collate_fn": Collator(rows), "num_workers": workers}
    yield from islice(torch.utils.data.DataLoader(rows, BATCH, **more), taken, None)


def with_accelerates_rows(folder: Path, taken: int, workers: int) -> Iterator[Any]:
    import accelerate

    rows = MapDataset(folder)
    more = {"collate_fn": Collator(rows), "shuffle": True, "num_workers": workers}
    loader = torch.utils.data.DataLoader(rows, BATCH, **more)
    configuration = accelerate.DataLoaderConfiguration(use_seedable_sampler=True, data_seed=5)
    prepared = accelerate.Accelerator(cpu=True, dataloader_config=configuration).prepare(loader)
    prepared.set_epoch(EPOCH)
    yield from accelerate.skip_first_batches(prepared, taken)


WRAPPERS: dict[str, Callable[[Path, int, int], Iterator[Any]]] = {
    "ours": with_ours,
    "torchdata": with_torchdata,
    "accelerate": with_accelerate,
    "fabric": with_fabric,
}

OF_ROWS = {"deepspeed": with_deepspeed, "accelerates_rows": with_accelerates_rows}


def behind_every_tenth(
    resumed: Callable[[Path, int, int], Iterator[Any]], folder: Path, steps: int
) -> dict[str, Any]:
    """What is left of an epoch behind so many steps, with other numbers of workers."""
    workers = {taken: 2 if taken == 10 else taken // 20 for taken in range(0, steps, 10)}
    return {str(taken): seen(resumed(folder, taken, many)) for taken, many in workers.items()}


def scenario(folder: Path, rank: int, world_size: int) -> Any:
    """An undisturbed epoch, and by each wrapper what is left of it behind every tenth step."""
    os.environ.update(RANK=str(rank), WORLD_SIZE=str(world_size), LOCAL_RANK=str(rank))
    torch.distributed.init_process_group("gloo", rank=rank, world_size=world_size)
    whole = own(folder, 0)
    whole.set_epoch(EPOCH)
    found: dict[str, Any] = {"whole": seen(whole)}
    plain = torch.utils.data.DataLoader(IterableDataset(folder, BATCH), batch_size=None)
    found["torch"] = [seen(plain), seen(plain)][EPOCH]
    for name, resumed in {**WRAPPERS, **OF_ROWS}.items():
        found[name] = behind_every_tenth(resumed, folder, len(found["whole"]))
    return found


@pytest.mark.parametrize("world_size", TWO_OR_THREE)
def test_each_wrapper_resumes_behind_every_tenth_step(
    plain: Path, tmp_path: Path, world_size: int
) -> None:
    ranks = on_ranks(world_size, scenario, plain, tmp_path, world_size)
    assert all(isinstance(found, dict) for found in ranks), ranks
    steps = -(-sum(ROWS) // (BATCH * world_size))
    assert [len(found["whole"]) for found in ranks] == [steps] * world_size
    rows = [number for found in ranks for batch, _ in found["whole"] for number in batch]
    assert sorted(rows) == list(range(sum(ROWS)))
    for found in ranks:
        assert found["torch"] == found["whole"]
        for name in (*WRAPPERS, *OF_ROWS):
            whole = found["whole"] if name in WRAPPERS else found[name]["0"]
            assert len(found[name]) == -(-steps // 10)
            for taken, rest in found[name].items():
                assert rest == whole[int(taken) :], (name, taken)
    for name in OF_ROWS:  # whose samplers fill the last batch, for as many on all ranks
        rows = [number for found in ranks for batch, _ in found[name]["0"] for number in batch]
        assert set(rows) == set(range(sum(ROWS)))
        assert [len(found[name]["0"]) for found in ranks] == [steps] * world_size


# transformers' Trainer


TAKEN = (10, 20, 30)


def trained(folder: Path, rank: int, world_size: int, out: str, kind: str) -> Any:
    """What a rank sees in 35 steps, and behind every tenth with other workers."""
    import transformers

    os.environ.update(RANK=str(rank), WORLD_SIZE=str(world_size), LOCAL_RANK=str(rank))

    def run(workers: int, resume: str | None = None) -> Any:
        arguments = transformers.TrainingArguments(
            out,
            max_steps=35,
            save_steps=10,
            save_strategy="no" if resume else "steps",
            dataloader_num_workers=workers,
            per_device_train_batch_size=BATCH,
            use_cpu=True,
            ddp_backend="gloo",
            report_to="none",
            disable_tqdm=True,
            remove_unused_columns=False,
            logging_strategy="no",
            accelerator_config={"dispatch_batches": False},
        )
        model = Recorder()
        trainer = trainers[kind](model, arguments, **data_of(kind, folder))
        trainer.train(resume_from_checkpoint=resume)
        logging.getLogger("transformers").handlers.clear()
        return seen(model.seen)

    class StreamTrainer(transformers.Trainer):  # type: ignore[misc, name-defined]
        def get_train_dataloader(self) -> Any:
            own = DataLoader(self.train_dataset, num_workers=self.args.dataloader_num_workers)
            return self.accelerator.prepare(own)

    trainers = {"stream": StreamTrainer, "rows": transformers.Trainer}
    whole = run(1)
    resumed = [run(taken // 10 % 3, f"{out}/checkpoint-{taken}") for taken in TAKEN]
    return [whole, resumed]


def data_of(kind: str, folder: Path) -> dict[str, Any]:
    if kind == "stream":
        stream = IterableDataset(folder, BATCH)
        return {"train_dataset": stream, "callbacks": [EpochCallback(stream)]}
    rows = MapDataset(folder)
    told = [EpochCallback(rows)]
    return {"train_dataset": rows, "data_collator": Collator(rows), "callbacks": told}


@pytest.mark.parametrize("world_size", TWO_OR_THREE)
@pytest.mark.parametrize("kind", ["stream", "rows"])
def test_the_trainer_resumes_on_ranks(
    plain: Path, tmp_path: Path, kind: str, world_size: int
) -> None:
    pytest.importorskip("transformers")
    out = str(tmp_path / "out")
    found = on_ranks(world_size, trained, plain, tmp_path, world_size, out, kind)
    assert not any(isinstance(line, str) for line in found), found
    steps = -(-sum(ROWS) // (world_size * BATCH))
    for whole, resumed in found:
        assert len(whole) == 35
        for taken, rest in zip(TAKEN, resumed, strict=True):
            assert [rows for rows, _ in rest] == [rows for rows, _ in whole[taken:]], taken
            assert rest == whole[taken:], taken
    rows = [n for whole, _ in found for batch, _ in whole[:steps] for n in batch]
    assert set(rows) == set(range(sum(ROWS)))
    # accelerate fills the last batch of a sampler from the first rows.
    assert len(rows) <= steps * world_size * BATCH
