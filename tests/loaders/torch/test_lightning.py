"""Lightning in one process: its epochs, checkpoints and validations are those of the stream."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from bertprep.errors import UsageError
from tests.loaders.torch.ranks import seen

torch = pytest.importorskip("torch")

from bertprep.torch import DataLoader  # noqa: E402
from tests.loaders.torch.small import IterableDataset  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # it has advice on workers

STEPS = 22  # of batches of 8


def loader(folder: Path, **more: Any) -> DataLoader:
    return DataLoader(IterableDataset(folder, 8, **more))


@pytest.fixture(scope="module")
def stream(plain: Path) -> list[Any]:
    """Three epochs."""
    alone = loader(plain)
    return [batch for _ in range(3) for batch in seen(alone)]


def fit(*arguments: Any, **options: Any) -> list[Any]:
    """Lightning is imported for these tests alone: whoever only collects them need not wait."""
    pytest.importorskip("lightning")
    from tests.loaders.torch import lightning_model

    return lightning_model.fit(*arguments, **options)


def hooked(folder: Path) -> Any:
    """A module that makes its loader anew whenever it is asked."""

    class Hooked(pytest.importorskip("lightning").LightningDataModule):  # type: ignore[misc]
        def train_dataloader(self) -> DataLoader:
            return loader(folder)

    return Hooked()


def test_a_loader_that_is_made_anew_reads_the_next_epoch(plain: Path, stream: list[Any]) -> None:
    more = {"max_epochs": 3, "reload_dataloaders_every_n_epochs": 1}
    assert fit(hooked(plain), enable_checkpointing=False, **more) == stream


def kept_each_epoch(folder: Path, out: Path, **more: Any) -> tuple[list[Any], list[Path]]:
    """What a run sees, and its checkpoints, which hold no place that is given back."""
    callbacks = pytest.importorskip("lightning.pytorch.callbacks")
    callback = callbacks.ModelCheckpoint(out, "{step}", save_top_k=-1, every_n_epochs=1)
    found = fit(loader(folder), max_epochs=3, callbacks=[callback], **more)
    return found, sorted(out.iterdir())[:2]


def test_a_run_goes_on_behind_the_checkpoint_of_an_epoch(
    plain: Path, stream: list[Any], tmp_path: Path
) -> None:
    whole, checkpoints = kept_each_epoch(plain, tmp_path)
    assert whole == stream
    for epoch, path in enumerate(checkpoints, 1):
        again = fit(loader(plain), str(path), max_epochs=3, enable_checkpointing=False)
        assert again == stream[STEPS * epoch :]


def test_epochs_that_are_parts_need_the_place(
    plain: Path, stream: list[Any], tmp_path: Path
) -> None:
    """Of 13 steps, the 9 that are left of the stream's, and 13 again."""
    more: dict[str, Any] = {"limit_train_batches": 13}
    whole, checkpoints = kept_each_epoch(plain, tmp_path, **more)
    assert whole == stream[:35]
    path = checkpoints[0]
    more |= {"max_epochs": 3, "enable_checkpointing": False}
    with pytest.raises(UsageError, match=r"gives back no place in the stream: call loader\.load_"):
        fit(loader(plain), str(path), **more)
    again = loader(plain)
    state = torch.load(path, weights_only=False)["loops"]["fit_loop"]["state_dict"]
    again.load_state_dict(state["combined_loader"][0])
    assert fit(again, str(path), **more) == whole[13:]


def validated(train: Any, held_out: Any) -> list[str]:
    """The warnings of a run that validates in the middle of its epochs."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        more = {"val_check_interval": 7, "limit_val_batches": 3}
        fit(train, None, held_out, max_epochs=1, enable_checkpointing=False, **more)
    return [str(w.message) for w in caught if "with validation=True" in str(w.message)]


def test_a_validation_on_a_stream_that_goes_on_is_told(plain: Path) -> None:
    assert not validated(loader(plain), loader(plain, validation=True))
    assert not validated(loader(plain), loader(plain, shuffle=False))
    assert "an evaluation reads a stream that goes on" in validated(loader(plain), loader(plain))[0]
    training = loader(plain)
    assert validated(training, DataLoader(training.dataset))


def test_the_same_batches_to_overfit(plain: Path) -> None:
    more = {"max_epochs": 2, "overfit_batches": 3, "enable_checkpointing": False}
    found = fit(loader(plain, validation=True), **more)
    assert found[:3] == found[3:]


def test_batches_of_batches_are_refused_first(plain: Path) -> None:
    others = torch.utils.data.DataLoader(IterableDataset(plain, 8), batch_size=8)
    with pytest.raises(UsageError, match="would make batches of batches"):
        fit(others, max_epochs=1, enable_checkpointing=False)
