"""Other libraries around the datasets, in one process: order, masks and state are the dataset's."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bertprep.errors import UsageError
from tests.made_folders import VOCABULARY, L, digest_of, numbers_of

torch = pytest.importorskip("torch")

from bertprep.torch import Collator, DataLoader, EpochCallback  # noqa: E402
from tests.loaders.torch.ranks import PRELOADED  # noqa: E402
from tests.loaders.torch.recorder import Recorder  # noqa: E402
from tests.loaders.torch.small import IterableDataset, MapDataset  # noqa: E402

pytestmark = pytest.mark.filterwarnings(
    "ignore:This DataLoader will create", "ignore::DeprecationWarning", "ignore:.set_vital"
)

ROWS = [70, 61, 40]
STEPS = 22  # of batches of 8


@pytest.fixture(scope="module", autouse=True)
def one_thread(own_caches: None) -> Iterator[None]:
    get_context("forkserver").set_forkserver_preload(PRELOADED)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def epochs(plain: Path) -> list[list[Any]]:
    """The batches of three epochs, as this package's loader alone makes them."""
    alone = DataLoader(IterableDataset(plain, 8))
    return [list(alone) for _ in range(3)]


def digests(epochs: Any) -> list[str]:
    return [digest_of(epoch) for epoch in epochs]


def refusal(batches: Any) -> str:
    """The line of the error that comes in place of the first batch.

    Nothing else is left of it: a loader in a cycle, as of an error, waits 5 s for its workers.
    """
    with pytest.raises(UsageError) as caught:
        next(iter(batches))
    error: BaseException | None = caught.value
    while error:
        error.__traceback__ = None
        error = error.__context__
    return str(caught.value)


# torch


@pytest.mark.parametrize(
    ("workers", "persistent", "context"),
    [(0, False, None), (3, False, "fork"), (2, True, "fork"), (2, False, "forkserver")],
)
def test_torchs_loader_goes_through_the_epochs(
    plain: Path, epochs: list[list[Any]], workers: int, persistent: bool, context: str | None
) -> None:
    others = torch.utils.data.DataLoader(
        IterableDataset(plain, 8),
        batch_size=None,
        num_workers=workers,
        persistent_workers=persistent,
        multiprocessing_context=context,
    )
    found = []
    for epoch in range(3 if context != "forkserver" else 2):
        torch.manual_seed(0)  # the seeds of workers tell passes apart as little as anything
        found.append(digest_of(others))
        assert found[-1] == digest_of(epochs[epoch])
    others.dataset.set_epoch(1)
    assert digest_of(others) == digest_of(epochs[1])


def test_passes_that_break_off_are_epochs(plain: Path, epochs: list[list[Any]]) -> None:
    others = torch.utils.data.DataLoader(IterableDataset(plain, 8), batch_size=None, num_workers=2)
    for epoch in range(3):
        assert digest_of(islice(others, 5)) == digest_of(epochs[epoch][:5])


@pytest.mark.parametrize("workers", [0, 1])
def test_batches_of_batches_are_refused(plain: Path, workers: int) -> None:
    dataset = IterableDataset(plain, 8)
    others = torch.utils.data.DataLoader(dataset, num_workers=workers)
    assert "write torch's DataLoader(dataset, batch_size=None)" in refusal(others)


def test_batches_can_be_made_rows_on_the_way(plain: Path) -> None:
    """A wrapper that yields rows is a dataset that a loader may make batches of."""

    class Rows(torch.utils.data.IterableDataset):  # type: ignore[misc, name-defined]
        def __iter__(self) -> Iterator[Any]:
            for batch in IterableDataset(plain, 8, pad_to=L):
                for values in zip(*batch.values(), strict=True):
                    yield dict(zip(batch, values, strict=True))

    loader = torch.utils.data.DataLoader(Rows(), 16)
    assert sorted(n for batch in loader for n in numbers_of(batch)) == list(range(sum(ROWS)))


@pytest.mark.parametrize("workers", [0, 2])
def test_each_validation_sees_the_same(plain: Path, workers: int) -> None:
    for more in ({"shuffle": False}, {"validation": True}):
        dataset = IterableDataset(plain, 8, **more)  # type: ignore[arg-type]
        own = DataLoader(dataset, num_workers=workers)
        others = torch.utils.data.DataLoader(dataset, batch_size=None, num_workers=workers)
        first = digest_of(own)
        broken = digest_of(islice(own, 5))
        dataset.set_epoch(3)
        assert digest_of(islice(own, 5)) == digest_of(islice(others, 5)) == broken
        assert digest_of(own) == digest_of(others) == first
        rest = list(own)[5:]
        list(islice(own, 5))
        state = own.state_dict()
        own.load_state_dict(state)
        assert digest_of(own) == digest_of(rest)
        assert digest_of(own) == first
    training = DataLoader(IterableDataset(plain, 8, shuffle=False, validation=False))
    assert digest_of(training) != digest_of(training)


def test_a_loader_that_is_not_read_has_no_state(plain: Path) -> None:
    own = DataLoader(IterableDataset(plain, 8))
    others = torch.utils.data.DataLoader(own.dataset, batch_size=None)
    next(iter(others))
    with pytest.raises(UsageError, match="another loader reads this dataset"):
        own.state_dict()
    own.set_epoch(1)
    assert own.state_dict()["epoch"] == 1


def test_samplers_are_for_rows(plain: Path) -> None:
    with pytest.raises(UsageError, match=r"give what makes samplers .* a MapDataset"):
        torch.utils.data.DistributedSampler(IterableDataset(plain, 8), 2, 0)


# torchdata


@pytest.mark.parametrize(
    ("workers", "taken"),
    [
        *((0, taken) for taken in (0, 7, STEPS)),
        (2, 7),
        *(pytest.param(2, taken, marks=pytest.mark.exhaustive) for taken in (0, STEPS)),
    ],
)
def test_torchdatas_loader_resumes(
    plain: Path, epochs: list[list[Any]], workers: int, taken: int
) -> None:
    stateful = pytest.importorskip("torchdata.stateful_dataloader").StatefulDataLoader

    def loader() -> Any:
        return stateful(IterableDataset(plain, 8), batch_size=None, num_workers=workers)

    first = loader()
    assert digest_of(first) == digest_of(epochs[0])
    begun = iter(first)
    assert digest_of(islice(begun, taken)) == digest_of(epochs[1][:taken])
    if taken == STEPS:
        assert next(begun, None) is None
    state = first.state_dict()
    again = loader()
    again.load_state_dict(state)
    if taken < STEPS:
        assert digest_of(again) == digest_of(epochs[1][taken:])
    assert digest_of(again) == digest_of(epochs[2])


def test_torchdatas_loader_keeps_the_epoch_of_rows(plain: Path) -> None:
    stateful = pytest.importorskip("torchdata.stateful_dataloader").StatefulDataLoader

    def loader() -> Any:
        dataset = MapDataset(plain)
        return stateful(dataset, batch_size=8, collate_fn=Collator(dataset))

    first = loader()
    first.dataset.set_epoch(2)
    begun = iter(first)
    list(islice(begun, 3))
    state = first.state_dict()
    again = loader()
    again.load_state_dict(state)
    assert again.dataset.state_dict()["epoch"] in (0, 2)
    assert len(list(again)) == STEPS - 3
    assert again.dataset.state_dict()["epoch"] == 2
    with pytest.raises(UsageError, match="the state is of another dataset: its seed is 12345"):
        MapDataset(plain, seed=1).load_state_dict(MapDataset(plain).state_dict())


# accelerate


def accelerator(**configuration: Any) -> Any:
    accelerate = pytest.importorskip("accelerate")
    made = accelerate.DataLoaderConfiguration(**configuration) if configuration else None
    return accelerate.Accelerator(cpu=True, dataloader_config=made)


@pytest.mark.parametrize("workers", [0, pytest.param(1, marks=pytest.mark.exhaustive), 2])
@pytest.mark.parametrize("dispatch", [None, True, False])
def test_accelerate_reads_the_epochs(
    plain: Path, epochs: list[list[Any]], workers: int, dispatch: bool | None
) -> None:
    prepared = accelerator(dispatch_batches=dispatch).prepare(
        DataLoader(IterableDataset(plain, 8), num_workers=workers)
    )
    assert len(prepared) == STEPS
    assert [digest_of(prepared) for _ in range(3)] == digests(epochs)


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("dispatch", [True, False])
def test_accelerate_skips_to_where_it_was(
    plain: Path, epochs: list[list[Any]], workers: int, dispatch: bool
) -> None:
    accelerate = pytest.importorskip("accelerate")
    own = DataLoader(IterableDataset(plain, 8), num_workers=workers)
    prepared = accelerator(dispatch_batches=dispatch).prepare(own)
    prepared.set_epoch(1)
    left = accelerate.skip_first_batches(prepared, 9)
    assert digest_of(left) == digest_of(epochs[1][9:])
    prepared.set_epoch(2)
    assert digest_of(prepared) == digest_of(epochs[2])


@pytest.mark.parametrize("dispatch", [True, False])
def test_a_state_in_a_loader_that_counts_epochs_itself(
    plain: Path, epochs: list[list[Any]], dispatch: bool
) -> None:
    before = DataLoader(IterableDataset(plain, 8))
    before.set_epoch(2)
    list(islice(before, 7))
    own = DataLoader(IterableDataset(plain, 8))
    prepared = accelerator(dispatch_batches=dispatch).prepare(own)
    own.load_state_dict(before.state_dict())
    with pytest.raises(UsageError, match=r"call its set_epoch\(2\) behind load_state_dict"):
        next(iter(prepared))
    prepared.set_epoch(2)
    assert digest_of(prepared) == digest_of(epochs[2][7:])


@pytest.mark.parametrize("context", [None, "fork", "forkserver"])
def test_skipping_in_an_epoch_that_nobody_named(
    plain: Path, epochs: list[list[Any]], context: str | None
) -> None:
    accelerate = pytest.importorskip("accelerate")
    accelerator()
    more = {"num_workers": 1, "multiprocessing_context": context} if context else {}
    own = DataLoader(IterableDataset(plain, 8), **more)
    line = refusal(accelerate.skip_first_batches(own, 3))
    assert "call set_epoch before, or add bertprep.torch.Epoch" in line
    if context != "forkserver":
        own.set_epoch(1)
        assert digest_of(accelerate.skip_first_batches(own, 3)) == digest_of(epochs[1][3:])


class DataLoaderDispatcher:
    """As accelerate's on process 0 of two, which reads the batches of both."""

    def __init__(self, batches: Any, split_batches: bool = False) -> None:
        self.batches, self.split_batches = batches, split_batches
        self.state = SimpleNamespace(num_processes=2)

    def __iter__(self) -> Iterator[Any]:
        yield from self.batches


@pytest.mark.parametrize("workers", [0, 1])
def test_rows_that_a_dispatcher_would_read_again(plain: Path, workers: int) -> None:
    """accelerate counts the batches of one rank, and leaves out as many of all."""
    accelerate = pytest.importorskip("accelerate")
    accelerator()
    data = MapDataset(plain)
    rows = torch.utils.data.DataLoader(data, 8, collate_fn=Collator(data), num_workers=workers)
    left = accelerate.skip_first_batches(rows, 4)
    assert len(list(DataLoaderDispatcher(rows))) == STEPS
    assert len(list(DataLoaderDispatcher(left, split_batches=True))) == STEPS - 4
    line = refusal(DataLoaderDispatcher(left))
    assert "too few are left out: write " in line
    assert "dispatch_batches=False" in line


def test_accelerate_keeps_the_state_of_torchdatas_loader(
    plain: Path, epochs: list[list[Any]]
) -> None:
    pytest.importorskip("torchdata")

    def prepared() -> Any:
        made = accelerator(use_stateful_dataloader=True)
        return made.prepare(DataLoader(IterableDataset(plain, 8)))

    first = prepared()
    assert digest_of(first) == digest_of(epochs[0])
    begun = iter(first)
    assert digest_of(islice(begun, 6)) == digest_of(epochs[1][:6])
    state = first.state_dict()
    again = prepared()
    again.load_state_dict(state)
    assert digest_of(again) == digest_of(epochs[1][6:])


# transformers


def run(folder: Path, kind: type, steps: int, resume: Path | None = None, **more: Any) -> list[Any]:
    """The batches of a training run with ``kind`` of Trainer, which saves its last step."""
    transformers = pytest.importorskip("transformers")
    arguments = transformers.TrainingArguments(
        str(folder),
        max_steps=steps,
        per_device_train_batch_size=8,
        save_steps=steps,
        report_to="none",
        disable_tqdm=True,
        use_cpu=True,
        remove_unused_columns=False,
        logging_strategy="no",
    )
    model = Recorder()
    kind(model, arguments, **more).train(resume_from_checkpoint=resume and str(resume))
    logging.getLogger("transformers").handlers.clear()
    return model.seen


def stream_trainer(folder: Path, prepares: bool, workers: int) -> tuple[type, dict[str, Any]]:
    transformers = pytest.importorskip("transformers")
    dataset = IterableDataset(folder, 8)

    class StreamTrainer(transformers.Trainer):  # type: ignore[misc, name-defined]
        def get_train_dataloader(self) -> Any:
            own = DataLoader(dataset, num_workers=workers)
            return self.accelerator.prepare(own) if prepares else own

    callbacks = [] if prepares else [EpochCallback(dataset)]
    return StreamTrainer, {"train_dataset": dataset, "callbacks": callbacks}


@pytest.mark.parametrize(("prepares", "workers"), [(True, 0), (True, 2), (False, 0), (False, 2)])
def test_the_trainer_resumes_a_stream(
    plain: Path, epochs: list[list[Any]], tmp_path: Path, prepares: bool, workers: int
) -> None:
    stream = [batch for epoch in epochs for batch in epoch]
    kind, more = stream_trainer(plain, prepares, workers)
    assert digest_of(run(tmp_path, kind, 40, **more)) == digest_of(stream[:40])
    kind, more = stream_trainer(plain, prepares, workers)
    resumed = run(tmp_path, kind, 50, tmp_path / "checkpoint-40", **more)
    assert digest_of(resumed) == digest_of(stream[40:50])


def test_a_stream_of_which_the_trainer_would_make_batches(plain: Path, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    with pytest.raises(UsageError, match=r"a get_train_dataloader that returns self.accelerator"):
        run(tmp_path, transformers.Trainer, 3, train_dataset=IterableDataset(plain, 8))


def test_a_resumed_stream_needs_the_epoch(plain: Path, tmp_path: Path) -> None:
    kind, more = stream_trainer(plain, False, 0)
    run(tmp_path, kind, 30, **more)
    kind, more = stream_trainer(plain, False, 0)
    with pytest.raises(UsageError, match=r"add bertprep\.torch\.EpochCallback"):
        run(tmp_path, kind, 35, tmp_path / "checkpoint-30", **{**more, "callbacks": []})


@pytest.mark.parametrize(("is_told", "workers"), [(True, 0), (False, 0), (False, 2)])
def test_the_trainer_resumes_rows_with_the_masks_of_their_epoch(
    plain: Path, tmp_path: Path, is_told: bool, workers: int
) -> None:
    transformers = pytest.importorskip("transformers")

    def more() -> dict[str, Any]:
        data = MapDataset(plain)
        told = [EpochCallback(data)] if is_told else []
        return {"train_dataset": data, "data_collator": Collator(data), "callbacks": told}

    whole = run(tmp_path / "whole", transformers.Trainer, 60, **more())
    run(tmp_path, transformers.Trainer, 50, **more())
    resumed = run(tmp_path, transformers.Trainer, 60, tmp_path / "checkpoint-50", **more())
    assert VOCABULARY.mask_id in resumed[0]["input_ids"]
    assert digest_of(resumed) == digest_of(whole[50:])


# Lightning


@pytest.mark.filterwarnings("ignore")  # it has advice on workers, and uses what torch replaces
def test_lightnings_validations_are_the_same_and_its_runs_resume(
    plain: Path, epochs: list[list[Any]], tmp_path: Path
) -> None:
    lightning = pytest.importorskip("lightning")

    class Model(lightning.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))
            self.trained: list[Any] = []
            self.validated: list[Any] = []

        def training_step(self, batch: Any, number: int) -> Any:
            self.trained.append(batch)
            return (self.weight * 1.0).sum()

        def validation_step(self, batch: Any, number: int) -> None:
            self.validated.append(batch)

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), 0.1)

    def fit(max_steps: int, resumed: str | None = None) -> Any:
        model = Model()
        trainer = lightning.Trainer(
            accelerator="cpu",
            max_steps=max_steps,
            limit_val_batches=3,
            num_sanity_val_steps=2,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        )
        held_out = DataLoader(IterableDataset(plain, 8, shuffle=False))
        trainer.fit(model, DataLoader(IterableDataset(plain, 8)), held_out, ckpt_path=resumed)
        trainer.save_checkpoint(tmp_path / "last.ckpt", weights_only=False)
        return model

    stream = [batch for epoch in epochs for batch in epoch]
    first = fit(50)
    assert digest_of(first.trained) == digest_of(stream[:50])
    validated = first.validated
    assert digest_of(validated[:2]) == digest_of(validated[2:4])
    assert digest_of(validated[2:5]) == digest_of(validated[5:8])
    assert digest_of(fit(60, str(tmp_path / "last.ckpt")).trained) == digest_of(stream[50:60])


def test_fabric_leaves_the_loader_as_it_is(plain: Path, epochs: list[list[Any]]) -> None:
    fabric = pytest.importorskip("lightning.fabric").Fabric(accelerator="cpu", devices=1)
    loader = fabric.setup_dataloaders(DataLoader(IterableDataset(plain, 8), num_workers=1))
    assert [digest_of(loader) for _ in range(3)] == digests(epochs)
