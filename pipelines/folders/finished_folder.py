"""The folder of a finished run: whether all of it is there, by its manifest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bertprep.common.digests import digest_of
from bertprep.errors import InputError
from bertprep.layouts.registry import layout_of
from bertprep.layouts.spec import Stored
from bertprep.options import ShardOptions
from bertprep.shards.cleaned import Cleaned, is_of_texts, parse_cleaned
from bertprep.shards.manifest_parsing import parse_manifest
from bertprep.shards.manifest_types import ListedFile, Manifest, VocabularyEntry
from bertprep.shards.names import (
    EXPECTED_FOLDER,
    MANIFEST_NAME,
    ORIGINS_FOLDER,
    ROWS_FOLDER,
    TEXT_FOLDER,
)
from bertprep.stores.schemes import check_folder, is_remote
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders import files
from pipelines.folders.find_files import find


def manifest_path(folder: str) -> str:
    """Where the manifest of a finished folder is."""
    return files.join(folder, MANIFEST_NAME)


def present_names(folder: str) -> list[str]:
    """The names in a folder, and in its folders of shards, origins and texts."""
    found = files.names_in(folder)
    for below in sorted({ROWS_FOLDER, ORIGINS_FOLDER, TEXT_FOLDER}.intersection(found)):
        found += (files.join(below, n) for n in files.names_in(files.join(folder, below)))
    return found


def read_manifest(folder: str) -> Manifest:
    """The manifest of a finished run.

    Raises:
        InputError: if the folder has none, a damaged one, or one that bertprep did not write.
    """
    return parse_manifest(manifest_bytes(folder), manifest_path(folder))


def read_result(folder: str) -> Manifest | Cleaned:
    """The manifest of a finished run, also one of ``bertprep clean``; InputError as above."""
    data = manifest_bytes(folder)
    return parse_cleaned(data) if is_of_texts(data) else read_manifest(folder)


def manifest_bytes(folder: str) -> bytes:
    """The bytes of the manifest of a finished run; InputError if there is none."""
    check_folder(folder)
    if MANIFEST_NAME not in files.names_in(folder):
        missing = not is_remote(folder) and not os.path.exists(folder)
        what = "does not exist" if missing else f"holds no {MANIFEST_NAME}"
        raise InputError(f"{folder} {what}; {EXPECTED_FOLDER}")
    return files.read_regular(manifest_path(folder))


def texts_of(folder: str) -> str:
    """Where the texts of a cleaned corpus are; any other INPUT as it is."""
    texts = files.join(folder, TEXT_FOLDER)
    # The folder itself may hold a whole corpus, and is listed later anyway.
    is_cleaned = bool(files.names_in(texts)) and files.exists(manifest_path(folder))
    return texts if is_cleaned else folder


def listed(path: str, size: int, sha256: str) -> ListedFile:
    """The entry of a file in a manifest.

    Args:
        path: of the file, wherever it is now.
        size: its bytes.
        sha256: of its content, in hexadecimal.
    """
    return ListedFile(os.path.basename(path), size, sha256)


def in_rows_folder(file: ListedFile) -> ListedFile:
    """The entry of a shard that goes to the folder of shards."""
    return replace(file, name=files.join(ROWS_FOLDER, file.name))


def companion_files(options: ShardOptions, shards: Sequence[ListedFile]) -> dict[str, bytes]:
    """The files beside shards that their layout's own loader asks for, by their names."""
    layout = layout_of(options.column_layout)
    stored = {os.path.basename(s.name): Stored(s.rows or 0, s.size) for s in shards}
    folder = next((os.path.dirname(shard.name) for shard in shards), "")
    contents = layout.companion_files(stored, options).items()
    return {os.path.join(folder, name): content for name, content in contents}


def listed_content(name: str, content: bytes) -> ListedFile:
    """The entry of a file of this name and content in a manifest."""
    return ListedFile(name, len(content), digest_of(content))


def check_files(folder: str, entries: Iterable[ListedFile]) -> None:
    """Raises InputError if files of a manifest are missing or of another size.

    To compare their digests would be to read them all.
    """
    sizes = {found.relative: found.size for found in find(folder)}
    for entry in entries:
        path = files.join(folder, entry.name)
        if entry.name not in sizes:
            raise InputError(f"{path} is missing, but {MANIFEST_NAME} lists it; copy all files")
        if sizes[entry.name] != entry.size:
            raise InputError(
                f"{path} has {sizes[entry.name]:,} bytes, but {MANIFEST_NAME} says "
                f"{entry.size:,}; copy it again"
            )


def read_vocabulary(folder: str, entry: VocabularyEntry) -> Vocabulary:
    """The vocabulary a run used, by its manifest's entry.

    Raises:
        InputError: if the file is another one now.
    """
    path = files.join(folder, entry.file)
    vocabulary = entry.vocabulary(files.read_regular(path), path)
    if vocabulary.digest != entry.sha256:
        raise InputError(f"{path} is not the vocabulary that its folder was made with")
    return vocabulary
