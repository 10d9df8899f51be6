"""Folders of shards to be opened."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from bertprep.options import Layout, Masking, OutputFormat, ShardOptions
from bertprep.shards.folder import Shards
from bertprep.shards.sizes import Sizes
from tests.made_folders import write_folder

L, P = 24, 6


def options(
    output_format: OutputFormat = "parquet",
    layout: Layout | None = None,
    masking: Masking = "token",
    **more: Any,
) -> ShardOptions:
    sizes = {"max_seq_length": L, "max_predictions_per_seq": P}
    return ShardOptions(
        output_format=output_format, layout=layout, masking=masking, **{**sizes, **more}
    )


# Row groups and chunks of sixteen rows.
SMALL = Sizes(block_tokens=2 * L, parsed_records=5, scan_bytes=1000)
written = partial(write_folder, sizes=SMALL)
opened = partial(Shards, sizes=SMALL)


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def resized(folder: Path, path: Path) -> None:
    """Has the manifest say what size a shard is now."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["shards"]:
        if entry["file"] == f"rows/{path.name}":
            entry["bytes"] = path.stat().st_size
    (folder / "manifest.json").write_text(json.dumps(manifest))
