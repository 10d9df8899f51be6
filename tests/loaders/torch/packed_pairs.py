"""Packed pairs and small models."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.layouts.pack import places_of, unpack
from tests.made_folders import VOCABULARY

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")


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
