"""The stream for PyTorch: workers, resuming at any batch, and tensors as models take them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bertprep.errors import UsageError
from tests.made_folders import L, digest_of, numbers_of, options, rows_of, write_folder

torch = pytest.importorskip("torch")

from bertprep.loaders.torch_tensors import Packed, tensors  # noqa: E402
from bertprep.torch import DataLoader, MaskingOptions, keep_apart  # noqa: E402
from tests.loaders.torch.small import IterableDataset  # noqa: E402

# The machines that run tests have fewer cores than the most workers here.
pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")

ROWS = [70, 61, 40]
STEPS = 22  # of batches of 8


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("static"), options(), ROWS)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("plain"), options(masking="none"), ROWS)


def loader(folder: Path, workers: int = 0, persistent: bool = False, **more: Any) -> Any:
    dataset = IterableDataset(folder, **{"batch_size": 8, **more})
    return DataLoader(dataset, num_workers=workers, persistent_workers=persistent)


def numbers(batches: Any) -> list[int]:
    return [number for batch in batches for number in numbers_of(batch)]


@pytest.fixture(scope="module")
def epochs(plain: Path) -> list[list[Any]]:
    """The batches of three epochs, as one process alone makes them."""
    alone = loader(plain)
    return [list(alone) for _ in range(3)]


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
        remaining = [epochs[0][step:], *epochs[1:]] if step < STEPS else epochs[1:]
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


def test_the_state_is_the_same_on_all_ranks(plain: Path) -> None:
    first, second = (loader(plain, rank=rank, world_size=2) for rank in range(2))
    rest = list(islice(second, 5)) and list(second)
    next(iter(first))
    list(islice(first, 4))
    second.load_state_dict(first.state_dict())
    assert digest_of(second) == digest_of(rest)


def test_tensors_are_as_models_take_them(static: Path, plain: Path) -> None:
    for folder, layout in ((static, None), (plain, None), (plain, "google")):
        for workers in (0, 1):
            batch = next(iter(loader(folder, workers, layout=layout)))
            kinds = {name: values.dtype for name, values in batch.items()}
            weights = kinds.pop("masked_lm_weights", torch.float32)
            assert set(kinds.values()) == {torch.int64}
            assert weights == torch.float32
            assert all(values.is_contiguous() for values in batch.values())
            assert len(batch) == (7 if layout else 5)


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


CHANGES: list[tuple[str, Callable[[], dict[str, Any]]]] = [
    ("batch_size is 8, and here it is 4", lambda: {"batch_size": 4}),
    ("world_size is 1, and here it is 2", lambda: {"rank": 0, "world_size": 2}),
    ("seed is 12345, and here it is 1", lambda: {"seed": 1}),
    ("shuffle is True, and here it is False", lambda: {"shuffle": False}),
    ("masking is .*'token'.*, and here it is .*'span'", lambda: {"masking": "span"}),
    ("layout is huggingface, and here it is google", lambda: {"layout": "google"}),
]


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


def test_workers_of_remote_folders_are_no_forks(plain: Path, epochs: list[list[Any]]) -> None:
    dataset = IterableDataset(f"file://{plain}", 8)
    remote = DataLoader(dataset, num_workers=1)
    assert remote.multiprocessing_context.get_start_method() == "forkserver"
    assert digest_of(remote) == digest_of(epochs[0])


def late(number: int) -> None:
    time.sleep(0.5 * number)


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_a_worker_that_is_late_begins_where_its_pass_did(
    plain: Path, epochs: list[list[Any]], context: str
) -> None:
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


def test_a_batch_arrives_as_it_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    kinds = [torch.int64, torch.int64, torch.float32, torch.int64]
    for vocab_size, bits in ((2**15 - 1, 15), (2**15, 31)):  # ids of 16 bits, and of 32
        sent = [
            {
                "a": rng.integers(-100, 2**15, (rows, 7)).astype(np.int16),
                "b": rng.integers(-100, 100, (rows, 7)).astype(np.int8)[:, :3],
                "c": rng.random((rows, 3)).astype(np.float32),
                "d": rng.integers(-100, 2**bits, rows),
            }
            for rows in (5, 5, 1)
        ]
        packed = Packed(sent, vocab_size)
        for batch, expected in zip(packed.unpacked(), map(tensors, sent), strict=True):
            assert [values.dtype for values in batch.values()] == kinds
            assert batch.keys() == expected.keys()
            assert all(torch.equal(batch[name], expected[name]) for name in batch)
    batches = list(packed.unpacked())
    packed._buffer.zero_()  # what is kept of a batch needs no memory that workers share
    for batch, expected in zip(batches, map(tensors, sent), strict=True):
        assert all(torch.equal(batch[name], expected[name]) for name in batch)
    packed = Packed(sent, vocab_size)
    with monkeypatch.context() as patch:
        patch.setattr(torch.Tensor, "pin_memory", lambda tensor: tensor + 1)
        pinned = packed.pin_memory()
    for batch, expected in zip(pinned, map(tensors, sent), strict=True):
        assert torch.equal(batch["d"], expected["d"] + 1)


def test_rows_that_are_not_packed_cannot_be_kept_apart(plain: Path) -> None:
    batch = next(iter(loader(plain)))
    with pytest.raises(UsageError, match="expected packed rows, with sequence_ids; got input_ids"):
        keep_apart(batch)


def test_without_torch_the_way_out_is_named() -> None:
    code = "import sys; sys.modules['torch'] = None; import bertprep.torch"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    line = "ImportError: bertprep.torch needs PyTorch: pip install 'bertprep[torch]'"
    assert done.stderr.splitlines()[-1] == line
