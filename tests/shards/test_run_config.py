"""The options in a manifest: all that decide the bytes, with their defaults as values."""

from __future__ import annotations

from typing import Any

import pytest

from bertprep.options import PrepareOptions, ReadOptions, ShardOptions, VocabOptions
from bertprep.shards.run_config import (
    config_of,
    prepare_config,
    resolved,
    shard_config,
    vocab_config,
)
from tests.manifests import parsed, prepared_json, shards_json, vocab_json


def test_defaults_are_there_as_values() -> None:
    options = resolved(ShardOptions())
    assert (options.layout, options.short_seq_prob) == ("huggingface", 0.1)
    assert resolved(options) == options
    config = shard_config(ReadOptions(), ShardOptions())
    assert config == shard_config(ReadOptions(), options)
    assert config["shard"]["layout"] == "huggingface"


def test_origins_are_named_where_they_are_written() -> None:
    assert "origins" not in shard_config(ReadOptions(), ShardOptions())["shard"]
    assert shard_config(ReadOptions(), ShardOptions(origins=True))["shard"]["origins"] is True


@pytest.mark.parametrize("made", [shards_json(), prepared_json(), vocab_json()])
def test_a_manifest_tells_the_options_of_its_kind(made: dict[str, Any]) -> None:
    assert config_of(parsed(made)) == made["config"]


def test_each_kind_has_a_name_of_its_own() -> None:
    read = ReadOptions()
    assert set(prepare_config(read, PrepareOptions())) == {"read", "prepare"}
    assert set(vocab_config(read, VocabOptions())) == {"read", "vocab"}
