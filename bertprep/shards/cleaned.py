"""The manifest of a cleaned corpus: what was read, what was asked for, what was left out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bertprep.corpus.files import InputFile
from bertprep.options import CleanOptions, ReadOptions, read_config
from bertprep.shards.manifest import Counted, input_entry, versions
from bertprep.shards.manifest_types import ListedFile
from bertprep.shards.names import MANIFEST_FORMAT, TEXT_FOLDER


def clean_config(read: ReadOptions, options: CleanOptions) -> dict[str, Any]:
    """The options that decide which texts are left."""
    return {"read": read_config(read), "clean": asdict(options)}


def clean_manifest(
    read: ReadOptions,
    options: CleanOptions,
    files: Sequence[InputFile],
    report: Counted,
    dropped: Sequence[ListedFile],
) -> bytes:
    """The bytes of manifest.json of a ``clean`` run."""
    texts = [{**file.entry(), "file": f"{TEXT_FOLDER}/{file.name}"} for file in report.prepared]
    content = {
        "format": MANIFEST_FORMAT,
        "versions": versions(),
        "config": clean_config(read, options),
        "texts": texts,
        "dropped": [file.entry() for file in dropped],
        "inputs": [input_entry(file) for file in sorted(files, key=lambda file: file.name)],
        "documents": report.sums["sifted_documents"],
        "kept_documents": report.sums["kept_documents"],
        "drops": dict(report.drops),
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
