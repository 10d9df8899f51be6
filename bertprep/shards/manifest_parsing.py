"""Reads manifest.json into objects, once: it may have been edited, or damaged.

Only here is that said of it; what goes wrong with the objects later on is no fault of the file.
"""

from __future__ import annotations

import json
import posixpath
from typing import Any

from bertprep import __version__
from bertprep.errors import InputError, UsageError
from bertprep.layouts.registry import NAMES, layout_of
from bertprep.options import PrepareOptions, ReadOptions, ShardOptions, VocabOptions
from bertprep.shards.json_fields import count, counts, field, file_name, options, shares
from bertprep.shards.manifest_entries import (
    alphabet,
    copies,
    decision,
    finding,
    input_file,
    listed_file,
    listed_files,
    mixed_input,
    packing,
    pools,
    ranges,
    sample,
    shard,
    vocabulary_entry,
)
from bertprep.shards.manifest_types import Manifest, PreparedManifest, ShardManifest, VocabManifest
from bertprep.shards.names import (
    EXPECTED_FOLDER,
    MANIFEST_FORMAT,
    PREPARED_FORMAT,
    PREPARED_INDEX,
    SENTENCES_INDEX,
)

_USUAL_VOCABULARY = {"file": "vocab.txt"}
_DAMAGED = (LookupError, TypeError, ValueError, UsageError, RecursionError)
_ROW_SHARES = ("positive_label_share", "mean_length", "full_row_share", "padding_share")
_USE_SHARES = (
    "used_share",
    "truncated_own_share",
    "unsplittable_share",
    "unpaired_share",
    "unpredictable_share",
    "unseen_share",
)
_MASK_SHARES = (
    "masked_share",
    "mask_token_share",
    "random_token_share",
    "kept_token_share",
    "capped_row_share",
)


# What holds the entries of files.
_LISTS = ("shards", "prepared", "texts", "dropped", "origins")


def parse_manifest(data: bytes, path: str) -> Manifest:
    """The manifest in the bytes of a manifest.json: one of the three kinds.

    Raises:
        InputError: if they are damaged, or no manifest that this bertprep reads.
    """
    found = _loaded(data, path)
    try:
        config = field(found, "config", dict)
        if "shards" in found or "shard" in config:
            return _shards(found, config)
        if "prepared" in found or "prepare" in config:
            _check_prepared_format(found, path)
            return _prepared(found, config)
        return _vocabulary(found, config)
    except _DAMAGED as error:
        what = f"no {error}" if isinstance(error, KeyError) else str(error)
        by = found["versions"]["bertprep"]
        other = "" if by == __version__ else f" (bertprep {by} wrote it, this is {__version__})"
        raise InputError(f"{path} is damaged: {what}{other}") from None


def listed_names(data: bytes, path: str) -> set[str]:
    """The files that a manifest lists, of whatever version; none if they are not to be told."""
    try:
        found = _loaded(data, path)
        groups = (found.get(name, []) for name in _LISTS)
        names = {file_name(entry, "file") for group in groups for entry in group}
        config = found.get("config", {})
        names.add(file_name(found.get("vocabulary", _USUAL_VOCABULARY), "file"))
        if "vocab" in config:
            names |= {"tokenizer.json", "tokenizer_config.json"}
        name = config.get("shard", {}).get("layout")
        layout = layout_of(name) if name in NAMES else None
        folders = {posixpath.dirname(name) for name in names} if layout else set()
        beside = layout.companions if layout else ()
        return names | {posixpath.join(folder, name) for folder in folders for name in beside}
    except (InputError, AttributeError, *_DAMAGED):
        return set()


def _loaded(data: bytes, path: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is damaged (not JSON: {error}); {EXPECTED_FOLDER}") from None
    by = found.get("versions") if isinstance(found, dict) else None
    if not isinstance(by, dict) or "bertprep" not in by:
        raise InputError(f"{path} was not written by bertprep; {EXPECTED_FOLDER}")
    if found.get("format") != MANIFEST_FORMAT:
        raise InputError(
            f"{path} has format {found.get('format')}, and this bertprep reads {MANIFEST_FORMAT}; "
            f"it was written by bertprep {by['bertprep']}"
        )
    return found


def _check_prepared_format(found: dict[str, Any], path: str) -> None:
    stored = count(found, "prepared_format") if "prepared_format" in found else 1
    if stored != PREPARED_FORMAT:
        raise InputError(
            f"{posixpath.dirname(path) or path} holds a prepared corpus of format {stored}, and "
            f"this bertprep reads {PREPARED_FORMAT}; prepare the inputs anew"
        )


def _vocabulary(found: dict[str, Any], config: dict[str, Any]) -> VocabManifest:
    return VocabManifest(
        options=options(VocabOptions, config, "vocab"),
        **_common(found, config),
        words=count(found, "words"),
        distinct_words=count(found, "distinct_words"),
        alphabet=alphabet(field(found, "alphabet", dict)),
        seen_once=count(found, "seen_once") if "seen_once" in found else 0,
    )


def _prepared(found: dict[str, Any], config: dict[str, Any]) -> PreparedManifest:
    chosen = options(PrepareOptions, config, "prepare")
    files = listed_files(found, "prepared", listed_file)
    if not {PREPARED_INDEX, SENTENCES_INDEX} & {file.name for file in files}:
        raise KeyError(PREPARED_INDEX)
    return PreparedManifest(
        options=chosen,
        prepared=files,
        **_common(found, config),
        **_counted(found),
        sums=counts(found, "sums", ("text_bytes", "tokens")),
        statistics=shares(found, "statistics", ("unknown_token_share",)),
    )


def _shards(found: dict[str, Any], config: dict[str, Any]) -> ShardManifest:
    chosen = options(ShardOptions, config, "shard")
    common = _common(found, config)
    files = listed_files(found, "shards", lambda entry: shard(entry, chosen))
    if not files:
        raise ValueError("expected a shard, got none")
    masked = chosen.masking != "none"
    sums = counts(found, "sums", ("examples", "truncated_tokens", *("predictions",) * masked))
    count(found["sums"], "tokens_in_rows", least=1)
    binned = ("padding_share_in_bins",) if chosen.bin_size else ()
    masks = _MASK_SHARES if masked else ()
    return ShardManifest(
        options=chosen,
        shards=files,
        **common,
        **_counted(found),
        rows=count(found, "rows"),
        pack=packing(found) if chosen.pack else None,
        dropped=listed_files(found, "dropped", listed_file) if "dropped" in found else (),
        origins=listed_files(found, "origins", listed_file) if chosen.origins else (),
        examples_per_document=ranges(found),
        pools=pools(field(found, "random_next_pools", dict)),
        sums=sums,
        statistics=shares(
            found,
            "statistics",
            ("unknown_token_share", *_ROW_SHARES, *_USE_SHARES, *masks, *binned),
        ),
    )


def _common(found: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
    """The values that manifests of all kinds have."""
    versions = field(found, "versions", dict)
    return {
        "vocabulary": vocabulary_entry(field(found, "vocabulary", dict)),
        "versions": {name: field(versions, name, str) for name in versions},
        "read": options(ReadOptions, config, "read"),
        "inputs": tuple(map(input_file, field(found, "inputs", list))),
        "recognised": tuple(map(decision, field(found, "recognised", list))),
        "documents": count(found, "documents"),
        "drops": counts(found, "drops"),
        "mixture": tuple(map(mixed_input, field(found, "mixture", list)))
        if "mixture" in found
        else (),
    }


def _counted(found: dict[str, Any]) -> dict[str, Any]:
    """The values that manifests of tokenized documents have besides."""
    samples = field(found, "drop_samples", dict) if "drop_samples" in found else {}
    return {
        "sentences": count(found, "sentences"),
        "tokens": count(found, "tokens", least=1),
        "repeated_lines": counts(found, "repeated_lines"),
        "copies": copies(field(found, "equal_documents", dict)),
        "unknown_words": counts(found, "unknown_words"),
        "drop_names": counts(found, "drop_names") if "drop_names" in found else {},
        "unknown_characters": counts(found, "unknown_characters"),
        "warnings": tuple(map(finding, field(found, "warnings", list))),
        "drop_samples": {
            reason: [sample(entry) for entry in field(samples, reason, list)] for reason in samples
        },
    }
