"""Where the examples that are shown come from, if the run noted the origins of its rows."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from bertprep.shards.manifest_types import ShardManifest
from bertprep.shards.origins import Origin
from pipelines.folders.origins import Places, first_origins, places_of
from pipelines.inspect.overview import Source


def sources_of(
    folder: str, manifest: ShardManifest, shown: Sequence[tuple[str, int]]
) -> list[Source]:
    """Where the examples of the first rows of shards come from; nothing if that was not noted.

    Args:
        folder: of the shards.
        manifest: its manifest.
        shown: (path, number of rows) of shards.

    Raises:
        InputError: if the files that tell it cannot be read.
    """
    if not manifest.origins:
        return []
    origins = [
        origin
        for path, rows in shown
        for origin in first_origins(folder, os.path.basename(path), rows)
    ]
    places = places_of(folder, manifest, origins)
    return list(map(Source._make, _described(origins, places)))


def _described(origins: Sequence[Origin], places: Places) -> Iterator[tuple[str, str]]:
    for origin in origins:
        a = _place(origin.a, places)
        yield a, _place(origin.b, places) if origin.b else ""


def _place(identity: str, places: Places) -> str:
    """A document in words: the first of its places, and how many copies are elsewhere."""
    found = places.get(identity, ())
    if not found:
        return f"document {identity}"
    copies = f", and {len(found) - 1:,} more" if len(found) > 1 else ""
    return f"{found[0].file}, {found[0].unit} {found[0].place:,}{copies}"
