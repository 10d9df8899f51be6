"""Shards that know their documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bertprep.layouts.pack import places_of, unpack
from bertprep.report.decode import read_rows

Run = Callable[..., Any]
USUAL = ("--max-seq-length", 64, "--dupe-factor", 2, "--workers", 1, "--masking", "none")


def done(cli: Run, *args: object) -> str:
    found = cli(*args)
    assert found.returncode == 0, found.stderr
    return str(found.stdout)


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return found


def examples_of(path: Path, cls: int, sep: int) -> Iterator[tuple[int, list[list[int]]]]:
    """The row of each example, and the tokens of its parts."""
    with path.open("rb") as stream:
        columns = read_rows(stream, str(path), 10**6)
    numbers = range(len(columns["input_ids"]))
    if "sequence_ids" in columns:
        places = places_of(columns["sequence_ids"])
        numbers, columns = places.rows.tolist(), unpack(columns, places, pad_id=0)
    for n, row in enumerate(numbers):
        ids = columns["input_ids"][n][: columns["attention_mask"][n].sum()].tolist()
        assert (ids[0], ids[-1]) == (cls, sep)
        cut = ids.index(sep)
        yield row, [ids[1:cut], ids[cut + 1 : -1]]
