"""Rows without padding: what flash attention and transformers' collators take, by those."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bertprep.errors import UsageError
from tests.made_folders import VOCABULARY, numbers_of, options, write_folder

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from bertprep.torch import Collator, DataLoader, FlatCollator, flatten  # noqa: E402
from tests.loaders.torch.flat_cases import ROWS, tokenizer  # noqa: E402
from tests.loaders.torch.small import IterableDataset, MapDataset  # noqa: E402

pytestmark = pytest.mark.usefixtures("own_caches")


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("static"), options(), ROWS)


@pytest.fixture(scope="module")
def ragged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("ragged"), options(layout="ragged"), ROWS)


def flattening(**more: Any) -> Any:
    return transformers.DataCollatorWithFlattening(return_flash_attn_kwargs=True, **more)


def theirs_in(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """All that transformers' collator gives is in a batch of ours, with the same values."""
    for name, values in theirs.items():
        if torch.is_tensor(values):
            assert ours[name].dtype == values.dtype, name
            assert torch.equal(ours[name], values), name
        else:
            assert (ours[name], type(ours[name])) == (values, type(values)), name


def unpadded(batch: Any) -> list[dict[str, list[int]]]:
    lengths = batch["attention_mask"].sum(dim=1).tolist()
    names = ("input_ids", "labels")
    return [
        {name: batch[name][row, :length].tolist() for name in names}
        for row, length in enumerate(lengths)
    ]


@pytest.mark.parametrize("layout", ["static", "ragged"])
def test_a_flat_batch_is_what_transformers_makes_of_unpadded_rows(
    layout: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(layout)
    rows = []
    for batch in DataLoader(IterableDataset(folder, 8)):
        flat = flatten(batch)
        theirs_in(flat, flattening()(unpadded(batch)))
        rows += numbers_of(batch)
        inside = batch["attention_mask"].bool()
        assert torch.equal(flat["token_type_ids"][0], batch["token_type_ids"][inside])
        assert torch.equal(flat["next_sentence_label"][0], batch["next_sentence_label"])
        at_cls = flat["input_ids"][0][flat["cls_positions"][0]]
        assert at_cls.tolist() == [VOCABULARY.cls_id] * len(inside)
        assert VOCABULARY.pad_id not in flat["input_ids"]
    assert sorted(rows) == list(range(sum(ROWS)))


def test_in_the_arguments_of_flash_attention(static: Path) -> None:
    batch = next(iter(DataLoader(IterableDataset(static, 8))))
    flat, own = flatten(batch), flatten(batch, style="flash-attn")
    assert own["input_ids"].dim() == 1
    assert torch.equal(own["cu_seqlens"], flat["cu_seq_lens_q"])
    assert own["cu_seqlens"].dtype == torch.int32
    lengths = batch["attention_mask"].sum(dim=1)
    assert torch.equal(own["cu_seqlens"].diff(), lengths.to(torch.int32))
    assert own["max_seqlen"] == int(lengths.max())
    assert own["position_ids"].tolist() == [i for n in lengths.tolist() for i in range(n)]


def test_examples_of_packed_rows_are_sequences_of_their_own(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, options(pack=True, max_seq_length=60), [40])
    batch = next(iter(DataLoader(IterableDataset(folder, 4))))
    flat = flatten(batch)
    ids, text = batch["sequence_ids"], batch["input_ids"]
    examples = [text[row][ids[row] == n] for row in range(4) for n in range(1, ids[row].max() + 1)]
    assert len(examples) > 4
    assert torch.equal(flat["input_ids"][0], torch.cat(examples))
    lengths = torch.tensor([len(example) for example in examples])
    assert torch.equal(flat["cu_seq_lens_k"].diff(), lengths.to(torch.int32))
    labels = batch["next_sentence_label"]
    assert torch.equal(flat["next_sentence_label"][0], labels[labels >= 0])
    assert flat["cls_positions"].shape == flat["next_sentence_label"].shape


@pytest.mark.parametrize("padded", [True, False])
def test_examples_by_number_are_joined_without_their_padding(static: Path, padded: bool) -> None:
    data = MapDataset(static, padded=padded)
    loader = torch.utils.data.DataLoader(data, 8, collate_fn=FlatCollator())
    whole = torch.utils.data.DataLoader(
        MapDataset(static), 8, collate_fn=Collator(MapDataset(static))
    )
    for flat, batch in zip(loader, whole, strict=True):
        expected = flatten(batch)
        assert flat.keys() == expected.keys()
        for name, values in expected.items():
            assert torch.equal(torch.as_tensor(flat[name]), torch.as_tensor(values)), name


def test_unpadded_examples_in_transformers_own_collator(static: Path) -> None:
    loader = torch.utils.data.DataLoader(
        MapDataset(static, padded=False), 8, collate_fn=flattening()
    )
    own = torch.utils.data.DataLoader(
        MapDataset(static, padded=False), 8, collate_fn=FlatCollator()
    )
    for theirs, ours in zip(loader, own, strict=True):
        assert VOCABULARY.pad_id not in theirs["input_ids"]
        theirs_in(ours, theirs)


def test_ragged_rows_in_transformers_own_collator(ragged: Path, tmp_path: Path) -> None:
    """Without this package: as datasets reads the folder."""
    datasets = pytest.importorskip("datasets")
    rows = datasets.load_dataset(
        "parquet", data_dir=str(ragged / "rows"), split="train", cache_dir=str(tmp_path)
    )
    flat = flattening()(list(rows))
    assert VOCABULARY.pad_id not in flat["input_ids"]
    assert len(flat["cu_seq_lens_q"]) == sum(ROWS) + 1


class DataCollatorWithPacking:
    """Joins all that examples hold and cuts it at a length, as NeoBERT's does."""

    def __call__(self, examples: Any) -> Any:
        joined = [int(token) for example in examples for token in example["input_ids"]]
        return torch.tensor([joined[at : at + 32] for at in range(0, len(joined) - 31, 32)])


def test_ragged_rows_in_a_packing_collator(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    made = options(layout="ragged", masking="none")
    folder = write_folder(tmp_path / "shards", made, ROWS)
    rows = datasets.load_dataset(
        "parquet", data_dir=str(folder / "rows"), split="train", cache_dir=str(tmp_path)
    )
    packed = DataCollatorWithPacking()(list(rows))
    assert packed.numel() > 0.9 * sum(map(len, rows["input_ids"]))
    assert VOCABULARY.pad_id not in packed


def closed_over(collator: Any) -> Any:
    return lambda examples: collator(examples)


@pytest.mark.parametrize("workers", [0, 1])
def test_padding_is_no_text_for_a_collator_that_joins(static: Path, workers: int) -> None:
    trainers = SimpleNamespace(data_collator=flattening())  # as Trainer wraps it
    wrapped = type("RemoveColumnsCollator", (), {"__call__": None, **vars(trainers)})()
    for collator in (
        flattening(),
        DataCollatorWithPacking(),
        closed_over(DataCollatorWithPacking()),
        wrapped,
    ):
        loader = torch.utils.data.DataLoader(
            MapDataset(static), 8, collate_fn=collator, num_workers=workers
        )
        with pytest.raises(UsageError, match=r"takes the padding .*padded=False\), or load"):
            next(iter(loader))


# Masks of other collators


def test_a_collator_that_masks_anew_is_refused(static: Path) -> None:
    collator = transformers.DataCollatorForLanguageModeling(tokenizer())
    loader = torch.utils.data.DataLoader(MapDataset(static), 8, collate_fn=collator)
    with pytest.raises(UsageError, match=r"masks and labels of its own.*masking='whole-word'"):
        next(iter(loader))


# What cannot be


def test_what_cannot_be_flat(static: Path, tmp_path: Path) -> None:
    batch = next(iter(DataLoader(IterableDataset(static, 8))))
    model = transformers.BertModel(
        transformers.BertConfig(
            hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8
        )
    )
    with pytest.raises(UsageError, match="has sdpa attention, in which the sequences of a flat"):
        flatten(batch, model)
    model.config._attn_implementation = "flash_attention_2"
    flatten(batch, model)
    with pytest.raises(UsageError, match="expected a batch of the huggingface layout"):
        flatten({"input_word_ids": batch["input_ids"]})
    with pytest.raises(UsageError, match=r"these examples are of MapDataset\(padded=False\)"):
        Collator(MapDataset(static))(MapDataset(static, padded=False).__getitems__([1, 2]))
    google = write_folder(tmp_path, options(layout="google"), [9])
    with pytest.raises(UsageError, match="padded=False is for rows of one example in the hugging"):
        MapDataset(google, padded=False)
