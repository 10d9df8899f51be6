"""Manifests to try things with: whole ones of each kind, as JSON or as objects."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import asdict
from typing import Any

from bertprep import __version__
from bertprep.options import PrepareOptions, ReadOptions, ShardOptions, VocabOptions, read_config
from bertprep.shards.manifest_parsing import parse_manifest
from bertprep.shards.manifest_types import Manifest
from bertprep.shards.run_config import resolved

_COMMON = {
    "vocabulary": {"file": "vocab.txt", "size": 30522, "lowercase": False, "sha256": "f0"},
    "inputs": [{"name": "a.txt", "bytes": 999, "format": "text", "compression": "none"}],
    "recognised": [{"format": "text", "files": 1, "evidence": "prose all through"}],
    "documents": 20,
    "drops": {},
}
_CORPUS = {
    **_COMMON,
    "sentences": 90,
    "tokens": 4000,
    "repeated_lines": {},
    "drop_samples": {},
    "equal_documents": {"texts": 20, "repeated": 0, "most_copies": 1},
    "sums": {"text_bytes": 9000, "tokens": 4000},
    "statistics": {"unknown_token_share": 0.002},
    "unknown_words": {"ξένος": 8},
    "unknown_characters": {"ξ": 8, "ε": 8},
    "warnings": [],
}
_STATISTICS = {
    "unknown_token_share": 0.002,
    "positive_label_share": 0.55,
    "mean_length": 12.0,
    "full_row_share": 0.25,
    "padding_share": 0.25,
    "used_share": 0.98,
    "truncated_own_share": 0.02,
    "unsplittable_share": 0.0,
    "unpaired_share": 0.0,
    "unpredictable_share": 0.0,
    "unseen_share": 0.001,
    "masked_share": 0.149,
    "mask_token_share": 0.8,
    "random_token_share": 0.1,
    "kept_token_share": 0.1,
    "capped_row_share": 0.0,
}
_SUMS = {
    "examples": 1000,
    "predictions": 2000,
    "tokens_in_rows": 12_000,
    "truncated_tokens": 0,
}


def _of(kind: str, options: Any, content: dict[str, Any], changes: dict[str, Any]) -> Any:
    """Changes of a table are of what it names, None to take that away; others are as a whole."""
    made = {
        "format": 1,
        "versions": {"bertprep": __version__},
        "config": {"read": read_config(ReadOptions()), kind: _given(options)},
        **content,
    }
    for name, change in changes.items():
        if name in ("sums", "statistics", "vocabulary"):
            merged = {**made[name], **change}
            change = {key: value for key, value in merged.items() if value is not None}
        made[name] = change
    return deepcopy(made)


def shards_json(options: ShardOptions | None = None, **changes: Any) -> dict[str, Any]:
    """Of 1,000 rows, from 20 documents."""
    chosen = resolved(options or ShardOptions())
    content = {
        **_CORPUS,
        "rows": 1000,
        "shards": [{"file": "shard-0.parquet", "rows": 1000, "bytes": 12_345, "sha256": "0f"}],
        "random_next_pools": {"pools": 1, "smallest": 20, "largest": 20},
        "examples_per_document": {"1": 30, "2": 0, "3-4": 10},
        "sums": _SUMS,
        "statistics": _STATISTICS,
    }
    return dict(_of("shard", chosen, content, changes))


def prepared_json(**changes: Any) -> dict[str, Any]:
    prepared = [{"file": "prepared-index.arrow", "bytes": 5, "sha256": "1e"}]
    content = {**_CORPUS, "prepared_format": 2, "prepared": prepared}
    return dict(_of("prepare", PrepareOptions(), content, changes))


def vocab_json(**changes: Any) -> dict[str, Any]:
    alphabet = {"known": 80, "characters": "ʻʼ", "words_share": 0.0125}
    content = {**_COMMON, "words": 56_789, "distinct_words": 4_321, "alphabet": alphabet}
    return dict(_of("vocab", VocabOptions(), content, changes))


def parsed(content: dict[str, Any]) -> Any:
    """The manifest that says this."""
    manifest: Manifest = parse_manifest(json.dumps(content).encode(), "out/manifest.json")
    return manifest


def _given(options: Any) -> dict[str, Any]:
    """Options as a manifest has them: some only where they say something."""
    later = getattr(options, "LATER", ())
    return {name: value for name, value in asdict(options).items() if value or name not in later}
