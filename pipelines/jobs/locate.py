"""``bertprep locate``: which documents a row of a shard comes from, and where these are."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Any

from bertprep.errors import InputError, UsageError
from bertprep.shards.manifest_types import ShardManifest
from bertprep.shards.names import ROWS_FOLDER
from bertprep.shards.origin_places import Place
from bertprep.shards.origins import NoRowError, Origin
from pipelines.folders import files
from pipelines.folders.finished_folder import read_manifest
from pipelines.folders.origins import Places, origins_of_row, places_of

# Of a document with many copies.
_SHOWN_PLACES = 10


def origins_of(folder: str, shard: str, row: int) -> tuple[list[Origin], Places]:
    """The origins of the examples of a row, in their order there, and where their documents are.

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
    try:
        origins = origins_of_row(folder, name, row)
    except NoRowError as error:
        raise InputError(f"{files.join(folder, ROWS_FOLDER, name)}: {error}") from None
    return origins, places_of(folder, manifest, origins)


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
    """A line for each document of a row: its identity, the example, A or B, the pass, its place.

    Of a document with copies each of the first is on a line of its own, and the last of these
    tells how many more there are.

    Args:
        folder: what ``bertprep shard --origins`` wrote.
        shard: the name of a shard, with or without the folder of shards; or its number.
        row: its number in the shard, from 0.

    Raises:
        InputError: if there is no such shard or row, or nothing is known of it.
    """
    origins, known = origins_of(folder, shard, row)
    for number, origin in enumerate(origins):
        for side, identity in (("A", origin.a), ("B", origin.b)):
            if identity:
                line = f"{identity}\texample {number}\t{side}\tpass {origin.pass_number}"
                yield from _with_places(line, known.get(identity, ()))


def _with_places(line: str, places: Sequence[Place]) -> Iterator[str]:
    if not places:
        yield line
    more = len(places) - _SHOWN_PLACES
    for number, place in enumerate(places[:_SHOWN_PLACES], 1):
        rest = f"\tand {more:,} more" if number == _SHOWN_PLACES and more > 0 else ""
        yield f"{line}\t{place}{rest}"


def located_as_json(folder: str, shard: str, row: int) -> dict[str, Any]:
    """The same as JSON has it, with every place.

    Args:
        folder: as for ``locate``.
        shard: as for ``locate``.
        row: its number in the shard, from 0.
    """
    origins, known = origins_of(folder, shard, row)
    places = {
        identity: [{"file": each.file, each.unit: each.place} for each in known[identity]]
        for identity in sorted(known)
    }
    return {"examples": [origin.as_json() for origin in origins], "places": places}
