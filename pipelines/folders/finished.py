"""What a finished run left in its folder: whether it is there whole, by its manifest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from bertprep.errors import InputError
from bertprep.shards import listing
from bertprep.shards.manifest import MANIFEST_NAME, listed_vocabulary
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders import files


def manifest_path(folder: str) -> str:
    """Where the manifest of a finished folder is."""
    return files.join(folder, MANIFEST_NAME)


def taking_apart(folder: str) -> AbstractContextManager[None]:
    """The manifest of a folder is taken apart within: what is wrong with it is an InputError."""
    return listing.taking_apart(manifest_path(folder))


def file_entry(path: str, size: int, sha256: str) -> dict[str, Any]:
    """What a manifest says of one file."""
    return {"file": os.path.basename(path), "bytes": size, "sha256": sha256}


def check_files(folder: str, entries: Iterable[Mapping[str, Any]]) -> None:
    """Raises InputError if files of a manifest are missing or of another size.

    To compare their digests would be to read them all.
    """
    sizes = {found.relative: found.size for found in files.find(folder)}
    for entry in entries:
        path = files.join(folder, entry["file"])
        if entry["file"] not in sizes:
            raise InputError(f"{path} is missing, but {MANIFEST_NAME} lists it; copy all files")
        if sizes[entry["file"]] != entry["bytes"]:
            raise InputError(
                f"{path} has {sizes[entry['file']]:,} bytes, but {MANIFEST_NAME} says "
                f"{entry['bytes']:,}; copy it again"
            )


def read_vocabulary(folder: str, entry: Mapping[str, Any]) -> Vocabulary:
    """The vocabulary a run used, by its manifest's entry.

    Raises:
        InputError: if the file is another one now.
    """
    path = files.join(folder, entry["file"])
    vocabulary = listed_vocabulary(files.read_bytes(path), entry, path)
    if vocabulary.digest != entry["sha256"]:
        raise InputError(f"{path} is not the vocabulary that its folder was made with")
    return vocabulary
