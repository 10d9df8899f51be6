"""The origins of rows in a finished folder: their documents, and where these are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from bertprep.errors import InputError
from bertprep.shards.manifest_types import ShardManifest
from bertprep.shards.names import ORIGINS_FOLDER, PLACES_STEM
from bertprep.shards.origin_places import Place, read_places
from bertprep.shards.origins import Origin, origins_name, read_first_origins, read_origins
from pipelines.folders import files

_TABLE = files.join(ORIGINS_FOLDER, PLACES_STEM)

Found = TypeVar("Found")
Places = Mapping[str, Sequence[Place]]


def origins_of_row(folder: str, shard: str, row: int) -> list[Origin]:
    """The origins of the examples of a row, in their order there.

    Args:
        folder: what ``bertprep shard --origins`` wrote.
        shard: the name of a shard.
        row: its number in the shard, from 0.

    Raises:
        InputError: if there is no such row, or the file is not to be read.
    """
    path = files.join(folder, ORIGINS_FOLDER, origins_name(shard))
    return _read(path, lambda stream: read_origins(stream, path, row))


def first_origins(folder: str, shard: str, rows: int) -> list[Origin]:
    """The origins of the examples of a shard's first rows, in their order there.

    Args:
        folder: the --output of ``bertprep shard``.
        shard: the name of the shard's file.
        rows: how many.
    """
    path = files.join(folder, ORIGINS_FOLDER, origins_name(shard))
    return _read(path, lambda stream: read_first_origins(stream, path, rows))


def places_of(folder: str, manifest: ShardManifest, origins: Sequence[Origin]) -> Places:
    """Where the documents of examples are, by their identities; unknown ones are not in it.

    Args:
        folder: what ``bertprep shard --origins`` wrote.
        manifest: its manifest.
        origins: of the examples.

    Raises:
        InputError: if a table is not to be read.
    """
    wanted = {identity for origin in origins for identity in (origin.a, origin.b) if identity}
    found: dict[str, list[Place]] = {}
    for file in manifest.origins:
        if wanted and file.name.startswith(_TABLE):
            for identity, places in _table(files.join(folder, file.name), wanted).items():
                found.setdefault(identity, []).extend(places)
    return found


def _table(path: str, wanted: Collection[str]) -> Mapping[str, list[Place]]:
    return _read(path, lambda stream: read_places(stream, path, wanted))


def _read(path: str, read: Callable[[Any], Found]) -> Found:
    try:
        with files.open_regular(path) as stream:
            return read(stream)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None
