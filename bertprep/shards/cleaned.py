"""The manifest of a cleaned corpus: what was read, what was asked for, what was left out."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from bertprep.common.json_text import Entries, json_bytes
from bertprep.common.part_names import part_name, part_pattern
from bertprep.corpus.files import InputFile
from bertprep.corpus.input_table import InputTable
from bertprep.options import CleanOptions, ReadOptions, read_config
from bertprep.shards.manifest import Counted
from bertprep.shards.manifest_types import ListedFile
from bertprep.shards.manifest_writing import input_entry
from bertprep.shards.names import MANIFEST_FORMAT, TEXT_FOLDER
from bertprep.shards.versions import versions

_STEM, _ENDING = "text", ".jsonl"
# What the files of texts are called.
TEXT_NAMES = part_pattern(_STEM) + re.escape(_ENDING)


def text_name(number: int, count: int) -> str:
    """The name of the file of the texts of a split, by its number among so many."""
    return part_name(_STEM, number, count) + _ENDING


class Cleaned(NamedTuple):
    """A cleaned corpus, by its manifest.

    Attributes:
        documents, kept_documents: that were read, and that are left.
        text_bytes, kept_text_bytes: of their text.
        drops: how many documents and parts were left out, by the reason.
    """

    documents: int
    kept_documents: int
    text_bytes: int
    kept_text_bytes: int
    drops: dict[str, int]


def is_of_texts(manifest: bytes) -> bool:
    """Whether a manifest is of a cleaned corpus."""
    try:
        return "texts" in json.loads(manifest)
    except (ValueError, TypeError):
        return False


def parse_cleaned(manifest: bytes) -> Cleaned:
    """Reads a manifest that ``clean_manifest`` gave."""
    found = json.loads(manifest)
    return Cleaned(*(found[name] for name in Cleaned._fields))


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
    """The bytes of manifest.json of a ``clean`` run.

    Args:
        read: how the inputs were read.
        options: what was left out of them.
        files: the inputs.
        report: what the steps counted and wrote.
        dropped: the files that what was left out was written to.
    """
    texts = [{**file.entry(), "file": f"{TEXT_FOLDER}/{file.name}"} for file in report.prepared]
    by_name = InputTable.of(files).sorted(lambda file: file.name)
    content = {
        "format": MANIFEST_FORMAT,
        "versions": versions(),
        "config": clean_config(read, options),
        "texts": texts,
        "dropped": [file.entry() for file in dropped],
        "inputs": Entries(by_name, input_entry),
        "documents": report.sums["sifted_documents"],
        "kept_documents": report.sums["kept_documents"],
        "text_bytes": report.sums["sifted_bytes"],
        "kept_text_bytes": report.sums["kept_bytes"],
        "drops": dict(report.drops),
    }
    return json_bytes(content)
