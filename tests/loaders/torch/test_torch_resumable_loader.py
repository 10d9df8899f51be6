"""The loader: it resumes at any batch, whatever its workers."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bertprep.errors import UsageError
from tests.made_folders import digest_of, options, write_folder

torch = pytest.importorskip("torch")

from bertprep.torch import DataLoader  # noqa: E402
from tests.loaders.torch.small import IterableDataset  # noqa: E402
from tests.loaders.torch.streams import ROWS, STEPS, loader, three_epochs  # noqa: E402
from tests.stores.places import *  # noqa: E402, F403 - fixtures
from tests.stores.places import Place, uploaded  # noqa: E402

# The machines that run tests have fewer cores than the most workers here.
pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("static"), options(), ROWS)


@pytest.fixture(scope="module")
def epochs(plain: Path) -> list[list[Any]]:
    return three_epochs(plain)


def test_resuming_after_any_batch_gives_the_remaining_stream(
    plain: Path, epochs: list[list[Any]]
) -> None:
    first = loader(plain)
    states = [first.state_dict()]
    for _ in epochs[0]:
        next(iter(first))
        states.append(first.state_dict())
    for step, state in enumerate(states):
        resumed = loader(plain)
        resumed.load_state_dict(state)
        # After the last batch of an epoch comes the next one.
        remaining = [epochs[0][step:], epochs[1]] if step < STEPS else epochs[1:]
        assert [digest_of(resumed) for _ in remaining] == list(map(digest_of, remaining))


@pytest.mark.parametrize(
    ("before", "after", "persistent", "step"),
    [(2, 3, False, 1), (3, 0, True, 7), (0, 2, True, 20), (2, 1, True, STEPS)],
)
def test_resuming_with_another_number_of_workers(
    plain: Path, epochs: list[list[Any]], before: int, after: int, persistent: bool, step: int
) -> None:
    first = loader(plain, before, persistent and before > 0)
    batches = iter(first)
    taken = list(islice(batches, step))
    assert digest_of(taken) == digest_of(epochs[0][:step])
    resumed = loader(plain, after, persistent and after > 0)
    resumed.load_state_dict(first.state_dict())
    if step < STEPS:
        assert digest_of(resumed) == digest_of(epochs[0][step:])
    assert resumed.epoch == 1
    assert digest_of(resumed) == digest_of(epochs[1])


@pytest.mark.parametrize("workers", [0, 2])
def test_a_loop_that_broke_off_goes_on_where_it_was(
    plain: Path, epochs: list[list[Any]], workers: int
) -> None:
    stream = loader(plain, workers, persistent=workers > 0)
    found = []
    for size in (3, 1, 5):
        for number, batch in enumerate(stream, 1):
            found.append(batch)
            if number == size:
                break
    assert digest_of([*found, *stream]) == digest_of(epochs[0])
    stream.set_epoch(2)
    assert digest_of(islice(stream, 4)) == digest_of(epochs[2][:4])
    stream.set_epoch(2)  # as a resumed run's loop does it
    assert digest_of(stream) == digest_of(epochs[2][4:])
    state = {**stream.state_dict(), "epoch": 1, "step": 20}
    stream.load_state_dict(state)
    assert digest_of(stream) == digest_of(epochs[1][20:])


def test_the_state_is_the_same_on_all_ranks(plain: Path) -> None:
    first, second = (loader(plain, rank=rank, world_size=2) for rank in range(2))
    rest = list(islice(second, 5)) and list(second)
    next(iter(first))
    list(islice(first, 4))
    second.load_state_dict(first.state_dict())
    assert digest_of(second) == digest_of(rest)


CHANGES: list[tuple[str, Callable[[], dict[str, Any]]]] = [
    ("batch_size is 8, and here it is 4", lambda: {"batch_size": 4}),
    ("world_size is 1, and here it is 2", lambda: {"rank": 0, "world_size": 2}),
    ("seed is 12345, and here it is 1", lambda: {"seed": 1}),
    ("shuffle is True, and here it is False", lambda: {"shuffle": False}),
    ("masking is .*'token'.*, and here it is .*'span'", lambda: {"masking": "span"}),
    ("layout is huggingface, and here it is google", lambda: {"layout": "google"}),
]


@pytest.mark.parametrize(("message", "change"), CHANGES)
def test_the_state_of_another_stream_is_refused(
    plain: Path, message: str, change: Callable[[], dict[str, Any]]
) -> None:
    state = loader(plain).state_dict()
    with pytest.raises(UsageError, match=f"the state is of another stream: its {message}"):
        loader(plain, **change()).load_state_dict(state)


def test_the_state_of_other_shards_is_refused(plain: Path, static: Path) -> None:
    with pytest.raises(UsageError, match="another stream: its shards is"):
        loader(static).load_state_dict(loader(plain).state_dict())
    with pytest.raises(UsageError, match="another stream: its shards is None"):
        loader(static).load_state_dict({"epoch": 0, "step": 0})


@pytest.mark.parametrize("change", [{"step": STEPS}, {"step": None}, {"epoch": -1}, {"step": 1.0}])
def test_a_state_of_no_step_is_refused(plain: Path, change: dict[str, Any]) -> None:
    stream = loader(plain)
    with pytest.raises(UsageError, match=f"with an epoch and one of its {STEPS} steps; got epoch"):
        stream.load_state_dict({**stream.state_dict(), **change})
    with pytest.raises(UsageError, match="epoch must be an integer >= 0; got -1"):
        stream.set_epoch(-1)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"batch_size": 4}, "batch_size is an option of the IterableDataset"),
        ({"shuffle": True}, "shuffle is an option of the IterableDataset"),
        ({"in_order": False}, "in_order=False would lose the place"),
        ({"collate_fn": list}, "collate_fn has nothing to collate"),
    ],
)
def test_options_that_are_the_datasets(plain: Path, more: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        DataLoader(IterableDataset(plain, 8), **more)


def test_rows_by_number_are_for_torchs_loader(plain: Path) -> None:
    with pytest.raises(UsageError, match=r"got str: write DataLoader\(IterableDataset\(folder"):
        DataLoader(str(plain))  # type: ignore[arg-type]


def test_numbers_of_numpy_are_numbers(plain: Path, epochs: list[list[Any]]) -> None:
    stream = loader(plain, batch_size=np.int64(8), seed=np.int64(12345))
    stream.set_epoch(np.int64(1))
    assert stream.state_dict() == {**loader(plain).state_dict(), "epoch": 1}
    assert digest_of(stream) == digest_of(epochs[1])


@pytest.mark.slow
def test_a_folder_in_a_store_is_read_by_workers_and_by_copies(
    place: Place, plain: Path, epochs: list[list[Any]]
) -> None:
    dataset = IterableDataset(uploaded(place, plain, "out"), 8)
    for workers in (0, 2):
        assert digest_of(DataLoader(dataset, num_workers=workers)) == digest_of(epochs[0])
        dataset = pickle.loads(pickle.dumps(dataset))
        dataset.set_epoch(0)


@pytest.mark.slow
def test_workers_that_begin_anew_find_the_store(
    in_s3: Place, plain: Path, epochs: list[list[Any]]
) -> None:
    dataset = IterableDataset(uploaded(in_s3, plain, "out"), 8)
    spawned = DataLoader(dataset, num_workers=1, multiprocessing_context="spawn")
    assert digest_of(spawned) == digest_of(epochs[0])


def test_what_a_user_has_workers_do_first_is_done(plain: Path) -> None:
    started = torch.zeros(2).share_memory_()
    init = started.__setitem__
    stream = DataLoader(
        IterableDataset(plain, 8), num_workers=2, worker_init_fn=partial(call, init)
    )
    assert len(list(stream)) == STEPS
    assert started.tolist() == [1, 1]


def call(init: Callable[[int, int], None], number: int) -> None:
    init(number, 1)
