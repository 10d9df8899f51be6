"""The stream for PyTorch: workers, resuming at any batch, and tensors as models take them."""

from __future__ import annotations

import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from bertprep.errors import UsageError
from tests.made_folders import L, digest_of, numbers_of, options, rows_of, write_folder

torch = pytest.importorskip("torch")

from bertprep.torch import DataLoader, MaskingOptions, keep_apart  # noqa: E402
from tests.loaders.torch.ranks import PRELOADED  # noqa: E402
from tests.loaders.torch.small import IterableDataset  # noqa: E402
from tests.loaders.torch.streams import ROWS, STEPS, loader, three_epochs  # noqa: E402

# The machines that run tests have fewer cores than the most workers here.
pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")


def numbers(batches: Any) -> list[int]:
    return [number for batch in batches for number in numbers_of(batch)]


@pytest.fixture(scope="module")
def epochs(plain: Path) -> list[list[Any]]:
    return three_epochs(plain)


def test_an_epoch_has_each_row_once(epochs: list[list[Any]]) -> None:
    assert len({digest_of(epoch) for epoch in epochs}) == 3
    for epoch in epochs:
        assert len(epoch) == STEPS
        assert sorted(numbers(epoch)) == list(range(sum(ROWS)))


@pytest.mark.parametrize(("workers", "persistent"), [(1, False), (2, True), (3, False), (4, True)])
def test_workers_make_the_same_stream(
    plain: Path, epochs: list[list[Any]], workers: int, persistent: bool
) -> None:
    stream = loader(plain, workers, persistent)
    for number, epoch in enumerate(epochs):
        assert stream.epoch == number
        assert len(stream) == STEPS
        assert digest_of(stream) == digest_of(epoch)


def test_ranks_share_the_rows(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [list(loader(plain, rank=rank, world_size=3)) for rank in range(3)]
    assert {len(of_rank) for of_rank in given} == {8}
    assert sorted(n for of_rank in given for n in numbers(of_rank)) == list(range(sum(ROWS)))
    monkeypatch.setenv("WORLD_SIZE", "3")
    for rank in range(3):
        monkeypatch.setenv("RANK", str(rank))
        assert digest_of(loader(plain)) == digest_of(given[rank])
    # What processes that talk to each other know counts before what they were told.
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: 1)
    monkeypatch.setattr(torch.distributed, "get_world_size", lambda: 3)
    assert digest_of(loader(plain)) == digest_of(given[1])


def test_any_loader_takes_the_batches(plain: Path, epochs: list[list[Any]]) -> None:
    dataset = IterableDataset(plain, 8)
    for workers in (0, 2):
        dataset.set_epoch(1)
        others = torch.utils.data.DataLoader(dataset, batch_size=None, num_workers=workers)
        assert len(others) == STEPS
        assert digest_of(others) == digest_of(epochs[1])
    assert digest_of(dataset) == digest_of(epochs[2])


def test_padding_and_masking_options_arrive(plain: Path) -> None:
    masking = MaskingOptions("whole-word", 0.4, mask_replace_prob=1, random_replace_prob=0)
    for batch in loader(plain, masking=masking, pad_to=30, pad_to_multiple_of=16, drop_last=True):
        assert batch["input_ids"].shape == (8, 32)
        predicted = batch["labels"] != -100
        assert set(batch["input_ids"][predicted].tolist()) == {4}
        assert predicted.sum() > 0.3 * batch["attention_mask"].sum()
    spans = next(iter(loader(plain, masking="span", shuffle=False)))
    assert numbers_of(spans) == list(range(8))


def test_folders_by_weights_resume_at_any_batch(plain: Path, tmp_path: Path) -> None:
    """171 rows and 16: a step in five is of the few."""
    few = write_folder(tmp_path, options(masking="none"), [rows_of(range(900, 916), L)])
    folders: Any = {plain: 4, few: 1}
    whole = list(loader(folders))
    assert sum(numbers([batch])[0] >= 900 for batch in whole) == 6
    assert len(whole) == 28
    assert digest_of(loader(folders, workers=2)) == digest_of(whole)
    first = loader(folders)
    for step, _ in enumerate(first):
        if step == 9:
            break
    state = first.state_dict()
    resumed = loader(folders, workers=2)
    resumed.load_state_dict(state)
    assert digest_of(resumed) == digest_of(whole[10:])
    with pytest.raises(UsageError, match="another stream: its weights"):
        loader({plain: 3, few: 1}).load_state_dict(state)
    with pytest.raises(UsageError, match="another stream: its shards"):
        loader(plain).load_state_dict(state)


def late(number: int) -> None:
    time.sleep(0.5 * number)


@pytest.mark.parametrize(
    "context", ["fork", "forkserver", pytest.param("spawn", marks=pytest.mark.exhaustive)]
)
def test_a_worker_that_is_late_begins_where_its_pass_did(
    plain: Path, epochs: list[list[Any]], context: str
) -> None:
    get_context("forkserver").set_forkserver_preload(PRELOADED)
    options = {"num_workers": 2, "multiprocessing_context": context, "worker_init_fn": late}
    stream = DataLoader(IterableDataset(plain, 8), **options)
    first = iter(stream)
    begun = [next(first)]
    second = iter(stream)
    next(second)
    stream.set_epoch(2)
    assert digest_of([*begun, *first]) == digest_of(epochs[0])


def test_persistent_workers_serve_one_pass_at_a_time(plain: Path, epochs: list[list[Any]]) -> None:
    stream = loader(plain, 1, persistent=True)
    first = iter(stream)
    next(first)
    second = iter(stream)
    next(second)
    with pytest.raises(UsageError, match="another pass through this DataLoader has begun"):
        next(first)
    assert digest_of(second) == digest_of(epochs[0][2:])


def test_rows_that_are_not_packed_cannot_be_kept_apart(plain: Path) -> None:
    batch = next(iter(loader(plain)))
    with pytest.raises(UsageError, match="expected packed rows, with sequence_ids; got input_ids"):
        keep_apart(batch)


def test_without_torch_the_way_out_is_named() -> None:
    code = "import sys; sys.modules['torch'] = None; import bertprep.torch"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    line = "ImportError: bertprep.torch needs PyTorch: pip install 'bertprep[torch]'"
    assert done.stderr.splitlines()[-1] == line
