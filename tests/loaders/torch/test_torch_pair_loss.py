"""The loss of packed pairs is that of the examples alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bertprep.errors import UsageError
from tests.made_folders import options, write_folder

torch = pytest.importorskip("torch")

from bertprep.torch import DataLoader, flatten, keep_apart, packed_pair_loss  # noqa: E402
from tests.loaders.torch.packed_pairs import alone, model_of, packed_batch, without_compiler  # noqa: E402
from tests.loaders.torch.small import IterableDataset  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")


@pytest.fixture(scope="module", autouse=True)
def one_thread_and_no_compiler() -> Iterator[None]:
    with without_compiler():
        yield


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return packed_batch(tmp_path_factory.mktemp("packed"))


@pytest.mark.parametrize("kind", ["BertForPreTraining", "AlbertForPreTraining"])
def test_the_loss_of_packed_pairs_is_that_of_the_examples_alone(batch: Any, kind: str) -> None:
    model = model_of(kind, "sdpa")
    examples, _ = alone(batch)
    label = "next_sentence_label" if kind.startswith("Bert") else "sentence_order_label"
    pairs = examples.pop("next_sentence_label")
    packed = {label if name == "next_sentence_label" else name: v for name, v in batch.items()}
    with pytest.raises(ValueError, match=r"Expected input batch_size \(\d+\) to match target"):
        model(**keep_apart(packed, model))  # it reads one pair a row
    expected = model(**examples, **{label: pairs})
    found = packed_pair_loss(model, packed)
    torch.testing.assert_close(found.loss, expected.loss, rtol=1e-4, atol=1e-5)
    assert torch.equal(found.pair_labels, pairs)
    own = expected.seq_relationship_logits if kind.startswith("Bert") else expected.sop_logits
    torch.testing.assert_close(found.pair_logits, own, rtol=1e-4, atol=1e-4)
    gradients = []
    for loss in (found.loss, expected.loss):
        model.zero_grad()
        loss.backward()
        gradients.append([parameter.grad.clone() for parameter in model.parameters()])
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-5)


def test_what_has_no_packed_pairs(batch: Any, tmp_path: Path) -> None:
    model = model_of("BertForMaskedLM", "sdpa")
    with pytest.raises(UsageError, match="BertForMaskedLM has no head for pairs that is known"):
        packed_pair_loss(model, batch)
    model = model_of("BertForPreTraining", "sdpa")
    with pytest.raises(UsageError, match="has sdpa attention, in which the sequences of a flat"):
        packed_pair_loss(model, flatten(batch))
    write_folder(tmp_path, options(pack=True, task="none"), [9])
    plain = next(iter(DataLoader(IterableDataset(tmp_path, 4))))
    with pytest.raises(UsageError, match="make the shards with --pack and --task nsp or sop"):
        packed_pair_loss(model, plain)
