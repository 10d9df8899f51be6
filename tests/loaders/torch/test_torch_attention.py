"""Packed rows in models: examples of a row see nothing of each other, and each pair is learned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bertprep.errors import UsageError
from tests.made_folders import VOCABULARY

torch = pytest.importorskip("torch")

from bertprep.torch import keep_apart  # noqa: E402
from tests.loaders.torch.packed_pairs import alone, model_of, packed_batch, without_compiler  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")
ATTENTIONS = ["eager", "sdpa", "flex_attention"]


@pytest.fixture(scope="module", autouse=True)
def one_thread_and_no_compiler() -> Iterator[None]:
    with without_compiler():
        yield


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return packed_batch(tmp_path_factory.mktemp("packed"))


def states(model: Any, batch: Any, *kind: Any) -> Any:
    kept = keep_apart(batch, *kind)
    names = ("input_ids", "token_type_ids", "position_ids", "attention_mask")
    with torch.no_grad():
        return model(**{name: kept[name] for name in names}).last_hidden_state


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_an_example_is_read_as_if_it_were_alone(batch: Any, attention: str) -> None:
    model = model_of("BertModel", attention)
    examples, places = alone(batch)
    assert len(places.rows) > 2 * len(batch["input_ids"])
    by_itself = model_of("BertModel", "sdpa")
    names = ("input_ids", "token_type_ids", "attention_mask")
    with torch.no_grad():
        expected = by_itself(**{name: examples[name] for name in names}).last_hidden_state
    found = states(model, batch, model)
    for n, (row, start, length) in enumerate(
        zip(places.rows, places.starts, places.lengths, strict=True)
    ):
        mine = found[row, start : start + length]
        torch.testing.assert_close(mine, expected[n, :length], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("attention", ATTENTIONS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_nothing_of_the_others_is_seen(batch: Any, attention: str, dtype: Any) -> None:
    """Not a bit of the first example's states depends on the tokens of the other ones."""
    model = model_of("BertModel", attention).to(dtype)
    first = batch["sequence_ids"] == batch["sequence_ids"][:, :1]
    others = {**batch, "input_ids": torch.where(first, batch["input_ids"], VOCABULARY.mask_id)}
    assert not first.all()
    seen = states(model, batch, model)
    assert torch.equal(seen[first], states(model, others, model)[first])
    assert not torch.equal(seen[~first], states(model, others, model)[~first])
    if attention != "flex_attention" and dtype == torch.float32:  # without saying for which model
        assert torch.equal(states(model, batch)[first], states(model, others)[first])


def test_masks_of_other_dtypes_and_models(batch: Any) -> None:
    model = model_of("BertModel", "eager")
    assert keep_apart(batch, model)["attention_mask"].dtype == torch.float32
    with pytest.raises(UsageError, match=r"expected torch\.bool, or the floating dtype"):
        keep_apart(batch, torch.int64)
    model.config._attn_implementation = "flash_attention_2"
    with pytest.raises(UsageError, match=r"'eager' or 'flex_attention', or give flash attention"):
        keep_apart(batch, model)
