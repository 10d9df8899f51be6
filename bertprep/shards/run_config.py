"""The options of a run that decide its bytes, as a manifest has them."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from bertprep.options import PrepareOptions, ReadOptions, ShardOptions, VocabOptions, read_config
from bertprep.shards.manifest_types import Manifest, PreparedManifest, ShardManifest, VocabManifest

if TYPE_CHECKING:
    pass


def shard_config(read: ReadOptions, shard: ShardOptions) -> dict[str, Any]:
    """The options that decide the bytes of the shards, their defaults resolved."""
    values = asdict(resolved(shard))
    if not shard.origins:
        del values["origins"]
    return {"read": read_config(read), "shard": values}


def resolved(shard: ShardOptions) -> ShardOptions:
    """The same options with their defaults as values."""
    return replace(shard, layout=shard.column_layout, short_seq_prob=shard.short_sequence_share)


def prepare_config(read: ReadOptions, options: PrepareOptions) -> dict[str, Any]:
    """The options that decide the bytes of a prepared corpus."""
    return {"read": read_config(read), "prepare": asdict(options)}


def vocab_config(read: ReadOptions, options: VocabOptions) -> dict[str, Any]:
    """The options that decide a vocabulary."""
    return {"read": read_config(read), "vocab": asdict(options)}


def config_of(manifest: Manifest) -> dict[str, Any]:
    """The options of the run, by what they are for."""
    if isinstance(manifest, ShardManifest):
        return shard_config(manifest.read, manifest.options)
    if isinstance(manifest, PreparedManifest):
        return prepare_config(manifest.read, manifest.options)
    assert isinstance(manifest, VocabManifest)
    return vocab_config(manifest.read, manifest.options)
