"""Packed pairs and small models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bertprep.layouts.pack import places_of, unpack
from tests.made_folders import VOCABULARY, options, rows_of, write_folder

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from bertprep.torch import DataLoader  # noqa: E402
from tests.loaders.torch.small import IterableDataset  # noqa: E402

L = 60


def model_of(kind: str, attention: str) -> Any:
    sizes: dict[str, Any] = {
        "vocab_size": len(VOCABULARY),
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 16,
        "max_position_embeddings": L,
        "initializer_range": 0.5,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        "attn_implementation": attention,
    }
    if kind.startswith("Albert"):
        sizes["embedding_size"] = 8
    torch.manual_seed(3)
    config = "AlbertConfig" if kind.startswith("Albert") else "BertConfig"
    return getattr(transformers, kind)(getattr(transformers, config)(**sizes)).eval()


def alone(batch: Any) -> tuple[Any, Any]:
    """The examples of packed rows, one row each, and where they stand in the packed ones."""
    columns = {name: values.numpy() for name, values in batch.items()}
    places = places_of(columns["sequence_ids"])
    examples = unpack(columns, places, VOCABULARY.pad_id)
    return {name: torch.from_numpy(values) for name, values in examples.items()}, places


def packed_batch(folder: Path) -> Any:
    """The first of shards whose rows hold several examples."""
    write_folder(folder, options(pack=True, max_seq_length=L), [rows_of(range(60), 20)])
    return next(iter(DataLoader(IterableDataset(folder, 4))))


@contextmanager
def without_compiler() -> Iterator[None]:
    """Flex attention is compiled on its first use, which takes longer than all these tests."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.compiler.set_stance("force_eager"):
        yield
    torch.set_num_threads(threads)
