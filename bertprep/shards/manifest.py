"""manifest.json: what was made, from what, how, and what of it was left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from bertprep import __version__
from bertprep.common.drops import samples_json
from bertprep.corpus.inputs import InputFile
from bertprep.errors import InputError
from bertprep.examples.bins import padding_share, rows_by_bin
from bertprep.examples.statistics import shares
from bertprep.examples.usage import use_shares
from bertprep.options import (
    PrepareOptions,
    ReadOptions,
    ShardOptions,
    VocabOptions,
    WordSegmenter,
)
from bertprep.text.unknown_words import most_frequent, unknown_characters
from bertprep.vocabulary.vocabulary import Vocabulary

MANIFEST_NAME = "manifest.json"
MANIFEST_FORMAT = 1
EXPECTED_FOLDER = "expected the --output of a finished bertprep run"
# The libraries that could change the bytes of an output.
_LIBRARIES = ("numpy", "pyarrow", "regex", "tokenizers")
_SHOWN_CHARACTERS = 20
_SEGMENTERS: dict[WordSegmenter, tuple[str, ...]] = {"none": (), "jieba": ("rjieba",)}
# What could change the tokens of a document.
_TOKENIZING = ("bertprep", "regex", "tokenizers", "rjieba")


def versions(word_segmenter: WordSegmenter = "none") -> dict[str, str]:
    """bertprep's version and those of the libraries its output depends on, as far as installed."""
    found = {"bertprep": __version__}
    for name in (*_LIBRARIES, *_SEGMENTERS[word_segmenter]):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def other_versions(manifest: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """What would make other tokens now than it may have made for this manifest: (then, now)."""
    before = manifest["versions"]
    now = versions("jieba")
    return {
        name: (before[name], now[name])
        for name in _TOKENIZING
        if name in before and before[name] != now.get(name, before[name])
    }


def shard_config(read: ReadOptions, shard: ShardOptions) -> dict[str, Any]:
    """The options that decide the bytes of the shards, their defaults resolved."""
    resolved = {"layout": shard.column_layout, "short_seq_prob": shard.short_sequence_share}
    return {"read": asdict(read), "shard": {**asdict(shard), **resolved}}


def prepare_config(read: ReadOptions, options: PrepareOptions) -> dict[str, Any]:
    """The options that decide the bytes of a prepared corpus."""
    return {"read": asdict(read), "prepare": asdict(options)}


def prepare_manifest(
    read: ReadOptions,
    options: PrepareOptions,
    vocabulary: Vocabulary,
    files: Sequence[InputFile],
    report: Mapping[str, Any],
) -> dict[str, Any]:
    """The manifest of a ``prepare`` run."""
    sums = report["sums"]
    return {
        **_made_with(prepare_config(read, options), options.word_segmenter, vocabulary),
        "prepared": report["prepared"],
        **_read_from(files, report),
        "sums": dict(sorted(sums.items())),
        "statistics": {"unknown_token_share": _unknown_token_share(sums)},
        **_unknown(report, vocabulary),
    }


def shard_manifest(
    read: ReadOptions,
    options: ShardOptions,
    vocabulary: Vocabulary,
    files: Sequence[InputFile],
    report: Mapping[str, Any],
    dropped: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The manifest of a ``shard`` run: no time, path or worker count, so that runs compare.

    ``dropped`` are the entries of the files that what was left out was written to.
    """
    sums = report["sums"]
    return {
        **_made_with(shard_config(read, options), options.word_segmenter, vocabulary),
        "max_seq_length": options.max_seq_length,
        "max_predictions_per_seq": options.max_predictions_per_seq,
        "rows": sum(shard["rows"] for shard in report["shards"]),
        **_packing(options, sums),
        "shards": report["shards"],
        **_read_from(files, report),
        "dropped": list(dropped),
        "examples_per_document": report["examples_per_document"],
        "random_next_pools": report["pools"],
        "sums": dict(sorted(sums.items())),
        "statistics": {
            "unknown_token_share": _unknown_token_share(sums),
            **shares(sums),
            **use_shares(sums),
            **_binned_padding(options, report["shards"], sums["tokens_in_rows"]),
        },
        **_unknown(report, vocabulary),
    }


def _unknown(report: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """The words behind [UNK] and the characters behind these, the most frequent first."""
    words = report.get("unknown_words")
    if words is None:
        return {}
    characters = most_frequent(unknown_characters(words, vocabulary), _SHOWN_CHARACTERS)
    return {"unknown_words": words, "unknown_characters": characters}


def _made_with(
    config: dict[str, Any], word_segmenter: WordSegmenter, vocabulary: Vocabulary
) -> dict[str, Any]:
    return {
        "format": MANIFEST_FORMAT,
        "versions": versions(word_segmenter),
        "config": config,
        "vocabulary": _vocabulary_entry(vocabulary),
    }


def _read_from(files: Sequence[InputFile], report: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs, what they held, and what was left out of it."""
    return {
        "inputs": _input_entries(files),
        **{name: report["sums"][name] for name in ("documents", "sentences", "tokens")},
        "drops": report["drops"],
        "drop_samples": samples_json(report["drop_samples"]),
    }


def _binned_padding(
    options: ShardOptions, shards: Sequence[Mapping[str, Any]], tokens: int
) -> dict[str, float]:
    if options.bin_size is None:
        return {}
    return {"padding_share_in_bins": padding_share(tokens, rows_by_bin(shards))}


def _packing(options: ShardOptions, sums: Mapping[str, int]) -> dict[str, Any]:
    if not options.pack:
        return {}
    fill = round(sums["tokens_in_rows"] / sums["slots"], 6)
    counts = {"examples": sums["examples"], "rows": sums["packed_rows"], "fill_share": fill}
    return {"pack": counts}


def vocab_manifest(
    read: ReadOptions,
    options: VocabOptions,
    vocabulary: Vocabulary,
    files: Sequence[InputFile],
    sums: Mapping[str, int],
    drops: Mapping[str, int],
) -> dict[str, Any]:
    """The manifest of a ``vocab`` run."""
    return {
        "format": MANIFEST_FORMAT,
        "versions": versions(),
        "config": {"read": asdict(read), "vocab": asdict(options)},
        "vocabulary": _vocabulary_entry(vocabulary),
        "inputs": _input_entries(files),
        "documents": sums["documents"],
        "words": sums["words"],
        "distinct_words": sums["distinct_words"],
        "drops": drops,
    }


def _vocabulary_entry(vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "file": "vocab.txt",
        "size": len(vocabulary),
        "lowercase": vocabulary.lowercase,
        "sha256": vocabulary.digest,
    }


def _unknown_token_share(sums: Mapping[str, int]) -> float:
    return round(sums["unknown_tokens"] / sums["tokens"], 6)


def _input_entries(files: Sequence[InputFile]) -> list[dict[str, Any]]:
    return [
        {"name": f.name, "bytes": f.size, "format": f.format, "compression": f.compression}
        for f in sorted(files, key=lambda file: file.name)
    ]


def listed_inputs(manifest: Mapping[str, Any]) -> list[InputFile]:
    """The input files a manifest names, without the paths it does not know."""
    return [
        InputFile("", entry["name"], entry["bytes"], entry["compression"], entry["format"])
        for entry in manifest["inputs"]
    ]


def to_json(manifest: Mapping[str, Any]) -> bytes:
    """The bytes of manifest.json."""
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def parse_manifest(data: bytes, path: str) -> dict[str, Any]:
    """The manifest in the bytes of a manifest.json.

    Raises:
        InputError: if they are damaged, or no manifest that this bertprep reads.
    """
    try:
        manifest: dict[str, Any] = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is damaged (not JSON: {error}); {EXPECTED_FOLDER}") from None
    found = manifest.get("versions") if isinstance(manifest, dict) else None
    if not isinstance(found, dict) or "bertprep" not in found:
        raise InputError(f"{path} was not written by bertprep; {EXPECTED_FOLDER}")
    if manifest.get("format") != MANIFEST_FORMAT:
        raise InputError(
            f"{path} has format {manifest.get('format')}, "
            f"and this bertprep reads {MANIFEST_FORMAT}; "
            f"it was written by bertprep {found['bertprep']}"
        )
    return manifest
