"""A shard that is damaged while an epoch is read is one line that names it, from workers too."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bertprep.errors import InputError
from tests.made_folders import options, write_folder

torch = pytest.importorskip("torch")

from bertprep.torch import DataLoader  # noqa: E402
from tests.loaders.torch.small import IterableDataset  # noqa: E402


# In one step each: a worker may look at the file at any moment.
def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 100)


def spoil(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(500)
        file.write(bytes(1000))


def replace(path: Path) -> None:
    pq.write_table(pq.read_table(path).slice(0, 40), path)


def own(folder: Path, workers: int) -> Any:
    return DataLoader(
        IterableDataset(folder, 8), num_workers=workers, prefetch_factor=workers or None
    )


def others(folder: Path, workers: int) -> Any:
    return torch.utils.data.DataLoader(
        IterableDataset(folder, 8), batch_size=None, num_workers=workers
    )


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (Path.unlink, "is missing; expected {size:,} bytes, as manifest.json says: copy"),
        (cut, "has {cut:,} bytes; expected {size:,} bytes, as manifest.json says: copy"),
        (spoil, "cannot be read ("),
        (replace, "expected {size:,} bytes, as manifest.json says: copy the folder again"),
    ],
    ids=["deleted", "cut", "spoiled", "replaced"],
)
@pytest.mark.parametrize(("loader", "workers"), [(own, 0), (own, 1), (others, 1)])
def test_damage_in_the_middle_of_an_epoch(
    tmp_path: Path, damage: Callable[[Path], Any], what: str, loader: Any, workers: int
) -> None:
    folder = write_folder(tmp_path, options(masking="none"), [600])
    (path,) = folder.glob("rows/*.parquet")
    size = path.stat().st_size
    batches = iter(loader(folder, workers))
    next(batches)
    damage(path)
    with pytest.raises(InputError) as caught:
        list(batches)
    line = str(caught.value)
    # A loader that is let go of ends its workers; in a cycle, as of an error, it waits for them.
    caught.value.__traceback__ = None
    del caught, batches
    assert line.startswith(f"{path} ")
    # A worker may have the file open already.
    is_open = workers > 0 and damage in (cut, replace) and "cannot be read (" in line
    assert is_open or what.format(size=size, cut=size - 100) in line
    assert len(line) < len(str(path)) + 300
    assert "Traceback" not in line
