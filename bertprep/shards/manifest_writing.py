"""Writes a manifest as JSON: what was made, from what, how, and what of it was left out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bertprep.common.drops import samples_json
from bertprep.common.json_text import Entries, json_bytes
from bertprep.shards.manifest_types import (
    CorpusManifest,
    ListedFile,
    Manifest,
    PreparedManifest,
    ShardManifest,
    VocabManifest,
)
from bertprep.shards.names import MANIFEST_FORMAT, PREPARED_FORMAT
from bertprep.shards.run_config import config_of

if TYPE_CHECKING:
    from bertprep.corpus.files import InputFile


def to_json(manifest: Manifest) -> bytes:
    """The bytes of manifest.json."""
    content = {
        "format": MANIFEST_FORMAT,
        "versions": manifest.versions,
        "config": config_of(manifest),
        "vocabulary": manifest.vocabulary.entry(),
        **_content(manifest),
        **({"mixture": [each._asdict() for each in manifest.mixture]} if manifest.mixture else {}),
    }
    return json_bytes(content)


def _content(manifest: Manifest) -> dict[str, Any]:
    """The fields that only manifests of this kind have, as JSON."""
    if isinstance(manifest, ShardManifest):
        return _shard_content(manifest)
    if isinstance(manifest, PreparedManifest):
        prepared = Entries(manifest.prepared, ListedFile.entry)
        stored = {"prepared_format": PREPARED_FORMAT, "prepared": prepared}
        return {**stored, **_corpus(manifest), **_figures(manifest)}
    assert isinstance(manifest, VocabManifest)
    return {
        "inputs": Entries(manifest.inputs, input_entry),
        "recognised": list(manifest.recognised),
        "documents": manifest.documents,
        "words": manifest.words,
        "distinct_words": manifest.distinct_words,
        "alphabet": asdict(manifest.alphabet),
        "seen_once": manifest.seen_once,
        "drops": manifest.drops,
    }


def _shard_content(manifest: ShardManifest) -> dict[str, Any]:
    return {
        "max_seq_length": manifest.options.max_seq_length,
        "max_predictions_per_seq": manifest.options.max_predictions_per_seq,
        "rows": manifest.rows,
        **({"pack": asdict(manifest.pack)} if manifest.pack else {}),
        "shards": Entries(manifest.shards, ListedFile.entry),
        **_corpus(manifest),
        "dropped": Entries(manifest.dropped, ListedFile.entry),
        **({"origins": Entries(manifest.origins, ListedFile.entry)} if manifest.origins else {}),
        "examples_per_document": manifest.examples_per_document,
        "random_next_pools": asdict(manifest.pools),
        **_figures(manifest),
    }


def _corpus(manifest: CorpusManifest) -> dict[str, Any]:
    return {
        "inputs": Entries(manifest.inputs, input_entry),
        "recognised": list(manifest.recognised),
        "repeated_lines": manifest.repeated_lines,
        "documents": manifest.documents,
        "sentences": manifest.sentences,
        "tokens": manifest.tokens,
        "drops": manifest.drops,
        "drop_samples": samples_json(manifest.drop_samples),
        **({"drop_names": manifest.drop_names} if manifest.drop_names else {}),
    }


def _figures(manifest: CorpusManifest) -> dict[str, Any]:
    return {
        "equal_documents": asdict(manifest.copies),
        "sums": manifest.sums,
        "statistics": manifest.statistics,
        "unknown_words": manifest.unknown_words,
        "unknown_characters": manifest.unknown_characters,
        "warnings": [finding._asdict() for finding in manifest.warnings],
    }


def input_entry(file: InputFile) -> dict[str, Any]:
    """The entry of an input in a manifest."""
    size, kind = file.size, file.format
    entry = {"name": file.name, "bytes": size, "format": kind, "compression": file.compression}
    later = {"input": file.input, "rows": file.rows}
    return {**entry, **{name: value for name, value in later.items() if value}}
