"""Finished shards of each kind, what damages them, and what is said of that."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bertprep.shards.tfrecord_framing import read_columns
from bertprep.shards.tfrecord_writing import encode_tfrecord
from tests.finished import manifest_of

Run = Callable[..., "subprocess.CompletedProcess[str]"]

KINDS = {
    "parquet": ("--dupe-factor", 2),
    "whole words": ("--masking", "whole-word", "--layout", "google"),
    "google": ("--output-format", "tfrecord", "--task", "sop"),
    "binned": ("--bin-size", 32),
    "modelgarden": ("--output-format", "tfrecord", "--layout", "modelgarden", "--task", "none"),
    "bert4keras": ("--layout", "bert4keras", "--task", "none"),
    "lddl": ("--layout", "lddl"),
    "lddl unmasked": ("--layout", "lddl", "--masking", "none"),
}


def write_manifest(folder: Path, **changes: object) -> None:
    text = json.dumps(manifest_of(folder) | changes)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def first_shard(folder: Path) -> Path:
    return folder / manifest_of(folder)["shards"][0]["file"]


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def rewrite(path: Path, column: str, rows: slice, place: int, value: int) -> None:
    """The same shard with one value changed in some rows, else intact."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        values = table.column(column).to_pylist()
        for row in values[rows]:
            row[place] = value
        index, field = table.column_names.index(column), table.field(column)
        table = table.set_column(index, field, pa.array(values, field.type))
        pq.write_table(table, path)
    else:
        with path.open("rb") as stream:
            columns = read_columns(stream, str(path))
        columns[column][rows, place] = value
        path.write_bytes(encode_tfrecord(columns))


def problems(run: Run, folder: Path, found: str) -> list[str]:
    """The problems that are shown of a folder that is not as it was written."""
    done = run("verify", folder)
    error = f"bertprep: error: {folder} is not as it was written: {found}\n"
    assert (done.returncode, done.stderr) == (1, error)
    return done.stdout.splitlines()
