"""Ranks, copies and files of a dataset go their own way; a loader's workers do not."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from tests.made_folders import digest_of, options, write_folder

torch = pytest.importorskip("torch")

from bertprep.loaders.torch_shared import Notes, PassNames, SharedNumbers  # noqa: E402
from bertprep.torch import DataLoader  # noqa: E402
from tests.loaders.torch.ranks import read_as_rank, seen  # noqa: E402
from tests.loaders.torch.small import IterableDataset, MapDataset  # noqa: E402

ROWS = [70, 61, 40]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        yield write_folder(folder, options(masking="none"), ROWS)


@pytest.mark.parametrize(("method", "workers"), [("fork", 0), ("fork", 2), ("forkserver", 0)])
def test_ranks_that_share_a_dataset_made_before_read_their_own(
    plain: Path, method: str, workers: int
) -> None:
    """As of notebooks' launchers, and of torch.multiprocessing.spawn(args=(dataset,))."""
    dataset = IterableDataset(plain, 8)
    context: Any = get_context(method)
    pipes = [context.Pipe(False) for _ in range(2)]
    ranks = [
        context.Process(target=read_as_rank, args=(dataset, rank, workers, pipes[rank][1]))
        for rank in range(2)
    ]
    for process in ranks:
        process.start()
    for _, sender in pipes:
        sender.close()  # so that a rank that died is seen
    found = [receiver.recv() for receiver, _ in pipes]
    for process in ranks:
        process.join(60)
    for rank, epochs in enumerate(found):
        alone = DataLoader(IterableDataset(plain, 8, rank=rank, world_size=2))
        assert epochs == [seen(alone), seen(alone)]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda found: pickle.loads(pickle.dumps(found))])
def test_copies_go_on_where_they_were_taken(plain: Path, copied: Any) -> None:
    dataset = IterableDataset(plain, 8)
    loader = torch.utils.data.DataLoader(dataset, batch_size=None)
    first = digest_of(loader)
    other = torch.utils.data.DataLoader(copied(dataset), batch_size=None)
    assert digest_of(other) == digest_of(loader) != first  # epoch 1 of both
    rows = MapDataset(plain)
    rows.set_epoch(1)
    again = copied(rows)
    again.set_epoch(2)
    assert rows.state_dict()["epoch"] == 1


def test_a_copy_of_a_loader_takes_its_place_along(plain: Path) -> None:
    loader = DataLoader(IterableDataset(plain, 8))
    list(islice(loader, 5))
    other = copy.deepcopy(loader)
    state = loader.state_dict()
    assert other.state_dict() == state
    rest = digest_of(loader)
    assert other.state_dict() == state
    assert digest_of(other) == rest


def test_notes_are_found_by_their_names() -> None:
    numbers = SharedNumbers(1 + Notes.size(3))
    notes = Notes(numbers, 1, 3)
    for name in (5, -7, 9, 11):
        notes.write(name, name + 1, name + 2)
    assert notes.read() == {11: (12, 13), -7: (-6, -5), 9: (10, 11)}
    notes.clear()
    assert notes.read() == {}
    assert numbers.values[0] == 0


def test_names_of_passes() -> None:
    names = PassNames()
    assert [names.here(), names.here()] == [-2, -3]
    assert names.of_worker(0) > 0
