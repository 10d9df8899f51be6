"""Two gloo processes: each row once an epoch, as many steps on both, whatever wraps the loader."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from tests.loaders.torch.ranks import OF_WORKERS, on_ranks, seen

torch = pytest.importorskip("torch")

from bertprep.torch import Collator, DataLoader  # noqa: E402
from tests.loaders.torch.small import IterableDataset, MapDataset  # noqa: E402

ROWS = [70, 61, 40]
STEPS = 11  # of batches of 8 on each of two ranks

Epochs = list[list[tuple[list[int], str]]]


@cache
def expected(folder: Path, count: int = 3) -> list[Epochs]:
    """What each rank reads, as one that was told which it is."""
    loaders = [DataLoader(IterableDataset(folder, 8, rank=rank, world_size=2)) for rank in range(2)]
    return [[seen(loader) for _ in range(count)] for loader in loaders]


def on_two(scenario: Callable[..., Any], folder: Path, out: Path, *more: Any) -> list[Any]:
    return on_ranks(2, scenario, folder, out, *more)


def join(rank: int) -> None:
    torch.distributed.init_process_group("gloo", rank=rank, world_size=2)


# Processes of srun and mpirun: nothing is known before they join


def before_joining(folder: Path, rank: int, workers: int, context: str | None) -> Any:
    os.environ.update(SLURM_NTASKS="2", SLURM_PROCID=str(rank))
    get_context("forkserver").set_forkserver_preload(OF_WORKERS)  # once, not for each worker
    dataset = IterableDataset(folder, 8)
    options = {"num_workers": workers, "multiprocessing_context": context}
    own = DataLoader(dataset, **options)
    others = torch.utils.data.DataLoader(dataset, batch_size=None, **options)
    join(rank)
    return [seen(own), seen(others), seen(own)]


@pytest.mark.parametrize(("workers", "context"), [(0, None), (2, None), (1, "forkserver")])
def test_a_dataset_made_before_the_ranks_are_known(
    plain: Path, tmp_path: Path, workers: int, context: str | None
) -> None:
    found = on_two(before_joining, plain, tmp_path, workers, context)
    assert found == expected(plain)


def told_too_early(folder: Path, rank: int) -> Any:
    loader = DataLoader(IterableDataset(folder, 8))
    early = len(loader)
    join(rank)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = seen(loader)
    lines = [str(warning.message) for warning in caught]
    return early, len(loader), found, [line for line in lines if "told before" in line]


def test_a_length_that_was_told_too_early_is_taken_back(plain: Path, tmp_path: Path) -> None:
    for rank, (early, steps, found, lines) in enumerate(on_two(told_too_early, plain, tmp_path)):
        assert (early, steps, found) == (22, STEPS, expected(plain)[rank][0])
        assert len(lines) == 1
        assert "among 2 ranks" in lines[0]


def never_joining(folder: Path, rank: int) -> Any:
    os.environ.update(OMPI_COMM_WORLD_SIZE="2", OMPI_COMM_WORLD_RANK=str(rank))
    return seen(DataLoader(IterableDataset(folder, 8)))


def test_tasks_that_never_join_are_told_apart(plain: Path, tmp_path: Path) -> None:
    for line in on_two(never_joining, plain, tmp_path):
        assert line.startswith("UsageError: OMPI_COMM_WORLD_SIZE=2 tells of several tasks")
        assert "pass rank= and world_size=" in line


# accelerate


def accelerated(folder: Path, rank: int, dispatch: bool | None, workers: int, kind: str) -> Any:
    import accelerate

    os.environ.update(RANK=str(rank), WORLD_SIZE="2", LOCAL_RANK=str(rank))
    dataset = IterableDataset(folder, 8)
    more = {"dispatch_batches": dispatch, "split_batches": kind == "split"}
    configuration = accelerate.DataLoaderConfiguration(**more)
    accelerator = accelerate.Accelerator(cpu=True, dataloader_config=configuration)
    if kind != "others":
        loader: Any = DataLoader(dataset, num_workers=workers)
    else:
        loader = torch.utils.data.DataLoader(dataset, batch_size=None, num_workers=workers)
    prepared = accelerator.prepare(loader)
    found: Any = [len(prepared), [seen(prepared), seen(prepared)]]
    prepared.set_epoch(2)
    skipped = seen(accelerate.skip_first_batches(prepared, 4))
    prepared.set_epoch(2)
    return [*found, skipped, seen(prepared)]


@pytest.mark.parametrize("workers", [0, 2])
def test_accelerate_leaves_each_rank_its_own(plain: Path, tmp_path: Path, workers: int) -> None:
    found = on_two(accelerated, plain, tmp_path, False, workers, "own")
    for (steps, begun, skipped, last), right in zip(found, expected(plain), strict=True):
        assert steps == STEPS
        assert begun == right[:2]
        assert skipped == right[2][4:]
        assert last == right[2]
    rows = [n for _, begun, _, _ in found for batch, _ in begun[0] for n in batch]
    assert sorted(rows) == list(range(sum(ROWS)))


@pytest.mark.parametrize(
    ("dispatch", "workers", "kind", "line"),
    [
        (None, 0, "own", "dispatch_batches=False"),
        (None, 1, "others", "dispatch_batches=False"),
        (False, 1, "others", "give accelerate the loader bertprep.torch.DataLoader(dataset)"),
        (False, 0, "split", "leave it out, and give IterableDataset the batch_size of one rank"),
    ],
)
def test_what_accelerate_would_share_out_again_is_refused(
    plain: Path, tmp_path: Path, dispatch: bool | None, workers: int, kind: str, line: str
) -> None:
    for found in on_two(accelerated, plain, tmp_path, dispatch, workers, kind):
        assert found.startswith("UsageError: ")
        assert line in found


# deepspeed_io: a DistributedSampler over the dataset, the micro batch size, workers, a collate_fn


def deepspeed_io(dataset: Any, rank: int, collate_fn: Any) -> Any:
    sampler = torch.utils.data.DistributedSampler(dataset, num_replicas=2, rank=rank)
    more = {"sampler": sampler, "collate_fn": collate_fn, "num_workers": 2}
    return torch.utils.data.DataLoader(dataset, batch_size=8, pin_memory=False, **more)


def by_deepspeed(folder: Path, rank: int, is_stream: bool) -> Any:
    join(rank)
    dataset: Any = IterableDataset(folder, 8) if is_stream else MapDataset(folder)
    loader = deepspeed_io(dataset, rank, None if is_stream else Collator(dataset))
    return [seen(loader), seen(loader)]


def test_deepspeed_io_reads_each_row_once(plain: Path, tmp_path: Path) -> None:
    found = on_two(by_deepspeed, plain, tmp_path, False)
    assert [len(epoch) for of_rank in found for epoch in of_rank] == [STEPS] * 4
    for epoch in range(2):
        rows = [n for of_rank in found for batch, _ in of_rank[epoch] for n in batch]
        assert set(rows) == set(range(sum(ROWS)))
        assert len(rows) == sum(ROWS) + 1  # which the sampler adds, for as many on both
    for first, second in found:  # it never says the epoch: the order is the same, the masks are not
        assert [rows for rows, _ in first] == [rows for rows, _ in second]
        assert not {digest for _, digest in first} & {digest for _, digest in second}


def test_deepspeed_io_cannot_choose_from_a_stream(plain: Path, tmp_path: Path) -> None:
    for line in on_two(by_deepspeed, plain, tmp_path, True):
        assert line.startswith("UsageError: DistributedSampler cannot choose from")
        assert "collate_fn=Collator(dataset)" in line
