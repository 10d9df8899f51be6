"""``bertprep inspect A B``: two sets of shards, figure by figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bertprep.common.units import percent, size
from bertprep.errors import UsageError
from bertprep.shards.manifest_types import ShardManifest
from bertprep.shards.run_config import config_of
from pipelines.folders.finished_folder import read_manifest

_NAMES = {
    "unknown_token_share": "[UNK]",
    "used_share": "used",
    "unseen_share": "unseen",
    "positive_label_share": "random next",
    "mean_length": "mean length",
    "full_row_share": "full rows",
    "padding_share": "padding",
    "masked_share": "masked",
    "capped_row_share": "capped",
}


class Difference(NamedTuple):
    """A figure or option of both sets; whether it is the same."""

    name: str
    first: str
    second: str

    @property
    def is_same(self) -> bool:
        return self.first == self.second


def differences_of(first: str, second: str) -> list[Difference]:
    """The figures of two folders of shards, then the options, inputs and versions that differ.

    Raises:
        InputError, UsageError: if one of them is not what bertprep wrote, or holds no shards.
    """
    a, b = _manifest(first), _manifest(second)
    figures = [
        Difference(name, found, other)
        for (name, found), (_, other) in zip(_figures(a), _figures(b), strict=True)
    ]
    settings = [d for d in _both(_settings(a), _settings(b)) if not d.is_same]
    return [*figures, *settings, Difference("rows", *_shards(a, b))]


def describe(first: str, second: str) -> str:
    """The same as lines of text."""
    found = differences_of(first, second)
    name_width = max(len(each.name) for each in found)
    width = max(len(first), *(len(each.first) for each in found))
    head = f"{'':<{name_width}}    {first:<{width}}  {second}"
    lines = [
        f"{d.name:<{name_width}}  {' ' if d.is_same else '*'} {d.first:<{width}}  {d.second}"
        for d in found
    ]
    same = sum(each.is_same for each in found)
    return "\n".join([head, *lines, f"{same} the same, {len(found) - same} (*) not"])


def as_json(first: str, second: str) -> dict[str, Any]:
    """The same as JSON has it."""
    found = differences_of(first, second)
    values = {d.name: {"first": d.first, "second": d.second, "same": d.is_same} for d in found}
    return {"first": first, "second": second, "figures": values}


def _manifest(folder: str) -> ShardManifest:
    manifest = read_manifest(folder)
    if not isinstance(manifest, ShardManifest):
        raise UsageError(f"two sets of shards are compared, and {folder} holds no shards")
    return manifest


def _figures(manifest: ShardManifest) -> Iterator[tuple[str, str]]:
    copies = manifest.documents - manifest.copies.texts
    yield "documents", f"{manifest.documents:,}"
    yield "copies", f"{copies:,}"
    yield "sentences", f"{manifest.sentences:,}"
    yield "tokens", f"{manifest.tokens:,}"
    yield "examples", f"{manifest.examples:,}"
    yield "shards", f"{len(manifest.shards):,}"
    yield "bytes", size(sum(shard.size for shard in manifest.shards))
    yield "left out", f"{sum(manifest.drops.values()):,}"
    for name, title in _NAMES.items():
        value = manifest.statistics.get(name)
        is_length = name == "mean_length"
        yield title, "-" if value is None else f"{value:.1f}" if is_length else percent(value, 2)


def _settings(manifest: ShardManifest) -> dict[str, Any]:
    options = {k: v for part in config_of(manifest).values() for k, v in part.items()}
    inputs = f"{len(manifest.inputs):,} files, {size(manifest.input_bytes)}"
    vocabulary = f"{manifest.vocabulary.size:,} tokens, {manifest.vocabulary.sha256[:12]}"
    return {**options, "inputs": inputs, "vocabulary": vocabulary, **manifest.versions}


def _both(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*a, *b]):
        yield Difference(name, str(a.get(name, "-")), str(b.get(name, "-")))


def _shards(a: ShardManifest, b: ShardManifest) -> tuple[str, str]:
    """In words, whether the rows are the same bytes."""
    if [shard.sha256 for shard in a.shards] == [shard.sha256 for shard in b.shards]:
        return "the same bytes", "the same bytes"
    return f"{a.rows:,}", f"{b.rows:,}, other bytes"
