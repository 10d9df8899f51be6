"""``bertprep locate``: which documents a row of a shard comes from."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from bertprep.errors import InputError, UsageError
from bertprep.shards.manifest_types import ShardManifest
from bertprep.shards.names import ORIGINS_FOLDER, ROWS_FOLDER
from bertprep.shards.origins import Origin, origins_name, read_origins
from pipelines.folders import files
from pipelines.folders.finished import read_manifest


def origins_of(folder: str, shard: str, row: int) -> list[Origin]:
    """The origins of the examples of a row, in their order there.

    Args:
        folder: what ``bertprep shard --origins`` wrote.
        shard: the name of a shard, with or without the folder of shards; or its number.
        row: its number in the shard, from 0.

    Raises:
        InputError: if there is no such shard or row, or nothing is known of it.
    """
    manifest = read_manifest(folder)
    if not isinstance(manifest, ShardManifest):
        raise InputError(f"{folder} holds no shards; expected the --output of `bertprep shard`")
    if not manifest.origins:
        raise InputError(
            f"{folder} does not tell where its rows come from; make the shards with --origins: the "
            "same command with it gives the same rows"
        )
    name = _shard(folder, [posixpath.basename(file.name) for file in manifest.shards], shard)
    path = files.join(folder, ORIGINS_FOLDER, origins_name(name))
    try:
        with files.open_regular(path) as stream:
            return read_origins(stream, path, row)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None
    except InputError as error:
        raise InputError(f"{files.join(folder, ROWS_FOLDER, name)}: {error}") from None


def _shard(folder: str, names: list[str], wanted: str) -> str:
    base = posixpath.basename(wanted)
    if base in names:
        return base
    if wanted.isdecimal() and int(wanted) < len(names):
        return names[int(wanted)]
    raise UsageError(
        f"{folder} has no shard {wanted}; expected a name such as {names[0]}, or a number from 0 "
        f"to {len(names) - 1}"
    )


def locate(folder: str, shard: str, row: int) -> Iterator[str]:
    """A line for each document of a row: its identity, the example, A or B, the pass.

    Args and errors are those of ``origins_of``.
    """
    for number, origin in enumerate(origins_of(folder, shard, row)):
        for side, identity in (("A", origin.a), ("B", origin.b)):
            if identity:
                yield f"{identity}\texample {number}\t{side}\tpass {origin.pass_number}"
