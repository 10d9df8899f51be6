"""Which masks rows have: those of the pass that reads them, resumed or not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.made_folders import digest_of, numbers_of, options, write_folder

torch = pytest.importorskip("torch")

from bertprep.torch import Collator  # noqa: E402
from tests.loaders.torch.small import MapDataset  # noqa: E402

# torchdata calls what torch has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create", "ignore:.set_vital")

ROWS = [70, 61, 40]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        yield write_folder(folder, options(masking="none"), ROWS)


def by_number(folder: Path, rows: Any = None, **more: Any) -> Any:
    rows = rows or MapDataset(folder)
    return torch.utils.data.DataLoader(rows, 8, collate_fn=Collator(rows), **more)


def test_an_evaluation_on_the_same_rows_leaves_the_masks_of_the_epoch(plain: Path) -> None:
    alone, evaluated = MapDataset(plain), MapDataset(plain)
    for rows in (alone, evaluated):
        rows.set_epoch(2)
    whole = list(by_number(plain, alone))
    training = iter(by_number(plain, evaluated))
    begun = list(islice(training, 5))
    digest_of(islice(by_number(plain, evaluated), 9))
    evaluated.set_epoch(0)  # as accelerate does for the loader of an evaluation
    digest_of(by_number(plain, evaluated))
    assert digest_of([*begun, *training]) == digest_of(whole)


def masks_of(loader: Any) -> list[tuple[int, str]]:
    """Each row that a loader reads, and what is predicted of it where, without padding."""
    return [
        (number, str([(n, label) for n, label in enumerate(labels.tolist()) if label != -100]))
        for batch in loader
        for number, labels in zip(numbers_of(batch), batch["labels"], strict=True)
    ]


def test_rows_that_come_again_in_a_pass_have_the_masks_of_the_epoch(plain: Path) -> None:
    """As those with which ranks fill their last batch."""
    rows = MapDataset(plain)
    epochs = []
    for epoch in (0, 1):
        found = masks_of(by_number(plain, rows, sampler=_Listed([*range(40), 5, 3, 5], epoch)))
        assert len(set(found)) == 40 < len(found)
        epochs.append(found)
    assert len(set(epochs[0]) & set(epochs[1])) < 10  # some rows have few masks
    resumed = by_number(plain, None, sampler=_Listed([5, 3, 5], 1))
    assert masks_of(resumed) == epochs[1][40:]


class _Listed(torch.utils.data.Sampler):  # type: ignore[misc, name-defined]
    """Rows in a given order, in an epoch."""

    def __init__(self, indices: list[int], epoch: int) -> None:
        self.indices, self.epoch = indices, epoch

    def __iter__(self) -> Iterator[int]:
        return iter(self.indices)

    def __len__(self) -> int:
        return len(self.indices)


def test_a_sampler_that_draws_again_draws_new_masks(plain: Path) -> None:
    rows = MapDataset(plain)
    sampler = torch.utils.data.RandomSampler(rows, replacement=True, num_samples=60)
    sampler_of_few = torch.utils.data.WeightedRandomSampler([1.0] * 3 + [0.0] * 168, 24)
    for chosen in (sampler, sampler_of_few):
        found = masks_of(by_number(plain, rows, sampler=chosen))
        different = {number for number, _ in found}
        assert len(different) < len(found)
        assert len(set(found)) > len(different)


@pytest.mark.parametrize(
    ("workers", "taken"),
    [
        *((0, taken) for taken in (0, 7, 22)),
        (2, 7),
        *(pytest.param(2, taken, marks=pytest.mark.exhaustive) for taken in (0, 22)),
    ],
)
def test_torchdatas_loader_resumes_rows_with_their_masks(
    plain: Path, workers: int, taken: int
) -> None:
    stateful = pytest.importorskip("torchdata.stateful_dataloader").StatefulDataLoader

    def made() -> Any:
        rows = MapDataset(plain)
        return stateful(rows, 8, collate_fn=Collator(rows), num_workers=workers)

    first = made()
    digest_of(first)
    begun = iter(first)
    list(islice(begun, taken))
    if taken == 22:
        assert next(begun, None) is None
    state = first.state_dict()
    rest = [digest_of(begun)] if taken < 22 else []
    rest.append(digest_of(first))
    again = made()
    again.load_state_dict(state)
    assert [digest_of(again) for _ in rest] == rest
