"""Single examples for PyTorch: any order, masks of their own at each read, and who takes them."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bertprep.errors import UsageError
from tests.made_folders import VOCABULARY, L, digest_of, numbers_of, options, rows_of, write_folder

torch = pytest.importorskip("torch")

from bertprep.torch import CodertimoDataset, Collator, MaskingOptions  # noqa: E402
from tests.loaders.torch.mapped import ROWS, N, read, stacked  # noqa: E402
from tests.loaders.torch.small import MapDataset, small_shards  # noqa: E402

pytestmark = pytest.mark.usefixtures("own_caches")


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("static"), options(), ROWS)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("plain"), options(masking="none"), ROWS)


# Rows by number


def test_examples_stand_where_their_rows_do(static: Path, plain: Path) -> None:
    for folder in (static, plain):
        dataset = MapDataset(folder)
        assert len(dataset) == N
        assert numbers_of(read(dataset)) == list(range(N))
        assert numbers_of(read(dataset, [40, 3, 3, 50])) == [40, 3, 3, 50]
        assert numbers_of(stacked([dataset[7], dataset[-1]])) == [7, N - 1]
        assert numbers_of(stacked(dataset[3:9:2])) == [3, 5, 7]
        for index in (N, -N - 1):
            with pytest.raises(IndexError):
                dataset[index]


def test_an_example_is_padded_to_the_length_of_the_shards(static: Path, plain: Path) -> None:
    for folder in (static, plain):
        example = MapDataset(folder)[0]
        assert {tuple(value.shape) for value in example.values()} == {(L,), ()}
        assert {value.dtype for value in example.values()} == {torch.int64}


def test_stored_masks_come_as_they_are(static: Path) -> None:
    dataset, shards = MapDataset(static), small_shards(static)
    stored = shards.read(1, 0, 14)
    for name in stored.dtype.names:
        assert np.array_equal(read(dataset, range(16, 30))[name], stored[name])
    dataset.set_epoch(3)
    assert digest_of([read(dataset)]) == digest_of([read(dataset)])


# The cache


# Masks


def shown(dataset: Any, numbers: Any = range(N)) -> str:
    return str(read(dataset, numbers)["labels"].tolist())


def test_each_read_has_masks_of_its_own(plain: Path) -> None:
    dataset, again = MapDataset(plain), MapDataset(plain)
    found = [shown(dataset) for _ in range(4)]
    assert len(set(found)) == 4
    assert [shown(again) for _ in range(4)] == found
    assert shown(MapDataset(plain, seed=1)) != found[0]


def test_an_epoch_that_is_named_has_masks_of_its_own(plain: Path) -> None:
    dataset, other = MapDataset(plain), MapDataset(plain)
    in_turn = []
    for epoch in (0, 1, 2):
        dataset.set_epoch(epoch)
        in_turn.append(shown(dataset))
    assert len(set(in_turn)) == 3
    other.set_epoch(2)  # as a resumed run does
    assert shown(other) == in_turn[2]


def test_masks_depend_on_neither_the_order_nor_the_batch(plain: Path) -> None:
    together = read(MapDataset(plain))["labels"]
    one_by_one = MapDataset(plain)
    order = torch.randperm(N).tolist()
    found = {number: one_by_one[number]["labels"] for number in order}
    assert all(torch.equal(found[number], together[number]) for number in order)


def test_ranks_that_read_a_row_in_turn_mask_it_anew(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without set_epoch: rank 1 reads in its first epoch what rank 0 read in its."""
    monkeypatch.setenv("WORLD_SIZE", "2")
    found = []
    for rank in "01":
        monkeypatch.setenv("RANK", rank)
        dataset = MapDataset(plain)
        found += [shown(dataset) for _ in range(3)]
    assert len(set(found)) == 6


def test_a_worker_that_knows_no_rank_masks_as_its_rank_does(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process is no fork: it has what was sent, and neither environment nor group."""
    found = {}
    for rank in "01":
        monkeypatch.setenv("WORLD_SIZE", "2")
        monkeypatch.setenv("RANK", rank)
        here, sent = MapDataset(plain), pickle.dumps(MapDataset(plain))
        found[rank] = shown(here)
        monkeypatch.delenv("WORLD_SIZE")
        monkeypatch.delenv("RANK")
        with monkeypatch.context() as patch:
            patch.setattr(torch.utils.data, "get_worker_info", lambda: "a worker")
            assert shown(pickle.loads(sent)) == found[rank]
    assert found["0"] != found["1"]


def test_a_row_can_be_read_often(plain: Path) -> None:
    dataset = MapDataset(plain)
    first = shown(dataset)
    for _ in range(255):
        dataset.__getitems__(range(N))
    assert shown(dataset) != first


def test_rows_counted_from_the_end_are_the_same(plain: Path) -> None:
    numbers = [0, 7, N - 1]
    found = [shown(MapDataset(plain), where) for where in (numbers, [n - N for n in numbers])]
    assert found[0] == found[1]
    assert shown(MapDataset(plain), [numbers[-1]]) == shown(MapDataset(plain), [-1])


def test_an_evaluation_has_the_same_masks_always(plain: Path) -> None:
    dataset = MapDataset(plain, remask=False)
    first = shown(dataset)
    dataset.set_epoch(5)
    assert shown(dataset) == first


@pytest.mark.parametrize("persistent", [False, True])
def test_workers_mask_anew_without_being_told_of_epochs(plain: Path, persistent: bool) -> None:
    loaders = [
        torch.utils.data.DataLoader(
            dataset,
            batch_size=8,
            collate_fn=Collator(dataset),
            num_workers=workers,
            persistent_workers=workers > 0 and persistent,
        )
        for workers in (0, 2)
        for dataset in [MapDataset(plain)]
    ]
    alone, with_workers = ([digest_of(loader) for _ in range(3)] for loader in loaders)
    assert alone == with_workers
    assert len(set(alone)) == 3


def test_masking_options_arrive(plain: Path) -> None:
    masking = MaskingOptions("token", 0.4, mask_replace_prob=1, random_replace_prob=0)
    batch = read(MapDataset(plain, masking=masking))
    assert set(batch["input_ids"][batch["labels"] != -100].tolist()) == {VOCABULARY.mask_id}
    assert "masked_lm_ids" in MapDataset(plain, masking="whole-word", layout="google")[0]


# Who takes them


@pytest.mark.parametrize("shards", ["static", "plain"])
def test_samplers_of_ranks_reach_each_row_once(shards: str, request: Any) -> None:
    dataset = MapDataset(request.getfixturevalue(shards))
    found = []
    for rank in range(3):
        sampler = torch.utils.data.DistributedSampler(dataset, 3, rank)
        loader = torch.utils.data.DataLoader(dataset, 5, sampler=sampler)
        found += [number for batch in loader for number in numbers_of(batch)]
    assert sorted(found) == list(range(N))


def test_the_collator_pads_to_the_longest_row(static: Path, plain: Path) -> None:
    for folder in (static, plain):
        dataset = MapDataset(folder)
        short = sorted(range(N), key=lambda n: int(dataset[n]["attention_mask"].sum()))[:3]
        examples = dataset.__getitems__(short)
        longest = max(int(example["attention_mask"].sum()) for example in examples)
        batch = Collator(dataset)(examples)
        assert longest < 12
        assert {tuple(value.shape) for value in batch.values()} == {(3, longest), (3,)}
        assert torch.equal(batch["labels"], stacked(examples)["labels"][:, :longest])
        wide = Collator(dataset, pad_to_multiple_of=8)(examples)
        assert wide["input_ids"].shape == (3, -(-longest // 8) * 8)
        fixed = Collator(dataset, pad_to=40)(examples)
        assert fixed["labels"].shape == (3, 40)
        assert (fixed["labels"][:, L:] == -100).all()
        assert (fixed["input_ids"][:, L:] == VOCABULARY.pad_id).all()
        assert all(
            values.is_contiguous() and values.dtype == torch.int64 for values in batch.values()
        )


def test_the_items_of_codertimos_trainer(static: Path, plain: Path) -> None:
    for folder in (static, plain):
        dataset = MapDataset(folder, remask=False)
        items = CodertimoDataset(dataset)
        assert len(items) == N
        batch, item = read(dataset), stacked([items[number] for number in range(N)])
        assert digest_of([item]) == digest_of([read(items)])
        assert list(item) == ["bert_input", "bert_label", "segment_label", "is_next"]
        assert torch.equal(item["bert_input"], batch["input_ids"])
        predicted = batch["labels"] != -100
        assert torch.equal(item["bert_label"] != 0, predicted)
        assert torch.equal(item["bert_label"][predicted], batch["labels"][predicted])
        # 1 for [CLS] A [SEP], 2 for B [SEP], 0 for padding; the padding has the id 0.
        assert torch.equal(item["segment_label"] == 2, batch["token_type_ids"] == 1)
        assert torch.equal(item["segment_label"] == 0, item["bert_input"] == 0)
        assert torch.equal(item["is_next"], 1 - batch["next_sentence_label"])
        assert item["is_next"].tolist() == [1 - number % 2 for number in range(N)]


def test_codertimos_trainer_needs_pairs_and_labels(tmp_path: Path) -> None:
    lone = write_folder(tmp_path / "lone", options(task="none"), [9])
    google = write_folder(tmp_path / "google", options(layout="google"), [9])
    packed = write_folder(tmp_path / "packed", options(pack=True), [9])
    cases = (lone, "--task none"), (google, "and the google layout"), (packed, "nsp --pack and")
    for folder, got in cases:
        with pytest.raises(UsageError, match=got):
            CodertimoDataset(MapDataset(folder))


# Several folders


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, int]:
    made, unmasked = tmp_path_factory.mktemp("several"), options(masking="none")
    wiki = write_folder(made / "wiki", unmasked, [rows_of(range(40), L)])
    return {wiki: 1, write_folder(made / "books", unmasked, [rows_of(range(500, 507), L)]): 2}


def test_several_folders_in_proportions(folders: dict[Path, int]) -> None:
    dataset = MapDataset(folders)
    assert len(dataset) == 120
    numbers = numbers_of(read(dataset, range(120)))
    assert sorted(n for n in numbers if n < 500) == list(range(40))
    counts = [numbers.count(n) for n in range(500, 507)]
    assert sum(counts) == 80 and set(counts) == {11, 12}
    mixed = [3, 119, 41, 0, 60, -1]
    assert numbers_of(read(dataset, mixed)) == [numbers[n] for n in mixed]


def test_a_folder_that_begins_again_goes_on_in_the_next_epoch(folders: dict[Path, int]) -> None:
    dataset, found = MapDataset(folders), []
    for epoch in range(7):
        dataset.set_epoch(epoch)
        found += numbers_of(read(dataset, range(40, 120)))
    assert [found.count(n) for n in range(500, 507)] == [80] * 7
    again = MapDataset(folders)
    again.load_state_dict(dataset.state_dict())
    assert numbers_of(read(again, range(40, 120))) == found[-80:]
    other = MapDataset(dict(zip(folders, (1, 1), strict=True)))
    with pytest.raises(UsageError, match="its weights is"):
        other.load_state_dict(dataset.state_dict())


def test_a_row_that_comes_twice_is_masked_anew(folders: dict[Path, int]) -> None:
    rows = read(MapDataset(folders), range(40, 120))
    same = [i for i, n in enumerate(numbers_of(rows)) if n == 500]
    masks = {digest_of([{"labels": rows["labels"][i]}]) for i in same}
    assert len(masks) > len(same) // 2
    batch = torch.utils.data.DataLoader(MapDataset(folders), batch_size=16, shuffle=True)
    shares = [sum(n >= 500 for n in numbers_of(each)) for each in batch]
    assert sum(shares) == 80
